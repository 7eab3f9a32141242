"""A talk with a model: it asks questions, burn answers them, and what it says at last is judged."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from burn.api import (
    BurnError,
    DataError,
    Message,
    QuestionSpec,
    ToolCall,
    Turn,
    TurnRequest,
    UsageError,
)
from burn.questions.talk.gate import Used, judged
from burn.questions.talk.known import Known
from burn.questions.talk.prompt import INSTRUCTIONS, REFUSED, asked
from burn.questions.talk.pseudonyms import Pseudonyms

if TYPE_CHECKING:
    from burn.api import Model
    from burn.questions.desk import Desk
    from burn.questions.talk.settings import AskSettings

_TURN_TOKENS = 4_000
_BYTES_A_TOKEN = 3
"""Few, so that what is about to be sent is rather thought too large."""


@dataclass(slots=True)
class Spent:
    """What a talk has taken so far.

    Attributes:
        tokens: read and written; thought from the size of what was sent, where the model counts none.
        cost: US dollars; None: the model does not say.
    """

    turns: int = 0
    calls: int = 0
    tokens: int = 0
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Talked:
    """How a talk ended.

    Attributes:
        text: the model's answer; empty: none was accepted.
        used: the cited figures in it.
        why: why none was accepted.
        asked: the questions that the model asked, with their parameters.
    """

    text: str
    used: tuple[Used, ...]
    why: str
    spent: Spent
    asked: tuple[tuple[str, dict[str, Any]], ...]


class _EndedError(Exception):
    """A limit is reached."""


@dataclass(slots=True)
class Talk:
    """One question of a person, with one model.

    Attributes:
        desk: where the model asks; it sees what the person sees.
        watch: gets each message, and the list of tools before the first, just before it is sent.
        pseudonyms: replaces names; None: they are sent.
    """

    desk: Desk
    model: Model
    settings: AskSettings
    watch: Callable[[Message | Sequence[QuestionSpec]], None] = lambda _: None
    pseudonyms: Pseudonyms | None = None
    _known: Known = field(default_factory=Known)
    _spent: Spent = field(default_factory=Spent)
    _asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    _messages: list[Message] = field(default_factory=list)

    def answer(self, question: str, run: str = "latest", cluster: str = "") -> Talked:
        """Talk until an answer is accepted, or given up.

        Raises:
            AccessError: the model cannot be reached.
            DataError: it answers what cannot be understood.
            UsageError: a limit of cost is set, and the model does not say what it costs.
        """
        text = asked(question, run, cluster)
        if self.pseudonyms:
            text = self.pseudonyms.hide_in(text, self._names(run, cluster))
        self.watch(self._tools)
        self._say(Message(role="system", text=INSTRUCTIONS))
        self._say(Message(role="user", text=text))
        why = ""
        try:
            for again in (True, False):
                said = self._until_said()
                verdict = judged(said, self._known)
                if not verdict.wrong:
                    return self._end(verdict.text, verdict.used)
                why = "; ".join(verdict.wrong[:3])
                if again:
                    self._say(Message(role="assistant", text=self._hidden(said)))
                    refused = REFUSED.format("; ".join(verdict.wrong[:8]))
                    self._say(Message(role="user", text=self._hidden(refused)))
        except _EndedError as ended:
            return self._end(why=str(ended))
        return self._end(why=why)

    def _until_said(self) -> str:
        """What the model says when it has no more questions, with names put back."""
        while True:
            turn = self._turn()
            if not turn.calls:
                return str(self._back(turn.text))
            self._say(Message(role="assistant", text=turn.text, calls=turn.calls))
            for call in turn.calls:
                self._say(Message(role="tool", text=self._called(call), answers=call.id))

    def _turn(self) -> Turn:
        spent, limits = self._spent, self.settings
        about = sum(len(one.text.encode()) for one in self._messages) + self._tool_bytes
        left = limits.most_tokens - spent.tokens - about // _BYTES_A_TOKEN
        if left <= 0:
            raise _EndedError(f"it would take more than ask.most_tokens = {limits.most_tokens:,}")
        request = TurnRequest(
            messages=tuple(self._messages), tools=self._tools, most_tokens=min(_TURN_TOKENS, left)
        )
        turn = self.model.turn(request)
        if not isinstance(turn, Turn) or not isinstance(turn.text, str):
            raise DataError("the model gave no turn")
        spent.turns += 1
        counted = turn.sent + turn.said
        spent.tokens += counted or (about + len(turn.text.encode())) // _BYTES_A_TOKEN
        if turn.cost is not None:
            spent.cost = (spent.cost or Decimal(0)) + turn.cost
        if limits.most_cost:
            if turn.cost is None:
                raise UsageError(
                    "ask.most_cost is set, and the model does not say what it costs",
                    hint="set its prices, e.g. model.openai.price_in, or ask.most_cost=0",
                )
            if spent.cost is not None and spent.cost > Decimal(str(limits.most_cost)):
                raise _EndedError(f"it takes more than ask.most_cost = {limits.most_cost:g} USD")
        return turn

    def _called(self, call: ToolCall) -> str:
        """The answer to a call as JSON, or what is wrong with it."""
        self._spent.calls += 1
        if self._spent.calls > self.settings.most_calls:
            raise _EndedError(f"it asks more than ask.most_calls = {self.settings.most_calls}")
        if call.name not in {tool.name for tool in self._tools}:
            return "error: there is no such tool"
        params = self._back(dict(call.arguments))
        try:
            answer = self.desk.ask(call.name, params)
        except BurnError as error:
            if self.pseudonyms:  # an error may list names that there are
                return "error: it cannot be answered with these parameters"
            return f"error: {error.message}" + (f". {error.hint}" if error.hint else "")
        self._known.add(answer)
        self._asked.append((call.name, params))
        shown = self.pseudonyms.hidden(answer) if self.pseudonyms else answer
        return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))

    @property
    def _tools(self) -> tuple[QuestionSpec, ...]:
        """All questions that only read."""
        return tuple(spec for spec in self.desk.questions if spec.read_only)

    @property
    def _tool_bytes(self) -> int:
        return sum(len(one.about) + len(json.dumps(dict(one.parameters))) for one in self._tools)

    def _say(self, message: Message) -> None:
        self.watch(message)
        self._messages.append(message)

    def _end(self, text: str = "", used: tuple[Used, ...] = (), why: str = "") -> Talked:
        return Talked(text, used, why, self._spent, tuple(self._asked))

    def _back(self, value: Any) -> Any:
        return self.pseudonyms.back(value) if self.pseudonyms else value

    def _hidden(self, text: str) -> str:
        """A text of ours in which names may stand that went through the talk."""
        return self.pseudonyms.again(text) if self.pseudonyms else text

    def _names(self, run: str, cluster: str) -> set[str]:
        """Names of the report that a person may use in a question."""
        seen = self.desk.seen(run, cluster)
        cells = seen.cells(seen.kept.basis)
        texts = cells.select_dtypes(exclude=["number", "datetime", "datetimetz"])
        columns = [name for name in texts.columns if name not in ("basis", "driver", "component")]
        found = {str(one) for name in columns for one in texts[name].unique()}
        if seen.whole:
            found |= {str(one) for one in seen.ledger["subject"].unique()}
            found |= {str(one) for one in seen.ledger["name"].unique()}
        return found | {seen.kept.cluster or ""}
