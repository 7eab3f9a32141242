"""A proxy for HTTPS that leads every host to one place, and remembers who asked for which."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

from tests.servers.loopback import listening


@contextmanager
def connect_proxy(port: int, asked: list[tuple[str, str]], status: int = 200) -> Iterator[str]:
    """Its address. `asked` gets the host and the Proxy-Authorization of each tunnel."""

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            asked.append((self.path, self.headers.get("proxy-authorization", "")))
            self.send_response(status)
            self.end_headers()
            self.wfile.flush()
            if status == 200:
                with socket.create_connection(("127.0.0.1", port)) as behind:
                    _pump(self.connection, behind)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    with listening(Handler) as url:
        yield url


def _pump(one: socket.socket, other: socket.socket) -> None:
    both = {one: other, other: one}
    while True:
        for source in select.select(list(both), [], [])[0]:
            data = source.recv(65536)
            if not data:
                return
            both[source].sendall(data)
