"""What every language model must do, whoever serves it: carry a talk, and decide nothing in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import mkdtemp
from typing import ClassVar, Literal

import pytest

from burn.api import (
    AccessError,
    BurnError,
    DataError,
    Message,
    Model,
    ModelSpec,
    QuestionSpec,
    ToolCall,
    Turn,
    TurnRequest,
    Window,
)
from burn.testing.gaps import Conformance
from burn.testing.plugin import PluginChecks
from burn.testing.tiny import tiny_report

DAY = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))
TOOL = QuestionSpec(
    name="what_burns",
    title="What burns",
    about="tells what burns, and where",
    parameters={
        "type": "object",
        "properties": {"by_colour": {"type": "string"}, "shades": {"type": "array"}},
    },
    answer={},
)
TALK = (
    Message(role="system", text="speak of fire alone"),
    Message(role="user", text="why is `näme` so <hot>?"),
)
ASKED = TurnRequest(messages=TALK, tools=(TOOL,), most_tokens=777)
TEXT = "It is $1,234.56,\nor -1.234,56 €: <b>näme</b>."
CALLS = (
    ToolCall(id="a", name=TOOL.name, arguments={"by_colour": "dark red", "shades": [1, "2"]}),
    ToolCall(id="b", name="no_such_tool", arguments={}),
)
Fault = Literal["refused", "busy", "failed", "nonsense", "cut"]


class ModelCase:
    """What the checks need of a subclass: a model, and a hand on who is at its other end."""

    key: ClassVar[str] = "key-of-the-conformance-kit"
    """What the made model signs in with; the other end repeats it in every message of an error."""

    def make(self) -> Model:
        """A fresh model; its prices are 3 and 15 US dollars for a million tokens read and written."""
        raise NotImplementedError

    def will_say(self, *turns: Turn) -> None:
        """Have the other end answer with these, in this order.

        Args:
            turns: texts, or calls; `sent` and `said` are the tokens that it counts, 0: it counts none.
        """
        raise NotImplementedError

    def will_fail(self, how: Fault) -> None:
        """Have the other end fail each request from now on.

        Args:
            how: refused: the key is wrong; busy: come again later; failed: the request is wrong;
                nonsense: it answers what is no answer of its protocol; cut: it has said as much as
                it may, `It is $1,0`, and says so.
        """
        raise NotImplementedError

    def heard(self) -> Sequence[str]:
        """The bodies of all requests, as text in which names stand as they are."""
        raise NotImplementedError


class ModelFailures(ModelCase):
    """What it makes of failures."""

    check_group: ClassVar[str] = "failure"

    def _error(self, how: Fault) -> BurnError:
        self.will_fail(how)
        with pytest.raises(BurnError) as caught:
            self.make().turn(ASKED)
        return caught.value

    def test_refused_access_is_an_access_error(self) -> None:
        """It names the model's settings as the next step."""
        error = self._error("refused")
        assert isinstance(error, AccessError)
        assert "model." in (error.hint or "")

    def test_a_busy_model_is_an_access_error(self) -> None:
        """After it was asked again, or not."""
        assert isinstance(self._error("busy"), AccessError)

    def test_what_is_no_answer_is_a_data_error(self) -> None:
        """Nothing is guessed out of it."""
        assert isinstance(self._error("nonsense"), DataError)

    def test_half_an_answer_is_a_data_error(self) -> None:
        """It may hold half a figure."""
        assert isinstance(self._error("cut"), DataError)

    def test_no_error_shows_the_key(self) -> None:
        """Also where the other end repeats it."""
        from burn.text.secrets import conceal, scrub

        conceal(self.key)  # as burn does with settings that are secret
        hows: tuple[Fault, ...] = ("refused", "busy", "failed", "nonsense")
        for error in map(self._error, hows):
            assert error.message.isprintable()
            assert self.key not in scrub(f"{error.message} {error.hint}")


