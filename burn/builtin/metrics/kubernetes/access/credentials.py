"""Who signs in: what a kubeconfig's user is, in the order that kubectl looks at it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import quote

from burn.api import conceal
from burn.builtin.metrics.common.http import sendable
from burn.builtin.metrics.kubernetes.access.endpoint import Endpoint
from burn.builtin.metrics.kubernetes.access.entry import Entry, read
from burn.builtin.metrics.kubernetes.access.tls import Certificate


class Signature(NamedTuple):
    """What signs one request: the header's value, and what is shown in the handshake."""

    authorization: str = ""
    certificate: Certificate | None = None


class Credential(Protocol):
    """Somebody who signs in."""

    def signature(self) -> Signature:
        """What is in force now; asked before each request."""

    def renew(self) -> bool:
        """After a refusal: whether there is something else to try now."""


class Fixed:
    """See `Credential`. A token, user and password, a certificate, or nobody: it stays as it is."""

    def __init__(self, signature: Signature) -> None:
        self._signature = signature

    def signature(self) -> Signature:
        """See `Credential`."""
        return self._signature

    def renew(self) -> bool:
        """See `Credential`."""
        return False


class TokenFile:
    """See `Credential`. A token in a file that somebody else keeps fresh, as the kubelet does for pods."""

    def __init__(self, path: Path, what: str, certificate: Certificate | None = None) -> None:
        self._path = path
        self._what = what
        self._certificate = certificate
        self._sent = ""

    def signature(self) -> Signature:
        """See `Credential`: read anew for each request."""
        self._sent = self._read()
        return Signature(self._sent, self._certificate)

    def renew(self) -> bool:
        """See `Credential`: whether the file was written meanwhile."""
        return self._read() != self._sent

    def _read(self) -> str:
        token = read(self._path, self._what).decode("utf-8", "replace")
        return bearer(token, f"{self._what} {self._path}")


def of_user(user: Entry, endpoint: Endpoint, timeout: float) -> Credential:
    """The user of a context.

    Args:
        timeout: seconds for an exec plugin that asks nobody, and for an identity provider.

    Raises:
        UsageError: it cannot be made out, contradicts itself, or is of a kind that is gone.
    """
    certificate = _certificate(user)
    token, file = user.text("token"), user.path("tokenFile")
    name, password = user.text("username"), user.text("password")
    if token and (name or password):
        raise user.wrong("token", "stands beside a username and password", "take one of them out")
    if file:
        return TokenFile(file, f"tokenFile of {user.what}", certificate)
    if token:
        return Fixed(Signature(bearer(token, f"token of {user.what}"), certificate))
    if name or password:
        return Fixed(Signature(_basic(name, password), certificate))
    if certificate:
        return Fixed(Signature(certificate=certificate))
    plugin, provider = user.table("exec"), user.table("auth-provider")
    if plugin and provider:
        raise user.wrong("exec", "stands beside an auth-provider", "take one of them out")
    if plugin:
        from burn.builtin.metrics.kubernetes.access.exec_plugin import ExecPlugin

        return ExecPlugin(plugin, endpoint, timeout)
    if provider:
        from burn.builtin.metrics.kubernetes.access.oidc import of_provider

        return of_provider(provider, user, timeout)
    return Fixed(Signature())


def impersonation(user: Entry) -> list[tuple[str, str]]:
    """Headers that ask to be taken for somebody else.

    Raises:
        UsageError: groups or more are asked for without a user.
    """
    name, uid = user.text("as"), user.text("as-uid")
    groups, extra = user.texts("as-groups"), user.table("as-user-extra")
    if not name:
        if uid or groups or extra:
            raise user.wrong("as", "is missing beside as-groups", "name the user, too")
        return []
    asked = [("Impersonate-User", name), *((("Impersonate-Uid", uid),) if uid else ())]
    asked += [("Impersonate-Group", group) for group in groups]
    asked += list(_extra(extra)) if extra else []
    return [(key, sendable(value, f"{key} of {user.what}")) for key, value in asked]


def bearer(token: str, what: str) -> str:
    """A token as the header has it; from now on it is shown nowhere."""
    conceal(token.strip())
    return f"Bearer {sendable(token, what)}"


def _extra(extra: Entry) -> Iterator[tuple[str, str]]:
    for key in extra.values:
        # Percent-encoded where a header's name may not hold it.
        name = quote(str(key), safe="!#$&'*+^`|")
        for value in extra.texts(key):
            yield f"Impersonate-Extra-{name}", value


def _basic(name: str, password: str) -> str:
    pair = f"{name}:{password}"
    conceal([password, pair])
    return f"Basic {b64encode(pair.encode()).decode()}"


def _certificate(user: Entry) -> Certificate | None:
    chain = user.data("client-certificate")
    if not chain:
        return None
    key = user.data("client-key")
    conceal(key)
    if not key:
        raise user.wrong("client-key", "is missing beside client-certificate", "add it, or -data")
    return Certificate(f"client-certificate of {user.what}", chain, key)
