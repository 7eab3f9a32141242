"""A forecast is what went on, and what comes on the first; what can still change has no say in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from typer.testing import Result

from burn.api import UsageError, Window
from burn.history.forecast import forecast
from burn.history.place import Place
from burn.history.store import History
from tests.lab.daily_costs import trial
from tests.unit.cli.conftest import alone, burn, toyland
from tests.unit.history.reports import NOW, rich

__all__ = ["alone", "burn", "toyland"]  # fixtures
Burn = Callable[..., Result]
START = datetime(2026, 9, 1, tzinfo=UTC)
WEEKDAY, WEEKEND, NAT, SUPPORT = 100.0, 60.0, 7.0, 500.0


@pytest.fixture
def history(alone: None) -> History:
    return History(Place(".local/share/burn/history"))


def keep(history: History, days: int, *, provisional: int = 0, start: datetime = START) -> None:
    """Nodes by weekday, a NAT gateway, and support on the first; provisional days are half there."""
    window = Window(start, start + timedelta(days=days))
    since = window.end - timedelta(days=provisional)
    rows = []
    for day in (one.start for one in window.days()):
        part = 0.5 if day >= since else 1.0
        nodes = WEEKEND if day.weekday() >= 5 else WEEKDAY
        rows.append((day, "report", "report", nodes * part))
        rows.append((day, "unmodelled", "nat", NAT * part))
        if day.day == 1:
            rows.append((day, "accounting", "support", SUPPORT))
    daily = pd.DataFrame(rows, columns=["day", "group", "driver", "amount"])
    daily["day"] = pd.to_datetime(daily["day"], utc=True).astype("datetime64[us, UTC]")
    report = rich(window=window, provisional_from=since if provisional else None)
    history.keep(replace(report, daily=daily.assign(subject="")), now=NOW)


def nodes(start: datetime, end: datetime) -> float:
    days = [start + timedelta(days=at) for at in range((end - start).days)]
    return sum(WEEKEND if day.weekday() >= 5 else WEEKDAY for day in days)


@pytest.mark.parametrize("provisional", [0, 5])
def test_what_goes_on_goes_on_and_the_first_comes_again(history: History, provisional: int) -> None:
    keep(history, 50, provisional=provisional)
    found = forecast(history, history.all(), 2)
    known = START + timedelta(days=50 - provisional)
    october, november = found.months
    assert (october.known, october.days) == (20 - provisional, 31)
    first, second = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    billed = october.landings["BILLED"]
    assert billed.so_far == pytest.approx(nodes(first, known) + NAT * october.known + SUPPORT)
    assert billed.to_come == pytest.approx(
        nodes(known, second) + NAT * (31 - october.known), rel=0.01
    )
    assert november.drivers["accounting/support"] == (0.0, SUPPORT)
    report = november.landings["REPORT"]
    assert report.to_come == pytest.approx(
        nodes(second, datetime(2026, 12, 1, tzinfo=UTC)), rel=0.01
    )
    assert report.half < 0.05 * report.total, "a week like the other is sure"
    assert sum(map(sum, october.drivers.values())) == pytest.approx(billed.total)
    assert any("support" in note for note in found.notes)


def test_a_gap_ends_what_is_known(history: History) -> None:
    keep(history, 25)
    keep(history, 16, start=START + timedelta(days=35))
    found = forecast(history, history.all(), 1)
    assert found.first == START + timedelta(days=35)
    assert any("before 2026-10-06" in note for note in found.notes)
    assert any("first of a month" in note for note in found.notes)


@pytest.mark.parametrize(("days", "provisional"), [(13, 0), (20, 7), (3, 3)])
def test_under_two_weeks_of_final_days_it_refuses(
    history: History, burn: Burn, days: int, provisional: int
) -> None:
    keep(history, days, provisional=provisional)
    with pytest.raises(UsageError):
        forecast(history, history.all())
    assert burn("forecast").exit_code == 2


def test_without_a_past_to_try_it_on_there_is_no_interval(history: History, burn: Burn) -> None:
    keep(history, 14)
    shown = burn("forecast", "--format", "json")
    assert shown.exit_code == 0, shown.stderr
    month = json.loads(shown.stdout)["months"][0]
    assert month["landings"]["REPORT"]["low"] is None
    assert month["landings"]["REPORT"]["total"] == pytest.approx(
        nodes(START, datetime(2026, 10, 1, tzinfo=UTC)), rel=0.05
    )
    assert "could not be tried" in burn("forecast").stdout


def test_the_interval_holds_as_often_as_it_says_and_the_error_is_the_least() -> None:
    dice = np.random.default_rng(7)
    trials = [trial(dice) for _ in range(60)]
    mean = {name: float(np.mean([one[name] for one in trials])) for name in trials[0]}
    assert 0.7 <= mean["held"] <= 0.9
    assert mean["burn"] < min(mean["last week again"], mean["a straight line"])
