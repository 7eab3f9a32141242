"""Tools: one for each of burn's questions, listed in as few words as a model can do with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import mcp_types as types

if TYPE_CHECKING:
    from burn.api import BurnError, Desk, QuestionSpec


def listed(desk: Desk) -> types.ListToolsResult:
    """All tools. They are the same for everybody: what is hidden is hidden in the answers."""
    return types.ListToolsResult(tools=[_tool(spec) for spec in desk.questions])


def called(desk: Desk, name: str, arguments: Mapping[str, Any]) -> types.CallToolResult:
    """The answer: JSON for the model, and the same for the client.

    Raises:
        BurnError: it cannot be answered.
    """
    answer = desk.ask(name, arguments)
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return types.CallToolResult(content=[types.TextContent(text=text)], structured_content=answer)


def refused(error: BurnError) -> types.CallToolResult:
    """What is wrong with a question, for the model to ask it better."""
    return failed(f"{error.message}. {error.hint}" if error.hint else error.message)


def failed(text: str) -> types.CallToolResult:
    """No answer."""
    return types.CallToolResult(content=[types.TextContent(text=text)], is_error=True)


def _tool(spec: QuestionSpec) -> types.Tool:
    return types.Tool(
        name=spec.name,
        description=spec.about,
        input_schema=_short(spec.parameters),
        output_schema=_outline(spec.answer),
        annotations=types.ToolAnnotations(
            read_only_hint=spec.read_only, open_world_hint=not spec.read_only
        ),
    )


def _short(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters without what a model has no use for: the answer to a wrong one says what is right."""
    dropped = (
        "maxLength",
        "maxProperties",
        "minItems",
        "maxItems",
        "minimum",
        "maximum",
        "default",
    )
    made = {
        name: {key: value for key, value in one.items() if key not in dropped}
        for name, one in schema["properties"].items()
    }
    whole = {"type": "object", "properties": made, "additionalProperties": False}
    return whole | ({"required": schema["required"]} if schema.get("required") else {})


def _outline(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The answer's fields and their kinds, true of each answer; what is in them shows by itself.

    Whole schemas would be most of the list, which a model reads before it asks anything.
    """
    defined = schema.get("$defs", {})
    fields = {name: _kind(one, defined) for name, one in schema["properties"].items()}
    return {"type": "object", "properties": fields}


def _kind(one: Mapping[str, Any], defined: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in one:
        return _kind(defined[one["$ref"].rpartition("/")[2]], defined)
    if "anyOf" in one:
        kinds = [_kind(each, defined).get("type") for each in one["anyOf"]]
        return {"type": kinds} if all(kinds) else {}
    return {"type": one["type"]} if "type" in one else {}
