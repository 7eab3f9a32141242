"""Where an API server is, and how it proves that it is the one."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from burn.builtin.metrics.kubernetes.access.entry import Entry, read, unusable
from burn.text.secrets import conceal_in_urls

if TYPE_CHECKING:
    from burn.builtin.metrics.kubernetes.access.kubeconfig import Chosen

ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
"""Where a pod finds its service account's token and the authority of the API server."""

_AUTHORITY = "certificate-authority"
_PROXIES = ("http", "https", "socks5", "socks5h")
_EXEC = "client.authentication.k8s.io/exec"


@dataclass(frozen=True)
class Endpoint:
    """An API server.

    Attributes:
        server: its URL, without a slash at the end.
        named: the place of its configuration, for hints.
        authority: PEM of who signs its certificate; empty: whom the system trusts.
        insecure: its certificate is not looked at.
        server_name: the name in its certificate, if that is not the URL's.
        proxy: the URL of what leads there; empty: what the environment says.
        compress: answers may be compressed.
        for_plugins: what an exec plugin is told of the cluster beside these.
    """

    server: str
    named: str
    authority: bytes = b""
    insecure: bool = False
    server_name: str = ""
    proxy: str = field(default="", repr=False)
    compress: bool = True
    for_plugins: Any = None

    @property
    def private(self) -> bool:
        """Whether credentials may be sent: never in the clear, but to this machine itself."""
        parts = urlsplit(self.server)
        local = parts.hostname in ("localhost", "127.0.0.1", "::1") and not self.proxy
        return parts.scheme == "https" or local


def of_context(chosen: Chosen) -> Endpoint:
    """The cluster of a context.

    Raises:
        UsageError: it cannot be made out, or contradicts itself.
    """
    cluster = chosen.cluster
    server = _url(cluster.text("server"), f"server of {cluster.what} in {cluster.file}")
    insecure, authority = cluster.flag("insecure-skip-tls-verify"), cluster.data(_AUTHORITY)
    if insecure and authority:
        raise cluster.wrong(
            _AUTHORITY, "stands beside insecure-skip-tls-verify", "take one of the two out"
        )
    proxy = cluster.text("proxy-url")
    if proxy and urlsplit(proxy).scheme not in _PROXIES:
        raise cluster.wrong(
            "proxy-url", "is no proxy's URL", "begin it with http://, https://, or socks5://"
        )
    conceal_in_urls(proxy)
    return Endpoint(
        server=server,
        named=chosen.named,
        authority=authority,
        insecure=insecure,
        server_name=cluster.text("tls-server-name"),
        proxy=proxy,
        compress=not cluster.flag("disable-compression"),
        for_plugins=_for_plugins(cluster),
    )


def of_pod() -> Endpoint:
    """The cluster that burn itself runs in.

    Raises:
        UsageError: it runs in none, or without a service account.
    """
    host = os.environ.get("KUBERNETES_SERVICE_HOST", "")
    port = os.environ.get("KUBERNETES_SERVICE_PORT", "")
    if not host or not port:
        raise unusable(
            "source.kubernetes.in_cluster, but KUBERNETES_SERVICE_HOST and _PORT are not set",
            "run burn in a pod, or take in_cluster out",
        )
    server = f"https://{f'[{host}]' if ':' in host else host}:{port}"
    authority = read(ACCOUNT / "ca.crt", "authority of the pod's service account")
    return Endpoint(server, "the pod's service account", authority)


def _for_plugins(cluster: Entry) -> Any:
    extensions = cluster.values.get("extensions") or []
    if not isinstance(extensions, list) or not all(isinstance(one, dict) for one in extensions):
        raise cluster.wrong("extensions", "is no list of tables", "see `kubectl config view`")
    return next((one.get("extension") for one in extensions if one.get("name") == _EXEC), None)


def _url(server: str, what: str) -> str:
    conceal_in_urls(server)
    try:
        parts = urlsplit(server)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole:
        raise unusable(f"{what} is no URL", "write it as https://HOST:PORT")
    if parts.username or parts.password:
        raise unusable(f"{what} has a user in it", "move user and password to the user's entry")
    return parts._replace(query="", fragment="").geturl().rstrip("/")
