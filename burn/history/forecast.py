"""What the month that runs, and those after it, will cost: forecast from the ledger by day.

Usage goes on as it did, by weekday and with a trend that fades, and so does what is billed by the month,
which lies evenly on its days. What is charged once on the first of a month comes again on each first, in
the amount of the last one. Days whose bill could still change are forecast too, never taken for what
they show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from burn.api import UsageError, Window
from burn.history.forecast_model import LEAST_DAYS, LONGEST, Tested, ahead, backtest
from burn.history.kept import Kept
from burn.history.trend import LANDINGS, LINE, trend

if TYPE_CHECKING:
    import numpy as np

    from burn.history.store import History

_ODD = 6 * 1.4826
"""Median absolute deviations (as standard ones) that make the first of a month a line of its own."""
_CENT = 0.01


@dataclass(frozen=True, slots=True)
class Landing:
    """One total of a month, and the interval it will lie in, four times of five."""

    so_far: float
    to_come: float
    half: float

    @property
    def total(self) -> float:
        """All of the month."""
        return self.so_far + self.to_come


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month.

    Attributes:
        known: days of it that are final; the others are forecast.
        landings: REPORT, CLUSTER, ACCOUNT and BILLED.
        drivers: so far and to come, by `group/driver`.
    """

    start: datetime
    days: int
    known: int
    landings: dict[str, Landing]
    drivers: dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Months ahead, from so many final days.

    Attributes:
        first, last: of the final days it is made from, without a gap between them.
        tested: how it did on them, by landing.
    """

    first: datetime
    last: datetime
    currency: str
    months: tuple[Month, ...]
    tested: dict[str, Tested]
    notes: tuple[str, ...] = ()


def forecast(history: History, mine: Sequence[Kept], months: int = 2) -> Forecast:
    """Look ahead from the newest stretch of final days.

    Args:
        history: where the reports are.
        mine: of one cluster, the newest first.
        months: how many, with the one that runs.

    Raises:
        UsageError: less than two weeks of final days.
    """
    daily = trend(history, mine, LINE, "day")
    first, last = _stretch([(one.start, one.final) for one in daily.periods])
    count = (last - first).days + 1
    if count < LEAST_DAYS:
        raise UsageError(
            f"{count} final days in a row are kept, to {last:%Y-%m-%d}; a forecast takes {LEAST_DAYS}",
            hint="run burn for the days before, or when the bill is final",
        )
    days = [first + timedelta(days=at) for at in range(count)]
    at = {one.start: number for number, one in enumerate(daily.periods)}
    names = [str(name) for name in daily.amounts.index]
    actual = daily.amounts.to_numpy("float64")[:, [at[day] for day in days]]
    firsts = [number for number, day in enumerate(days) if day.day == 1]
    regular, monthly = _split(actual, firsts)
    spans = _months(last + timedelta(days=1), months)
    horizon = (spans[-1].end - last).days - 1
    recent = regular[:, -LONGEST:]
    weekday = days[-recent.shape[1]].weekday()
    future = ahead(recent, weekday, horizon)
    for number in range(horizon):
        if (last + timedelta(days=number + 1)).day == 1:
            future[:, number] += monthly
    rows = {
        name: [n for n, line in enumerate(names) if line.partition("/")[0] in groups]
        for name, groups in LANDINGS.items()
    }
    longest = min(horizon, 31)
    tested = {name: backtest(recent[mine_], weekday, longest) for name, mine_ in rows.items()}
    made = tuple(_month(span, days, actual, future, rows, names, tested) for span in spans)
    notes = [*daily.notes]
    again = [name.partition("/")[2] for name, amount in zip(names, monthly, strict=True) if amount]
    if again:
        notes.append(
            f"taken to come again on the first of each month, as it last did: {', '.join(again)}"
        )
    if not firsts:
        notes.append(
            "no first of a month is among these days: what is charged once, on the first, is left out"
        )
    if made[0].days > made[0].known + (spans[0].end - last).days - 1:
        notes.append(
            f"days of {spans[0].start:%Y-%m} before {first:%Y-%m-%d} are not kept, and left out"
        )
    return Forecast(first, last, daily.currency, made, tested, tuple(notes))


def _stretch(days: Sequence[tuple[datetime, bool]]) -> tuple[datetime, datetime]:
    """The newest final days without a gap."""
    final = [day for day, is_final in days if is_final]
    if not final:
        raise UsageError(
            "no day that is kept is final", hint="run burn again when the bill is complete"
        )
    first = last = final[-1]
    for day in reversed(final[:-1]):
        if first - day != timedelta(days=1):
            break
        first = day
    return first, last


def _split(
    actual: np.ndarray[Any, Any], firsts: Sequence[int]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Series without what stands on the firsts of months, and the newest of that."""
    import numpy as np

    regular, monthly = actual.copy(), np.zeros(actual.shape[0])
    for at in firsts:
        near = [n for n in range(max(0, at - 7), min(actual.shape[1], at + 8)) if n not in firsts]
        around = actual[:, near]
        middle = np.median(around, axis=1)
        spread = np.median(np.abs(around - middle[:, None]), axis=1)
        odd = np.abs(actual[:, at] - middle) > np.maximum(_ODD * spread, _CENT)
        regular[odd, at] = middle[odd]
        monthly = np.where(odd, actual[:, at] - middle, 0.0)
    return regular, monthly


def _months(start: datetime, count: int) -> list[Window]:
    spans = [Window.month(start.year, start.month)]
    while len(spans) < count:
        end = spans[-1].end
        spans.append(Window.month(end.year, end.month))
    return spans


def _month(
    span: Window,
    days: Sequence[datetime],
    actual: np.ndarray[Any, Any],
    future: np.ndarray[Any, Any],
    rows: dict[str, list[int]],
    names: Sequence[str],
    tested: dict[str, Tested],
) -> Month:
    known = [n for n, day in enumerate(days) if span.start <= day < span.end]
    begin = max(0, (span.start - days[-1]).days - 1)
    until = (span.end - days[-1]).days - 1
    so_far, to_come = actual[:, known].sum(axis=1), future[:, begin:until].sum(axis=1)
    return Month(
        start=span.start,
        days=span.hours // 24,
        known=len(known),
        landings={
            name: Landing(
                float(so_far[mine].sum()),
                float(to_come[mine].sum()),
                tested[name].half(until - begin, until),
            )
            for name, mine in rows.items()
        },
        drivers={
            name: (float(a), float(b)) for name, a, b in zip(names, so_far, to_come, strict=True)
        },
    )