class ModelTruth(ModelCase):
    """What burn makes of what it says, over a day of the tiny cluster, whose bill is 64.02 USD."""

    check_group: ClassVar[str] = "truth"

    def _answer(self, *says: str) -> tuple[str, str]:
        from burn.history.place import Place
        from burn.history.store import History
        from burn.questions import opened
        from burn.questions.talk.conversation import Talk
        from burn.questions.talk.settings import AskSettings

        history = History(Place(mkdtemp(dir=self._folder)))
        history.keep(tiny_report(DAY))
        summary = Turn(calls=(ToolCall(id="s", name="summary", arguments={}),), sent=100, said=10)
        self.will_say(summary, *(Turn(text=text, sent=100, said=10) for text in says))
        talked = Talk(opened(history), self.make(), AskSettings(model="kit")).answer("the bill?")
        return talked.text, talked.why

    @pytest.fixture(autouse=True)
    def _in_a_folder(self, tmp_path: Path) -> None:
        self._folder = tmp_path

    def test_a_cited_figure_is_accepted(self) -> None:
        """It came out of an answer, through the model, as it was."""
        assert self._answer("The bill is $64.02.") == ("The bill is $64.02.", "")
        assert "64.02" in self.heard()[-1]

    def test_a_wrong_figure_is_asked_for_again_and_then_refused(self) -> None:
        """A cent too much, twice."""
        assert self._answer("It is $64.03.", "It is $64.02.")[0] == "It is $64.02."
        text, why = self._answer("It is $64.03.", "It is $64.01.")
        assert text == ""
        assert "64.01" in why


class ModelConformance(ModelFailures, ModelTruth, PluginChecks, Conformance):
    """Subclass, set `plugin`, implement `ModelCase`.

    The other end is best a server on loopback that speaks the model's protocol.
    """

    check_group = "frames"
    kind = ModelSpec
    contract = Model

    def made(self) -> Model:
        """See `PluginChecks`."""
        return self.make()

    def test_a_text_comes_as_it_was_said(self) -> None:
        """To the sign, with its tokens and their cost: by hand, 100 x 3 + 10 x 15 millionths."""
        self.will_say(Turn(text=TEXT, sent=100, said=10))
        turn = self.make().turn(ASKED)
        assert (turn.text, tuple(turn.calls)) == (TEXT, ())
        assert (turn.sent, turn.said, turn.cost) == (100, 10, Decimal("0.00045"))

    def test_what_was_not_counted_is_not_free(self) -> None:
        """Else no limit of cost would ever be reached."""
        self.will_say(Turn(text=TEXT))
        assert self.make().turn(ASKED).cost is None

    def test_the_talk_and_the_tools_reach_it(self) -> None:
        """All of them, and the most that it may say."""
        self.will_say(Turn(text=TEXT, sent=1, said=1))
        self.make().turn(ASKED)
        (body,) = self.heard()
        wanted = [one.text for one in TALK] + [
            TOOL.name,
            TOOL.about,
            *TOOL.parameters["properties"],
        ]
        assert [text for text in (*wanted, "777") if text not in body] == []

    def test_it_speaks_without_tools(self) -> None:
        """None is offered, and none is made up."""
        self.will_say(Turn(text=TEXT, sent=1, said=1))
        assert self.make().turn(replace(ASKED, tools=())).text == TEXT
        assert TOOL.name not in self.heard()[-1]

    def test_calls_come_as_they_were_made(self) -> None:
        """Several at once, with their arguments; also of a tool that there is not: burn says so."""
        self.will_say(Turn(calls=CALLS, sent=1, said=1))
        calls = self.make().turn(ASKED).calls
        assert [(one.name, one.arguments) for one in calls] == [
            (one.name, one.arguments) for one in CALLS
        ]
        assert len({one.id for one in calls}) == len(calls)

    def test_answers_go_back_to_their_calls(self) -> None:
        """The next turn has the calls and each one's answer, in order."""
        self.will_say(Turn(calls=CALLS, sent=1, said=1), Turn(text=TEXT, sent=1, said=1))
        model = self.make()
        calls = model.turn(ASKED).calls
        answers = [
            Message(role="tool", text=f"answer-{number}", answers=call.id)
            for number, call in enumerate(calls)
        ]
        talk = (*TALK, Message(role="assistant", text="", calls=calls), *answers)
        assert model.turn(replace(ASKED, messages=talk)).text == TEXT
        body = self.heard()[-1]
        places = [body.find(text) for text in ("dark red", "answer-0", "answer-1")]
        assert -1 < places[0] < places[1] < places[2]

    def test_it_remembers_no_other_talk(self) -> None:
        """What one person was told does not reach the next one's question."""
        self.will_say(Turn(text="a secret", sent=1, said=1), Turn(text=TEXT, sent=1, said=1))
        model = self.make()
        model.turn(ASKED)
        model.turn(replace(ASKED, messages=(Message(role="user", text="and now?"),)))
        assert TALK[1].text not in self.heard()[-1]
        assert "a secret" not in self.heard()[-1]
