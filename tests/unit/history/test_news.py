"""When a digest is due: a change that is large enough, a limit that is reached, each told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from burn.api import AccessError, News, Report, TellSettings, UsageError, Window
from burn.api.alerts import sentence
from burn.history.budget import Budget, CheckSettings
from burn.history.news import Newsroom
from burn.history.place import Place
from burn.history.store import History
from burn.history.upto import Upto
from tests.unit.history.reports import NOW, rich

HOOK = "slack:https://hooks.example/T0/B0/s3cr3t"


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(Place(str(tmp_path / "kept")))


def costing(factor: float, window: Window | None = None) -> Report:
    made = rich(provisional_from=None)
    names = ("report", "cluster_effective", "account_effective", "billed", "cluster_billed")
    totals = replace(made.totals, **{n: getattr(made.totals, n) * factor for n in names})
    return replace(made, totals=totals, info=replace(made.info, window=window or made.info.window))


def news(
    history: History,
    report: Report,
    check: CheckSettings | None = None,
    at: datetime = NOW,
    receiver: str = HOOK,
    **settings: Any,
) -> News:
    kept = history.keep(report, now=at)
    room = Newsroom(Upto(history, kept), check or CheckSettings(), pytest.fail, lambda: at)
    return room.news(receiver, TellSettings(**settings))


@pytest.mark.parametrize(
    ("factor", "percent", "floor", "due"),
    [
        (1.0, 0.0, 0.0, False),  # nothing moved
        (1.2, 10.0, 0.0, True),
        (0.8, 10.0, 0.0, True),
        (1.05, 10.0, 0.0, False),
        (1.2, 10.0, 1e6, False),  # far in percent, a trifle in money
        (1.2, 50.0, 0.01, False),  # money enough, a trifle in percent
    ],
)
def test_a_change_must_be_large_in_percent_and_in_money(
    history: History, factor: float, percent: float, floor: float, due: bool
) -> None:
    asked = {"when": "change", "percent": percent, "floor": floor}
    first = news(history, costing(1.0), **asked)
    assert (first.due, first.change) == (True, ""), "what was never sent is news"
    first.sent()
    second = news(history, costing(factor), at=NOW + timedelta(days=1), **asked)
    assert second.due is due
    assert news(history, costing(factor), when="always").due


def test_a_slow_change_is_told_when_it_has_become_large(history: History) -> None:
    asked: dict[str, Any] = {"when": "change", "percent": 10.0}
    news(history, costing(1.0), **asked).sent()
    due = []
    for day, factor in enumerate((1.04, 1.08, 1.12, 1.16), 1):
        one = news(history, costing(factor), at=NOW + timedelta(days=day), **asked)
        due.append(one.due)
        if one.due:
            one.sent()
    assert due == [False, False, True, False]


def test_what_was_not_sent_stays_news_and_receivers_are_apart(history: History) -> None:
    asked: dict[str, Any] = {"when": "change", "percent": 10.0}
    assert news(history, costing(1.0), **asked).due
    assert news(history, costing(1.0), **asked).due, "nobody said that it was sent"
    news(history, costing(1.0), **asked).sent()
    assert not news(history, costing(1.0), **asked).due
    assert news(history, costing(1.0), receiver="slack:C0OTHER", **asked).due


def test_windows_of_different_length_are_compared_by_the_hour(history: History) -> None:
    asked: dict[str, Any] = {"when": "change", "percent": 5.0, "of": "billed"}
    october, november = Window.month(2026, 10), Window.month(2026, 11)
    news(history, costing(31.0, october), **asked).sent()
    second = news(history, costing(30.0, november), **asked)
    assert not second.due
    assert "at the length of this window" in second.change
    third = news(history, costing(33.0, november), **asked)
    assert third.due
    assert "(+10.0 %)" in third.change


def test_a_limit_is_told_once_to_each_receiver(history: History) -> None:
    check = CheckSettings(budgets={"all": Budget(amount=1.0)}, gap_percent=0.01)
    first = news(history, costing(1.0), check, when="limit")
    assert first.due
    assert len(first.reached) == 3, "80 and 100 percent of the budget, and the gap"
    told = " ".join(map(sentence, first.reached))
    assert "Budget all has reached 100 % ($1.00) in the period from 2026-10-01" in told
    first.sent()
    again = news(history, costing(1.0), check, when="limit")
    assert (again.due, again.reached) == (False, ())
    assert news(history, costing(1.0), check, receiver="other", when="limit").due
    assert not news(history, costing(1.0), CheckSettings(), receiver="new", when="limit").due


def test_nothing_that_is_noted_holds_the_receiver(history: History, tmp_path: Path) -> None:
    news(history, costing(1.0), CheckSettings(budgets={"all": Budget(amount=1.0)})).sent()
    files = [path for path in (tmp_path / "kept").rglob("*") if path.is_file()]
    noted = [path for path in files if "sent" in path.parts or "told" in path.parts]
    assert len(noted) == 3
    for path in noted:
        assert b"s3cr3t" not in path.read_bytes()
        assert "s3cr3t" not in str(path)


def test_a_place_that_cannot_be_written_is_told_where_it_matters(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = history.keep(costing(1.0), now=NOW)

    def refuse(*_: object) -> None:
        raise AccessError("kept reports cannot be written")

    monkeypatch.setattr(Place, "write", refuse)
    warned: list[str] = []
    room = Newsroom(Upto(history, kept), CheckSettings(), warned.append)
    room.news(HOOK, TellSettings()).sent()
    assert len(warned) == 1
    with pytest.raises(AccessError):
        room.news(HOOK, TellSettings(when="change")).sent()


@pytest.mark.parametrize("wrong", [{"percent": -1.0}, {"floor": float("nan")}])
def test_settings_that_say_nothing_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        TellSettings(**wrong)
