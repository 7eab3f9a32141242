"""AWS for tests, over HTTP: moto's server, and a small server that answers what it is told.

with moto() as url: ...                       # S3, Athena, EC2, STS
with answering(respond) as (url, calls): ...  # errors and the price list, which moto lacks
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from tests.servers.loopback import listening

REGION = "us-east-1"


@dataclass(frozen=True)
class Call:
    """One request: the operation (header X-Amz-Target or Action), and the body."""

    operation: str
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    headers: tuple[tuple[str, str], ...] = ()


@contextmanager
def moto() -> Iterator[str]:
    """A fresh moto server on a free port; yields its URL."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@contextmanager
def answering(respond: Callable[[Call], Answer]) -> Iterator[tuple[str, list[Call]]]:
    """A server that answers every POST and GET with `respond`; yields URL and the calls so far."""
    calls: list[Call] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            target = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
            call = Call(target or self.path, body)
            calls.append(call)
            answer = respond(call)
            payload = answer.body.encode()
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    with listening(Handler) as url:
        yield url, calls


def json_error(code: str, message: str, status: int = 400) -> Answer:
    """An error of a JSON service, as its documentation has it."""
    body = json.dumps({"__type": f"com.amazonaws#{code}", "message": message})
    return Answer(status, body, (("Content-Type", "application/x-amz-json-1.1"),))


def query_error(code: str, message: str, status: int = 403) -> Answer:
    """An error of a query service (STS, EC2's is alike)."""
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
    body = f"<ErrorResponse>{error}<RequestId>r</RequestId></ErrorResponse>"
    return Answer(status, body, (("Content-Type", "text/xml"),))


def s3_error(code: str, message: str, status: int) -> Answer:
    """An error of S3."""
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return Answer(status, body, (("Content-Type", "application/xml"),))


@pytest.fixture(autouse=True)
def aws_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made-up credentials, and nothing of the machine's own configuration."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": "/nonexistent/config",
        "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent/credentials",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def aws_url() -> Iterator[str]:
    """One moto server a test module."""
    with moto() as url:
        yield url
