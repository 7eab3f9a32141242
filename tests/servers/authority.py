"""A certificate authority for tests: signs certificates of servers and of clients."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("cryptography")

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PEM = serialization.Encoding.PEM
_SIGNS = x509.KeyUsage(
    key_cert_sign=True, crl_sign=True, digital_signature=False, content_commitment=False,
    key_encipherment=False, data_encipherment=False, key_agreement=False,
    encipher_only=False, decipher_only=False,
)  # fmt: skip


class Authority:
    """`pem` is its own certificate."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named("authority")
        self.pem = self._signed("authority", self._key.public_key(), authority=True)

    def pair(self, name: str, *also: str) -> tuple[bytes, bytes]:
        """A certificate with a common name, for names or addresses, and its key; PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        form = (PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return self._signed(name, key.public_key(), also), key.private_bytes(*form)

    def server(self, folder: Path, *names: str) -> ssl.SSLContext:
        """What a server needs that asks for a client's certificate, and takes none as well."""
        chain, key = self.pair("server", *names)
        (folder / "server.pem").write_bytes(key + chain)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem")
        context.load_verify_locations(cadata=self.pem.decode())
        context.verify_mode = ssl.CERT_OPTIONAL
        return context

    def _signed(
        self,
        name: str,
        key: ec.EllipticCurvePublicKey,
        also: tuple[str, ...] = (),
        *,
        authority: bool = False,
    ) -> bytes:
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder(self._name, _named(name), key, x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        # What Python 3.13 and later ask for: RFC 5280 to the letter.
        mine = self._key.public_key()
        made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        by = x509.AuthorityKeyIdentifier.from_issuer_public_key(mine)
        made = made.add_extension(by, critical=False)
        if authority:
            made = made.add_extension(_SIGNS, critical=True)
        if also:
            names = x509.SubjectAlternativeName([_general(one) for one in also])
            made = made.add_extension(names, critical=False)
        return made.sign(self._key, hashes.SHA256()).public_bytes(PEM)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
