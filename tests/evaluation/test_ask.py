"""The evaluation set with scripted models: right answers pass; one wrong digit, sign, date or currency does not."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from burn.api import ToolCall, Turn, TurnRequest
from burn.history.place import Place
from burn.history.store import History
from burn.questions import opened
from burn.questions.desk import Desk
from burn.questions.talk.conversation import Talk
from burn.questions.talk.settings import AskSettings
from tests.evaluation.ask import right
from tests.evaluation.cases import Case, Sample

pytestmark = pytest.mark.slow
CITE = re.compile(r'"cite":"([^"]+)"')


@dataclass
class Scripted:
    """Asks the case's questions, one a turn, then says the same text for ever."""

    case: Case
    text: str
    asked: int = field(default=0)

    def turn(self, request: TurnRequest) -> Turn:
        if self.asked == len(self.case.calls):
            return Turn(text=self.text, sent=1, said=1)
        name, params = self.case.calls[self.asked]
        self.asked += 1
        if name == "calculate":
            cites = CITE.findall(" ".join(m.text for m in request.messages if m.role == "tool"))
            ends = params["cites"]
            params = {
                **params,
                "cites": [next(c for c in cites if c.endswith(end)) for end in ends],
            }
        return Turn(calls=[ToolCall(id=str(self.asked), name=name, arguments=params)])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A user who ran the sample, which keeps its three months."""
    folder = tmp_path_factory.mktemp("home")
    env = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": ""}
    command = [
        "burn",
        "run",
        "--provider",
        "aws",
        "--sample",
        "--format",
        "json",
        "--output",
        "r.json",
    ]
    subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def sample(home: Path) -> Sample:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("XDG_DATA_HOME", "")
        return Sample.kept()


class Remembering(Desk):
    """Answers a question that was asked before as it did then: the cases share most."""

    def ask(self, name: str, params: Any = None) -> dict[str, Any]:
        key = (name, json.dumps(params, sort_keys=True))
        made: dict[str, Any] = self.once(
            ("json", *key), lambda: super(Remembering, self).ask(name, params)
        )
        return made


@pytest.fixture(scope="module")
def desk(home: Path) -> Desk:
    history = History(Place(str(home / ".local/share/burn/sample-history")))
    return Remembering(opened(history)._shared)


def digit(text: str) -> str:
    """The last digit of each figure is another one."""
    return re.sub(
        r"(\d\.\d*)(\d)( %)?(?=\D|$)", lambda m: f"{m[1]}{(int(m[2]) + 5) % 10}{m[3] or ''}", text
    )


def sign(text: str) -> str:
    return re.sub(r"(-?)(\$?[\d,]+\.\d+)", lambda m: m[2] if m[1] else f"-{m[2]}", text)


def day(text: str) -> str:
    return re.sub(r"2026-(\d\d)", "2026-03", text)


def currency(text: str) -> str:
    return text.replace("$", "€")


WRONG: dict[str, Callable[[str], str]] = {
    "digit": digit,
    "sign": sign,
    "date": day,
    "currency": currency,
}


def talked(desk: Desk, case: Case, text: str) -> Any:
    return Talk(desk, Scripted(case, text), AskSettings(model="scripted")).answer(case.question)


def test_there_are_enough_of_different_kinds(sample: Sample) -> None:
    assert len(sample.cases) >= 60
    assert len({case.question for case in sample.cases}) == len(sample.cases)
    assert {case.unit for case in sample.cases} == {"USD", "%"}
    assert any(one < 0 for case in sample.cases for one in case.expects)
    assert sample.cases[0].text == "In 2026-08 $5,041.10 was billed."
    texts = json.dumps([case.text for case in sample.cases])
    assert "$3,842.59 in 2026-10" in texts, "as the README has it"


def test_right_answers_are_given(desk: Desk, sample: Sample) -> None:
    wrong = []
    for case in sample.cases:
        told = talked(desk, case, case.text)
        if not (told.text == case.text and right(case, told)):
            wrong.append((case.question, case.text, told.why))
    assert wrong == []


@pytest.mark.parametrize("how", WRONG)
def test_wrong_answers_are_not(desk: Desk, sample: Sample, how: str) -> None:
    given, tried = [], 0
    for case in sample.cases:
        text = WRONG[how](case.text)
        if text == case.text:
            continue
        tried += 1
        if talked(desk, case, text).text:
            given.append((case.question, text))
    assert given == []
    assert tried >= 50
