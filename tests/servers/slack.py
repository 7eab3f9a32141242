"""A Slack on loopback: the web API, webhooks and uploads, refusing what Slack refuses.

Its limits are written here from Slack's reference, not imported from the code under test.
"""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "xoxb-1234567890-abcdefghij"
APP_TOKEN = "xapp-1-A123-456-abcdef"
HOOK = "/services/T000/B000/s3cr3tw3bh00k"
SCOPES = "commands,chat:write,files:write,im:write"
PING = re.compile(r"<[!@#]|<https?:")


def texts(thing: Any) -> list[dict[str, Any]]:
    """Every object of blocks that has a `text` which is a string."""
    found = []
    if isinstance(thing, dict):
        if isinstance(thing.get("text"), str):
            found.append(thing)
        for value in thing.values():
            found += texts(value)
    elif isinstance(thing, list):
        for value in thing:
            found += texts(value)
    return found


def refuses(payload: dict[str, Any], *, tables: bool = True) -> str:
    """Slack's word for what is wrong with a message; empty: nothing is."""
    blocks = payload.get("blocks") or []
    if not payload.get("text") and not blocks:
        return "no_text"
    if len(payload.get("text") or "") > 40_000 or len(blocks) > 50:
        return "invalid_blocks"
    if sum(len(one["text"]) for one in texts(blocks)) > 13_200:
        return "msg_blocks_too_long"
    if sum(block["type"] == "table" for block in blocks) > 1:
        return "only_one_table_allowed"
    for block in blocks:
        if block["type"] == "table" and not tables:
            return "invalid_blocks"
        if not _takes(block):
            return "invalid_blocks"
    return ""


def _takes(block: dict[str, Any]) -> bool:
    kind = block["type"]
    if kind == "header":
        return block["text"]["type"] == "plain_text" and 0 < len(block["text"]["text"]) <= 150
    if kind == "section":
        return 0 < len(block["text"]["text"]) <= 3000
    if kind == "context":
        return 0 < len(block["elements"]) <= 10 and all(
            0 < len(one["text"]) <= 2000 for one in block["elements"]
        )
    if kind == "actions":
        ids = [one["action_id"] for one in block["elements"]]
        return (
            0 < len(ids) <= 25
            and len(set(ids)) == len(ids)
            and all(0 < len(one["text"]["text"]) <= 75 for one in block["elements"])
            and all(len(one["value"]) <= 2000 for one in block["elements"])
            and all(len(one) <= 255 for one in ids)
        )
    if kind == "table":
        rows = block["rows"]
        cells = [cell for row in rows for cell in row]
        return (
            0 < len(rows) <= 100
            and all(0 < len(row) <= 20 for row in rows)
            and len({len(row) for row in rows}) == 1
            and all(cell["type"] == "raw_text" and cell["text"] for cell in cells)
            and sum(len(cell["text"]) for cell in cells) <= 10_000
            and len(block.get("column_settings", [])) <= 20
        )
    return False


@dataclass
class FakeSlack:
    """What it was told, and how it behaves.

    Attributes:
        busy: how many answers are 429 before it works, with this Retry-After.
        tables: whether it knows table blocks.
    """

    messages: list[dict[str, Any]] = field(default_factory=list)
    responses: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    uploads: dict[str, bytes] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    busy: int = 0
    retry_after: str = "0"
    tables: bool = True
    scopes: str = SCOPES
    broken: bool = False
    url: str = ""
    socket_url: str = ""

    @property
    def api(self) -> str:
        return f"{self.url}/api/"

    @property
    def webhook(self) -> str:
        return f"{self.url}{HOOK}"

    def judged(self, payload: dict[str, Any]) -> str:
        code = refuses(payload, tables=self.tables)
        if code:
            self.refused.append(code)
        return code


def serving(slack: FakeSlack) -> ThreadingHTTPServer:
    """The server, started; `shutdown` and `server_close` end it."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = urlsplit(self.path).path
            slack.calls.append(path)
            if slack.broken:
                self.answer(503, b"<html>upstream /services/T000 is down</html>")
            elif slack.busy > 0:
                slack.busy -= 1
                self.answer(429, b"ratelimited", {"Retry-After": slack.retry_after})
            elif path.startswith("/services/"):
                self.hook(path, json.loads(body))
            elif path.startswith("/respond/"):
                payload = json.loads(body)
                code = slack.judged(payload)
                if not code:
                    slack.responses.append(payload)
                self.answer(200 if not code else 400, (code or "ok").encode())
            elif path.startswith("/upload/"):
                slack.uploads[path.rpartition("/")[2]] = body
                self.answer(200, b"OK")
            else:
                self.method(path.removeprefix("/api/"), self.form(body))

        do_GET = do_POST  # noqa: N815

        def form(self, body: bytes) -> dict[str, Any]:
            if "json" in (self.headers.get("Content-Type") or ""):
                return dict(json.loads(body or b"{}"))
            pairs = {key: value[0] for key, value in parse_qs(body.decode()).items()}
            return {k: json.loads(v) if k in ("blocks", "files") else v for k, v in pairs.items()}

        def hook(self, path: str, payload: dict[str, Any]) -> None:
            if path != HOOK:
                self.answer(404, b"no_service")
                return
            code = slack.judged(payload)
            if not code:
                slack.messages.append(payload)
            self.answer(400 if code else 200, (code or "ok").encode())

        def method(self, name: str, form: dict[str, Any]) -> None:
            token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            if token not in (TOKEN, APP_TOKEN):
                self.json({"ok": False, "error": "invalid_auth"})
                return
            out: dict[str, Any] = {"ok": True}
            if name == "auth.test":
                out |= {"user": "burn", "team": "Shop", "user_id": "UBURN", "bot_id": "BBURN",
                        "team_id": "T000", "url": "https://shop.slack.com/"}  # fmt: skip
            elif name == "apps.connections.open":
                out |= {"url": slack.socket_url}
                if token != APP_TOKEN:
                    out = {"ok": False, "error": "not_allowed_token_type"}
            elif name == "chat.postMessage":
                code = slack.judged(form)
                if form.get("channel") not in ("C0SHOP", "D0ANN"):
                    code = "channel_not_found"
                if code:
                    out = {"ok": False, "error": code}
                else:
                    slack.messages.append(form)
                    out |= {"ts": f"17{len(slack.messages)}.0001", "channel": form["channel"]}
            elif name == "conversations.open":
                out |= {"channel": {"id": "D0ANN"}}
            elif name == "files.getUploadURLExternal":
                if "files:write" not in slack.scopes:
                    out = {"ok": False, "error": "missing_scope", "needed": "files:write"}
                else:
                    out |= {"upload_url": f"{slack.url}/upload/{form['filename']}", "file_id": f"F{form['filename']}"}  # fmt: skip
            elif name == "files.completeUploadExternal":
                out |= {"files": form["files"]}
                slack.messages.append({"files": form["files"], "channel": form.get("channel_id"), "thread_ts": form.get("thread_ts")})  # fmt: skip
            else:
                out = {"ok": False, "error": "unknown_method"}
            self.json(out)

        def json(self, out: dict[str, Any]) -> None:
            headers = {"Content-Type": "application/json", "x-oauth-scopes": slack.scopes}
            self.answer(200, json.dumps(out).encode(), headers)

        def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    slack.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server
