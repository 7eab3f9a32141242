"""TLS with an API server: whom it trusts, by which name, and with which certificate of ours."""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from burn.api.temporary import temporary
from burn.builtin.metrics.kubernetes.access.endpoint import Endpoint
from burn.builtin.metrics.kubernetes.access.entry import unusable


@dataclass(frozen=True)
class Certificate:
    """A client certificate and its key, PEM; `what` names them in errors."""

    what: str
    chain: bytes
    key: bytes = field(repr=False)


class _Named(ssl.SSLContext):
    """Asks for one name and checks for it, whatever the address, through a proxy as well."""

    server_name = ""

    def wrap_socket(self, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        kwargs["server_hostname"] = self.server_name or kwargs.get("server_hostname")
        return super().wrap_socket(*args, **kwargs)

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        kwargs["server_hostname"] = self.server_name or kwargs.get("server_hostname")
        return super().wrap_bio(*args, **kwargs)


def context_of(endpoint: Endpoint, certificate: Certificate | None) -> ssl.SSLContext:
    """What a connection to the API server is made with.

    Raises:
        UsageError: the authority or the certificate cannot be used.
    """
    context = _Named(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.server_name = endpoint.server_name
    if endpoint.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif endpoint.authority:
        try:
            context.load_verify_locations(cadata=endpoint.authority.decode("ascii"))
        except (ssl.SSLError, ValueError):
            raise unusable(
                f"certificate-authority of {endpoint.named} is no certificate in PEM",
                "copy it again from the cluster's provider",
            ) from None
    elif endpoint.server.startswith("https:"):
        context.load_default_certs()
    if certificate is not None:
        _load(context, certificate)
    return context


def _load(context: ssl.SSLContext, certificate: Certificate) -> None:
    try:
        # An empty password: OpenSSL would ask the terminal for that of an encrypted key.
        with _file(certificate.chain) as chain, _file(certificate.key) as key:
            context.load_cert_chain(chain, key, password=lambda: b"")
    except (ssl.SSLError, ValueError):
        raise unusable(
            f"{certificate.what} and its key are no pair in PEM, or the key has a password",
            "sign in again, or copy both again",
        ) from None


@contextmanager
def _file(content: bytes) -> Iterator[str]:
    """A file only we may read, for as long as OpenSSL reads it: it takes no bytes."""
    handle, path = tempfile.mkstemp(dir=temporary())
    try:
        with os.fdopen(handle, "wb") as sink:
            sink.write(content)
        yield path
    finally:
        os.unlink(path)
