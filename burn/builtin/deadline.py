"""A total deadline for a request: httpx's own timeouts begin anew with every byte that comes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any


class Deadline:
    """Shuts a request's connection when its time is up; what reads from it then fails.

    Args:
        seconds: from sending the request to the last byte of its answer.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.passed = False
        self._connection: Any = None

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember the connection that is in use; for the `trace` extension of a request."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._connection = info["return_value"]

    @contextmanager
    def running(self) -> Iterator[None]:
        """The time of one request."""
        self.passed = False
        timer = threading.Timer(self.seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        self.passed = True
        if self._connection is not None:
            # Not SSLSocket.shutdown: it takes the TLS state from under the reading thread.
            with suppress(OSError):
                socket.socket.shutdown(self._connection.get_extra_info("socket"), socket.SHUT_RDWR)
