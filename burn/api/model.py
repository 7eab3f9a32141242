"""What a language model is to burn: it gets a talk and tools, and says the next thing. It decides nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, Protocol

from burn.api.questions import QuestionSpec
from burn.api.settings import NoSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """A question that a model asks.

    Attributes:
        id: what the model calls this call by; the answer carries it.
        name: the tool; may be one that there is not.
        arguments: what it is asked with, not yet checked.
    """

    id: str
    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A part of a talk.

    Attributes:
        role: system: instructions of burn; user: a person; assistant: the model; tool: an answer.
        text: may be empty where there are calls.
        calls: of the model, to be answered before it speaks again.
        answers: the `ToolCall.id` that a tool's message answers.
    """

    role: Literal["system", "user", "assistant", "tool"]
    text: str
    calls: Sequence[ToolCall] = ()
    answers: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRequest:
    """To say the next thing.

    Attributes:
        messages: the talk so far, the oldest first.
        tools: what it may call: `name`, `about` and `parameters` (a JSON schema) of each.
        most_tokens: the most that it may say.
    """

    messages: Sequence[Message]
    tools: Sequence[QuestionSpec]
    most_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a model says: calls, or else a text.

    Attributes:
        sent, said: tokens it read and wrote, as it counts them; 0: it does not say.
        cost: in US dollars; None: not known.
    """

    text: str = ""
    calls: Sequence[ToolCall] = field(default=())
    sent: int = 0
    said: int = 0
    cost: Decimal | None = None


class Model(Protocol):
    """A language model."""

    def turn(self, request: TurnRequest) -> Turn:
        """Its next turn.

        Raises:
            AccessError: it cannot be reached, or refuses who asks.
            DataError: it answers what cannot be understood, or its answer was cut before its end:
                half a text may hold half a figure.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """A model on offer; `[model.NAME]` in burn.toml holds its settings, `ask.model` names it."""

    name: str
    summary: str
    make: Callable[[Any], Model]
    settings: type[Any] = NoSettings
