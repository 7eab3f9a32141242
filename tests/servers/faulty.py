"""A loopback HTTP server that stands in front of another and can go wrong on purpose."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest

from tests.servers.loopback import listening


@dataclass
class Reply:
    """What to answer instead; `cut` sends only that many bytes of the promised body."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    drop: bool = False
    """Close the connection without a word."""


@dataclass
class Asked:
    """One request as it came in."""

    number: int
    path: str
    form: dict[str, str]
    headers: dict[str, str]


Fault = Callable[[Asked], Reply | None]


@dataclass
class Front:
    """`fault` decides per request; None passes it on to `behind`."""

    url: str
    behind: str
    fault: Fault
    asked: list[Asked] = field(default_factory=list)


def always(reply: Reply) -> Fault:
    return lambda _: reply


def never(_: Asked) -> None:
    return None


@contextmanager
def front(behind: str = "", fault: Fault = never) -> Iterator[Front]:
    """Serve on a free port; `asked` records what came."""
    state = Front("", behind, fault)
    client = httpx.Client(verify=False, timeout=60)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one packet an answer, not one a header

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            form = {key: values[0] for key, values in parse_qs(body.decode()).items()}
            path = self.path.split("?")[0]
            asked = Asked(len(state.asked), path, form, dict(self.headers.items()))
            state.asked.append(asked)
            reply = state.fault(asked) or _forward(client, state.behind + path, form)
            if reply.drop:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for key, value in reply.headers.items():
                self.send_header(key, value)
            self.send_header("content-length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body[: reply.cut])
            self.wfile.flush()
            self.close_connection = reply.cut is not None

        def log_message(self, *_: object) -> None:
            pass

    with client, listening(Handler) as state.url:
        yield state


def _forward(client: httpx.Client, url: str, form: dict[str, str]) -> Reply:
    answer = client.post(url, data=form)
    return Reply(answer.status_code, answer.content, {"content-type": "application/json"})


Connection = Callable[[socket.socket], None]


@contextmanager
def raw_server(talk: Connection, wrap: ssl.SSLContext | None = None) -> Iterator[int]:
    """Answer with bytes as they are, one thread a connection; yields the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        try:
            with wrap.wrap_socket(connection, server_side=True) if wrap else connection as talking:
                talking.recv(65536)
                talk(talking)
        except OSError:
            pass

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def self_signed(folder: Path) -> Path:
    """A certificate of 127.0.0.1, signed by its own key, and the key."""
    pytest.importorskip("cryptography")
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(*form, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
