"""A talk as pydantic-ai writes it, and a turn of burn out of its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelRequestPart,
    ModelResponse,
    ModelResponsePart,
    SystemPromptPart,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.tools import ToolDefinition

from burn.api import DataError, Message, QuestionSpec, ToolCall, Turn

if TYPE_CHECKING:
    from burn_ai.settings import AiSettings

Ids = tuple[str, ...]


def asked(messages: Sequence[Message], said: Mapping[Ids, ModelResponse]) -> list[ModelMessage]:
    """The talk: what stands between two answers of the model is one request.

    Args:
        messages: burn's.
        said: answers of the model by the ids of their calls: they go back as they came, with what
            a provider signs in them.
    """
    talk: list[ModelMessage] = []
    names = {call.id: call.name for one in messages for call in one.calls}
    parts: list[ModelRequestPart] = []
    for one in messages:
        if one.role == "assistant":
            talk += [ModelRequest(parts=parts)] if parts else []
            parts = []
            talk.append(said.get(ids(one.calls)) or ModelResponse(parts=list(_spoken(one))))
        else:
            parts.append(_part(one, names))
    return talk + ([ModelRequest(parts=parts)] if parts else [])


def offered(tools: Sequence[QuestionSpec]) -> ModelRequestParameters:
    """The questions as tools; the model may speak instead."""
    return ModelRequestParameters(
        function_tools=[
            ToolDefinition(
                name=tool.name,
                description=tool.about,
                parameters_json_schema=dict(tool.parameters),
            )
            for tool in tools
        ]
    )


def turn(response: ModelResponse, settings: AiSettings) -> Turn:
    """What the model says.

    Raises:
        DataError: it was cut, or says nothing: half a text may hold half a figure.
    """
    calls = tuple(
        ToolCall(id=part.tool_call_id, name=part.tool_name, arguments=part.args_as_dict())
        for part in response.parts
        if isinstance(part, ToolCallPart)
    )
    text = response.text or ""
    ended = response.finish_reason
    if response.state != "complete" or ended in ("length", "content_filter", "error"):
        raise DataError(
            f"the answer of the model `{settings.model}` is not whole: {ended or response.state}",
            hint="ask for less at once" if ended == "length" else "ask otherwise",
        )
    if not (text or calls):
        raise DataError(f"the model `{settings.model}` says nothing", hint="ask otherwise")
    sent, said = response.usage.input_tokens, response.usage.output_tokens
    if not all(isinstance(number, int) and number >= 0 for number in (sent, said)):
        raise DataError(f"the model `{settings.model}` counts its tokens as `{sent!r:.20}`")
    return Turn(text=text, calls=calls, sent=sent, said=said, cost=_cost(sent, said, settings))


def ids(calls: Sequence[ToolCall]) -> Ids:
    """By what an answer with calls is known again; empty: it has none."""
    return tuple(call.id for call in calls)


def _cost(sent: int, said: int, settings: AiSettings) -> Decimal | None:
    """None where no price is set, or nothing was counted: unknown is not free."""
    if not (settings.price_in or settings.price_out) or not (sent or said):
        return None
    prices = (Decimal(str(settings.price_in)), Decimal(str(settings.price_out)))
    return (sent * prices[0] + said * prices[1]) / 1_000_000


def _part(one: Message, names: Mapping[str, str]) -> ModelRequestPart:
    if one.role == "system":
        return SystemPromptPart(one.text)
    if one.role == "user":
        return UserPromptPart(one.text)
    return ToolReturnPart(
        tool_name=names.get(one.answers, ""), content=one.text, tool_call_id=one.answers
    )


def _spoken(one: Message) -> Iterator[ModelResponsePart]:
    if one.text:
        yield TextPart(one.text)
    for call in one.calls:
        yield ToolCallPart(call.name, dict(call.arguments), tool_call_id=call.id)
