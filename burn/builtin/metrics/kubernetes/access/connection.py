"""A connection to the API: signed in for each request, and again once if that is refused."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from burn.api import AccessError
from burn.builtin.deadline import Deadline
from burn.builtin.metrics.common.http import tls_failure
from burn.builtin.metrics.common.proxy import proxy_for
from burn.builtin.metrics.kubernetes.access.credentials import (
    Credential,
    TokenFile,
    impersonation,
    of_user,
)
from burn.builtin.metrics.kubernetes.access.endpoint import ACCOUNT, of_context, of_pod
from burn.builtin.metrics.kubernetes.access.entry import unusable
from burn.builtin.metrics.kubernetes.access.kubeconfig import load
from burn.builtin.metrics.kubernetes.access.tls import Certificate, context_of

if TYPE_CHECKING:
    import httpx

    from burn.builtin.metrics.kubernetes.settings import KubernetesSettings

_UNAUTHORIZED = 401


class Connection:
    """GET requests to one API server.

    Raises:
        UsageError: the kubeconfig or service account cannot be used.
    """

    def __init__(self, settings: KubernetesSettings) -> None:
        self._timeout = settings.timeout
        self._as: list[tuple[str, str]] = []
        self._credential: Credential
        if settings.in_cluster:
            self.endpoint = of_pod()
            self._credential = TokenFile(ACCOUNT / "token", "token of the pod's service account")
        else:
            chosen = load(settings.kubeconfig).chosen(settings.context)
            self.endpoint = of_context(chosen)
            self._credential = of_user(chosen.user, self.endpoint, settings.timeout)
            self._as = impersonation(chosen.user)
        self.deadline = Deadline(settings.timeout)
        self._shown: Certificate | None = None
        self._http: httpx.Client | None = None

    def close(self) -> None:
        """Close what is open; asking again opens it again."""
        if self._http is not None:
            self._http.close()
            self._http = None

    @contextmanager
    def get(self, path: str, query: Mapping[str, str]) -> Iterator[httpx.Response]:
        """An answer whose body has not been read, with a status of any kind.

        Raises:
            httpx.RequestError: there is no connection, or it broke; see `failure`.
            AccessError: nobody could be signed in.
        """
        with self._asked(path, query) as answer:
            if answer.status_code != _UNAUTHORIZED or not self._renewed():
                yield answer
                return
        with self._asked(path, query) as answer:
            yield answer

    def failure(self, error: Exception) -> AccessError:
        """An error of the connection, in words."""
        server, named = self.endpoint.server, self.endpoint.named
        if (failed := tls_failure(error)) is not None:
            cause = getattr(failed, "verify_message", "") or failed.reason or str(failed)
            return AccessError(
                f"no TLS with the Kubernetes API at {server}: {cause}",
                hint=f"check certificate-authority-data of {named}, and that its server is the name"
                " in the certificate, or tls-server-name is",
            )
        proxy = _place(self._proxy)
        return AccessError(
            f"the Kubernetes API at {server} cannot be reached"
            f"{f' through the proxy {proxy}' if proxy else ''}: {_cause(error)}",
            hint=f"check the server of {named}, and your network"
            f"{': proxy-url, HTTPS_PROXY and NO_PROXY, too' if proxy else ''}",
        )

    def _renewed(self) -> bool:
        return self.endpoint.private and self._credential.renew()

    @property
    def _proxy(self) -> str:
        return self.endpoint.proxy or proxy_for(self.endpoint.server)

    @contextmanager
    def _asked(self, path: str, query: Mapping[str, str]) -> Iterator[httpx.Response]:
        headers = [("accept", "application/json"), *self._as]
        certificate = None
        if self.endpoint.private:
            authorization, certificate = self._credential.signature()
            headers += [("authorization", authorization)] if authorization else []
        with (
            self.deadline.running(),
            self._client(certificate).stream(
                "GET",
                f"{self.endpoint.server}{path}",
                params=dict(query),
                headers=headers,
                extensions={"trace": self.deadline.trace},
            ) as answer,
        ):
            yield answer

    def _client(self, certificate: Certificate | None) -> httpx.Client:
        """The client in use, or a new one where another certificate is to be shown."""
        import httpx

        if self._http is not None and certificate == self._shown:
            return self._http
        self.close()
        tls: ssl.SSLContext = context_of(self.endpoint, certificate)
        try:
            self._http = httpx.Client(
                verify=tls,
                proxy=self._proxy or None,
                trust_env=False,
                headers={"accept-encoding": "gzip" if self.endpoint.compress else "identity"},
                timeout=httpx.Timeout(self._timeout, connect=min(self._timeout, 10.0)),
            )
        except (ImportError, ValueError, httpx.InvalidURL):
            place = _place(self._proxy)
            raise unusable(
                f"the proxy {place} cannot be used",
                "write it as http://HOST:PORT; a socks5:// one needs `pip install 'httpx[socks]'`",
            ) from None
        self._shown = certificate
        return self._http


def _place(url: str) -> str:
    """A proxy without who signs in to it."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if rest else ""


def _cause(error: BaseException) -> str:
    """What the system said, else what the HTTP client did."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror.lower()
        cause = cause.__cause__ or cause.__context__
    return str(error) or type(error).__name__
