"""Anthropic's Messages API on loopback: says what it is told to, and refuses what the API refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from time import sleep
from typing import Any

from burn.api import Turn
from tests.servers.loopback import listening


class Anthropic:
    """Says its turns one after the other, and the last for ever.

    Attributes:
        requests, keys, paths: of all requests: the bodies, what they signed in with, and where.
        fault: a status and the message to answer with; raw: a body instead.
        seconds: to wait before each answer.
        ended: why each answer ended; empty: because it was whole.
    """

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.paths: list[str] = []
        self.fault: tuple[int, str] | None = None
        self.raw: bytes | None = None
        self.seconds = 0.0
        self.ended = ""
        self.url = ""

    def answer(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """The status and the body of the answer to a request."""
        if self.fault:
            status, message = self.fault
            kinds = {401: "authentication_error", 429: "rate_limit_error", 529: "overloaded_error"}
            return status, _error(kinds.get(status, "invalid_request_error"), message)
        if wrong := _wrong(body["messages"]):
            return 400, _error("invalid_request_error", wrong)
        turn = self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]
        content: list[dict[str, Any]] = [{"type": "text", "text": turn.text}] if turn.text else []
        content += [
            {"type": "tool_use", "id": f"toolu_{len(self.requests)}{call.id}", "name": call.name}
            | {"input": dict(call.arguments)}
            for call in turn.calls
        ]
        return 200, {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": content,
            "stop_reason": self.ended or ("tool_use" if turn.calls else "end_turn"),
            "stop_sequence": None,
            "usage": {"input_tokens": turn.sent, "output_tokens": turn.said},
        }


@contextmanager
def anthropic() -> Iterator[Anthropic]:
    """A server on a free port."""
    api = Anthropic()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            api.requests.append(body)
            api.paths.append(self.path)
            api.keys.append(self.headers["x-api-key"] or self.headers["authorization"] or "")
            sleep(api.seconds)
            status, answer = api.answer(body)
            sent = json.dumps(answer).encode() if api.raw is None else api.raw
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(sent)))
            if status == 307:
                self.send_header("location", f"{api.url}/elsewhere")
            elif status == 429:
                self.send_header("retry-after-ms", "1")
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: Any) -> None:
            pass

    with listening(Handler) as api.url:
        yield api


def _error(kind: str, message: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": message}}


def _wrong(messages: Sequence[dict[str, Any]]) -> str:
    """What is wrong with a talk: calls are answered in the very next message, all of them and no others."""
    called: set[str] = set()
    for one in messages:
        parts = one["content"] if isinstance(one["content"], list) else []
        answered = {part["tool_use_id"] for part in parts if part["type"] == "tool_result"}
        if answered != called:
            return f"tool_use ids {sorted(called)} are answered by {sorted(answered)}"
        called = {part["id"] for part in parts if part["type"] == "tool_use"}
    return "calls stand without an answer" if called else ""
