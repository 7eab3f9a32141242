"""A language model on loopback that says what a script says, over OpenAI's chat completions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.servers.loopback import listening

Call = tuple[str, dict[str, Any]]
Step = str | Sequence[Call] | Callable[[list[dict[str, Any]]], "str | Sequence[Call]"]
"""A text, calls of tools, or what makes one of them out of the messages so far."""


@dataclass(frozen=True)
class Counted:
    """A step with the tokens that it counts; 0 and 0: none are counted."""

    step: Step
    sent: int
    said: int


class ScriptedModel:
    """Plays its steps one after the other, and the last for ever.

    Attributes:
        requests: bodies that were sent, in their order.
        headers: theirs, with names in lower case.
        faults: statuses (with headers) to answer with before anything else.
        message: what a fault says is wrong; empty: its status.
        ended: why each answer ended; empty: because it was whole.
    """

    def __init__(self) -> None:
        self.steps: list[Step | Counted] = []
        self.requests: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.faults: list[tuple[int, dict[str, str]]] = []
        self.raw: bytes | None = None
        self.message = ""
        self.ended = ""
        self.usage: dict[str, int] | None = {"prompt_tokens": 100, "completion_tokens": 10}
        self.url = ""

    @property
    def sent(self) -> str:
        """All that ever left for the model."""
        return json.dumps(self.requests, ensure_ascii=False)

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        """The next step as a completion."""
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        usage = self.usage
        if isinstance(step, Counted):
            counted = {"prompt_tokens": step.sent, "completion_tokens": step.said}
            step, usage = step.step, counted if step.sent or step.said else None
        said = step(body["messages"]) if callable(step) else step
        ended = "stop"
        if isinstance(said, str):
            message: dict[str, Any] = {"role": "assistant", "content": said}
        else:
            calls = [
                {
                    "id": f"c{len(self.requests)}-{number}",
                    "type": "function",
                    "function": {"name": name, "arguments": json.dumps(arguments)},
                }
                for number, (name, arguments) in enumerate(said)
            ]
            message = {"role": "assistant", "content": None, "tool_calls": calls}
            ended = "tool_calls"
        choice = {"index": 0, "message": message, "finish_reason": self.ended or ended}
        return {"choices": [choice], **({"usage": usage} if usage else {})}


@contextmanager
def scripted_model() -> Iterator[ScriptedModel]:
    """A model that listens on a free port."""
    model = ScriptedModel()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            model.requests.append(body)
            model.paths.append(self.path)
            model.headers.append({name.lower(): value for name, value in self.headers.items()})
            status, more = model.faults.pop(0) if model.faults else (200, {})
            answer: Any = {"error": {"message": model.message or f"status {status}"}}
            if status == 200:
                answer = model.answer(body) if model.raw is None else None
            sent = json.dumps(answer).encode() if model.raw is None else model.raw
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: Any) -> None:
            pass

    with listening(Handler) as url:
        model.url = f"{url}/v1"
        yield model
