"""A talk as OpenAI's chat completions write it, and what they answer. Nothing of it is trusted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from burn.api import DataError, Message, ToolCall, Turn, TurnRequest, clean

_MOST_CALLS = 16
_WHOLE = (None, "", "stop", "tool_calls", "function_call", "eos_token", "stop_sequence")
"""How servers say that an answer is at its end; some say nothing. Any other word means that it was cut."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the server answered; tokens are 0 where it counts none."""

    text: str
    calls: tuple[ToolCall, ...]
    sent: int
    said: int

    def turn(self, cost: Decimal | None = None) -> Turn:
        """As burn has it."""
        return Turn(text=self.text, calls=self.calls, sent=self.sent, said=self.said, cost=cost)


def asked(request: TurnRequest) -> dict[str, Any]:
    """Messages and tools of a request's body."""
    tools = [
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.about,
                "parameters": dict(tool.parameters),
            },
        }
        for tool in request.tools
    ]
    talk = [_message(one) for one in request.messages]
    return {"messages": talk, **({"tools": tools} if tools else {})}


def said(body: bytes, where: str) -> Said:
    """An answer.

    Args:
        body: JSON.
        where: names the server in an error.

    Raises:
        DataError: it is none, or was cut: half a text may hold half a figure.
    """
    try:
        answer = json.loads(body)
        choice = answer["choices"][0]
        message, ended = choice["message"], choice.get("finish_reason")
        text = message.get("content") or ""
        calls = tuple(_calls(message.get("tool_calls") or []))
        usage = answer.get("usage") or {}
        counted = [usage.get(name) or 0 for name in ("prompt_tokens", "completion_tokens")]
        if not isinstance(text, str) or not all(isinstance(n, int) and n >= 0 for n in counted):
            raise TypeError
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(
            f"the model at {where} answers what is no chat completion",
            hint="check model.openai.url, which `/chat/completions` follows",
        ) from error
    if ended not in _WHOLE:
        raise DataError(
            f"the answer of the model at {where} is not whole: {clean(str(ended)[:40])}",
            hint="ask for less at once" if ended == "length" else "ask otherwise",
        )
    return Said(text, calls, *counted)


def error(body: bytes) -> str:
    """What the server says is wrong, on a line; empty: nothing that is understood."""
    try:
        told = json.loads(body)
        told = told.get("error", told)
        why = told if isinstance(told, str) else told.get("message", "")
    except (ValueError, AttributeError, RecursionError):
        return ""
    return clean(str(why)[:200])


def _message(one: Message) -> dict[str, Any]:
    made: dict[str, Any] = {"role": one.role, "content": one.text}
    if one.calls:
        made["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": json.dumps(dict(call.arguments))},
            }
            for call in one.calls
        ]
    if one.answers:
        made["tool_call_id"] = one.answers
    return made


def _calls(listed: list[Any]) -> Iterator[ToolCall]:
    for number, one in enumerate(listed[:_MOST_CALLS]):
        function = one["function"]
        arguments = function.get("arguments") or {}
        if isinstance(arguments, str):
            arguments = _object(arguments)
        if not isinstance(arguments, dict):
            raise TypeError
        yield ToolCall(
            id=str(one.get("id") or f"call-{number}"),
            name=str(function["name"]),
            arguments=arguments,
        )


def _object(text: str) -> dict[str, Any]:
    """A model's arguments; what is no JSON is said back to it, as a parameter that there is not."""
    try:
        found = json.loads(text)
    except ValueError:
        return {"arguments are no JSON": text[:60]}
    return found if isinstance(found, dict) else {"arguments are no object": text[:60]}
