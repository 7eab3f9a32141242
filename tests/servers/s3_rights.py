"""S3 for somebody with few rights: a door before moto that knows S3's actions by their requests.

Which action a request needs is S3's own documentation, not what burn or pyarrow says of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.servers.loopback import listening


def action(method: str, path: str) -> str:
    """The IAM action that a request needs."""
    split = urlsplit(path)
    _, _, key = split.path.strip("/").partition("/")
    query = parse_qs(split.query, keep_blank_values=True)
    if not key:
        if method == "POST" and "delete" in query:
            return "s3:DeleteObject"
        return "s3:ListBucket" if method in ("GET", "HEAD") else "s3:CreateBucket"
    if method == "DELETE":
        return "s3:AbortMultipartUpload" if "uploadId" in query else "s3:DeleteObject"
    return "s3:GetObject" if method in ("GET", "HEAD") else "s3:PutObject"


@contextmanager
def door(moto: str, allowed: Collection[str]) -> Iterator[tuple[str, set[str]]]:
    """Pass on what is allowed; yields the URL, and the actions that were asked for so far."""
    asked: set[str] = set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do(self) -> None:
            body = self.body()
            needs = action(self.command, self.path)
            asked.add(needs)
            if needs not in allowed:
                text = f"<Error><Code>AccessDenied</Code><Message>no {needs}</Message></Error>"
                return self.send(403, text.encode(), {"Content-Type": "application/xml"})
            leave = ("content-length", "transfer-encoding", "expect")
            headers = {k: v for k, v in self.headers.items() if k.lower() not in leave}
            url = f"{moto}{self.path}"
            answer = httpx.request(self.command, url, content=body, headers=headers)
            return self.send(answer.status_code, answer.content, dict(answer.headers))

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do  # noqa: N815

        def body(self) -> bytes:
            if "chunked" not in self.headers.get("Transfer-Encoding", ""):
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            content = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                content += self.rfile.read(size)
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass  # trailers
            return content

        def send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in ("connection", "server", "date", "transfer-encoding"):
                    if name.lower() == "content-length" and self.command != "HEAD":
                        continue
                    self.send_header(name, value)
            if self.command != "HEAD":
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    with listening(Handler) as url:
        yield url, asked
