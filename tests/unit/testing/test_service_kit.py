"""The kit of services on a sound one, and on broken ones that it must tell."""

from __future__ import annotations

import json
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from _pytest.outcomes import Failed

from burn.api import ServeRequest, Service
from burn.testing import ServiceConformance, tiny_report
from burn.testing.service import DAY

CHECKS = [name for name in vars(ServiceConformance) if name.startswith("test_")]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Page:
    """Billed and the run's id, as JSON over HTTP."""

    def __init__(self, port: int, fault: str = "") -> None:
        self.port, self.fault = port, fault

    def serve(self, request: ServeRequest) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                report = request.report("")
                kept = request.desk(None).ask("reports")
                body = json.dumps({"billed": report.totals.billed, "kept": kept}).encode()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        if self.fault != "says nothing":
            request.say(
                "two\nlines" if self.fault == "two lines" else f"http://127.0.0.1:{self.port}"
            )
        try:
            while True:
                try:
                    server.serve_forever(poll_interval=0.05)
                except KeyboardInterrupt:
                    if self.fault != "hears nothing":
                        return
        finally:
            KEPT.append(server)
            if self.fault != "keeps its port":
                KEPT.pop().server_close()


KEPT: list[Any] = []


class Kit(ServiceConformance):
    plugin = "page"
    seconds = 1.5
    fault = ""
    port = 0

    def make(self) -> Service:
        return Page(self.port, self.fault)

    def use(self, said: str) -> None:
        if self.fault == "two lines":
            return
        with urlopen(said, timeout=5) as answer:
            found = json.load(answer)
        right = tiny_report(DAY).totals.billed
        assert found["billed"] == right + (self.fault == "is wrong")
        assert len(found["kept"]["rows"]) == 1


Kit.__test__ = False  # type: ignore[attr-defined]


def check(name: str, folder: Path, fault: str = "") -> None:
    kit = Kit()
    kit.fault, kit.port = fault, free_port()
    getattr(kit, name)(folder)


@pytest.mark.parametrize("name", CHECKS)
def test_a_sound_service_passes(name: str, tmp_path: Path) -> None:
    check(name, tmp_path)


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("says nothing", "test_it_answers_until_it_is_stopped"),
        ("is wrong", "test_it_answers_until_it_is_stopped"),
        ("hears nothing", "test_it_answers_until_it_is_stopped"),
        ("keeps its port", "test_it_can_be_started_again_at_once"),
        ("two lines", "test_what_it_says_is_one_line_for_people"),
    ],
)
def test_a_broken_service_is_told(fault: str, name: str, tmp_path: Path) -> None:
    try:
        with pytest.raises((AssertionError, Failed, OSError)):
            check(name, tmp_path, fault)
    finally:
        while KEPT:
            KEPT.pop().server_close()
