"""Slack calls burn: requests are Slack's by their signature, and no older than five minutes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from burn.api import AccessError

if TYPE_CHECKING:
    from slack_bolt import App

LARGEST = 1 << 20
PATH = "/slack/events"


def serve(app: App, host: str, port: int, say: Callable[[str], None]) -> None:
    """Listen until it is stopped; Bolt checks signatures and times.

    Raises:
        AccessError: the port is taken.
    """
    try:
        server = ThreadingHTTPServer((host, port), _handler(app))
    except OSError as error:
        raise AccessError(
            f"cannot listen on {host}:{port}: {error.strerror or error}",
            hint="choose another service.slack.port or service.slack.host",
        ) from error
    server.daemon_threads = True
    with server:
        say(f"listening on http://{host}:{server.server_port}{PATH}")
        server.serve_forever(0.2)


def _handler(app: App) -> type[BaseHTTPRequestHandler]:
    from slack_bolt import BoltRequest

    class Handler(BaseHTTPRequestHandler):
        timeout = 10.0

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing: addresses and bodies are nobody's log's."""

        def do_GET(self) -> None:
            """Whether it is up."""
            ok = self.path == "/health"
            self._answer(200 if ok else 404, b"ok" if ok else b"")

        def do_POST(self) -> None:
            """A request of Slack's."""
            length = self.headers.get("Content-Length") or ""
            if self.path.partition("?")[0] != PATH or not length.isdecimal():
                self._answer(404, b"")
                return
            if int(length) > LARGEST:
                self._answer(413, b"")
                return
            body = self.rfile.read(int(length)).decode("utf-8", "replace")
            headers: dict[str, str | Sequence[str]] = {
                name: [value] for name, value in self.headers.items()
            }
            done = app.dispatch(BoltRequest(body=body, headers=headers))
            self._answer(done.status, str(done.body or "").encode(), done.first_headers())

        def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in (headers or {}).items():
                if name.lower() != "content-length":
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
