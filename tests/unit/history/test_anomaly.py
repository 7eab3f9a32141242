"""Anomalies over random series: how many planted ones are found, and how many days cry for nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from burn.api import Window
from burn.history.anomaly import events
from burn.history.choose import one_subject
from burn.history.jumps import jumps
from burn.history.kept import Kept
from burn.history.place import Place
from burn.history.store import History
from tests.unit.history.reports import NOW, rich

SERIES, DAYS, LEARNT = 400, 120, 21
AMOUNT, PERCENT = 5.0, 30.0


def costs(noise: float, seed: int) -> tuple[Any, Any]:
    """Costs with weekdays of their own, a slow drift and noise in proportion; and without the noise."""
    dice = np.random.default_rng(seed)
    weekday = 1 + dice.uniform(-0.5, 0.5, (SERIES, 7)) * (dice.random((SERIES, 1)) < 0.7)
    level = np.exp(dice.normal(4, 1, (SERIES, 1)))
    day = np.arange(DAYS)
    drift = np.maximum(1 + dice.normal(0, 0.002, (SERIES, 1)) * day, 0.1)
    base = level * drift * weekday[:, day % 7]
    return base * np.maximum(1 + dice.normal(0, noise, base.shape), 0), base


@pytest.mark.parametrize(("noise", "most"), [(0.03, 0.05), (0.08, 0.5), (0.15, 0.5)])
def test_a_usual_day_hardly_ever_cries(noise: float, most: float) -> None:
    """Fewer false alarms than so many of a thousand days of a series."""
    false = sum(len(events(costs(noise, seed)[0], AMOUNT, PERCENT)) for seed in range(3))
    assert 1000 * false / (3 * SERIES * (DAYS - LEARNT)) <= most


@pytest.mark.parametrize(("noise", "least"), [(0.03, 0.99), (0.08, 0.85)])
def test_a_planted_jump_is_found_on_its_day_and_told_once(noise: float, least: float) -> None:
    """A step of 80 %: up or down, on a random day."""
    planted = found = once = 0
    for seed in range(3):
        series, base = costs(noise, seed)
        dice = np.random.default_rng(seed + 100)
        at = dice.integers(60, DAYS - 5, SERIES)
        for row, day in enumerate(at):
            up = dice.random() < 0.5
            step = 0.8 * base[row, day:]
            series[row, day:] += step if up else -step
        told = events(series, AMOUNT, PERCENT)
        for row, day in enumerate(at):
            if 0.8 * base[row, day] < 1.5 * AMOUNT:
                continue  # too little money to be told of
            mine = [one for one in told if one.row == row]
            planted += 1
            found += any(one.first == day for one in mine)
            once += sum(day <= one.first < day + 10 for one in mine) <= 1
    assert planted > SERIES
    assert found / planted >= least
    assert once / planted >= 0.98


def test_both_floors_hold() -> None:
    series = np.full((4, 60), 100.0)
    series[0, 40] += 29.0  # not the percent
    series[1] = 4.0
    series[1, 40] += 4.9  # not the money
    series[2, 40] += 31.0
    series[3, 40] -= 31.0
    told = [(one.row, one.first, round(one.excess)) for one in events(series, AMOUNT, PERCENT)]
    assert told == [(2, 40, 31), (3, 40, -31)]


def test_what_is_not_known_is_no_drop_and_a_new_level_is_learnt() -> None:
    series = np.full((2, 120), 100.0)
    series[0, 50:] = np.nan  # can still change
    series[1, 50:] = 200.0
    told = events(series, AMOUNT, PERCENT)
    assert [(one.row, one.first) for one in told] == [(1, 50)]
    assert told[0].last < 80


def test_a_fee_of_each_month_is_told_once() -> None:
    series = np.full((1, 120), 10.0)
    firsts = (0, 30, 61, 91)
    series[0, list(firsts)] += 90.0
    assert [one.first for one in events(series, AMOUNT, PERCENT, firsts=firsts)] == []
    series[0, 91] += 200.0
    assert [one.first for one in events(series, AMOUNT, PERCENT, firsts=firsts)] == [91]


def test_it_is_explained_by_the_driver_and_the_resource(tmp_path: Path) -> None:
    """60 days of two nodes; a third comes on the 45th, and one of the last days can still change."""
    window = Window.parse("2026-09-01..2026-10-31", now=NOW)
    days = [day.start for day in window.days()]
    rows = [
        (day, "report", "report", subject, 20.0) for day in days for subject in ("node/a", "node/b")
    ]
    rows += [(day, "unmodelled", "nat", "nat/1", 12.0) for day in days]
    rows += [(day, "report", "report", "node/c", 30.0) for day in days[44:]]
    rows += [
        (days[44], "report", "report", "node/b", 3.0),
        (days[-1], "unmodelled", "nat", "x", 99.0),
    ]
    daily = pd.DataFrame(rows, columns=["day", "group", "driver", "subject", "amount"])
    daily["day"] = pd.to_datetime(daily["day"], utc=True).astype("datetime64[us, UTC]")
    report = replace(rich(window=window, provisional_from=days[-2]), daily=daily)
    store = History(Place(str(tmp_path)))
    mine = [store.keep(report, now=NOW)]
    one_subject(mine)
    (one,) = jumps(store, mine, AMOUNT, PERCENT, None)
    assert (one.line, one.start) == ("report/report", datetime(2026, 10, 15, tzinfo=UTC))
    assert (one.expected, one.amount) == (40.0, 73.0)
    assert one.because == "node/c +30.00 (new), node/b +3.00"
    assert jumps(store, mine, AMOUNT, PERCENT, one.start + timedelta(days=1)) == []


def test_days_that_can_still_change_are_no_usual_days_of_a_resource(tmp_path: Path) -> None:
    """Eight of the fourteen days before were run while the bill was open, and show nothing of it yet."""
    window = Window.parse("2026-09-01..2026-10-31", now=NOW)
    days = [day.start for day in window.days()]
    amounts = dict.fromkeys(days, 20.0) | {days[44]: 90.0}
    open_ = Window(days[36], days[44])
    store = History(Place(str(tmp_path)))

    def keep(span: Window, at: int, costs: dict[datetime, float], **info: object) -> Kept:
        mine = [day.start for day in span.days()]
        rows = [(day, "report", "report", "node/a", costs.get(day, 0.0)) for day in mine]
        daily = pd.DataFrame(rows, columns=["day", "group", "driver", "subject", "amount"])
        daily["day"] = pd.to_datetime(daily["day"], utc=True).astype("datetime64[us, UTC]")
        made = replace(rich(window=span, **info), daily=daily)
        return store.keep(made, now=NOW + timedelta(hours=at))

    mine = [
        keep(Window(days[44], window.end), 3, amounts, provisional_from=None),
        keep(open_, 2, {}, provisional_from=open_.start),
        keep(Window(window.start, open_.start), 1, amounts, provisional_from=None),
    ]
    (one,) = jumps(store, mine, AMOUNT, PERCENT, None)
    assert (one.start, one.expected, one.amount) == (days[44], 20.0, 90.0)
    assert one.because == "node/a +70.00"
