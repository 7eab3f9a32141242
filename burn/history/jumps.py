"""Anomalies of kept reports: which driver, on which day, and which of its nodes or services it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from burn.api import DRIVERS
from burn.api.money import cents, figure
from burn.history.anomaly import Event, events
from burn.history.choose import by_day
from burn.history.kept import Kept
from burn.history.trend import WATCHED, trend, watched

if TYPE_CHECKING:
    import pandas as pd

    from burn.history.store import History

LONGEST = 150
"""Days that are looked at; more would not change what is expected of the newest."""
_BEFORE = 14
"""Days that say what a subject usually costs."""
_NAMED = 2


@dataclass(frozen=True, slots=True)
class Jump:
    """A driver that costs more or less than expected, from a day on.

    Attributes:
        line: `group/driver`, or `outside/service`.
        start, last: its first and last day so far.
        amount, expected: of the first day.
        excess: over all of its days.
        because: the nodes, volumes or services that it was, with their part of the first day.
    """

    line: str
    start: datetime
    last: datetime
    amount: float
    expected: float
    excess: float
    currency: str
    because: str

    @property
    def title(self) -> str:
        """The driver's title, or the service's name."""
        group, _, name = self.line.partition("/")
        driver = DRIVERS.get(name)
        return driver.title if driver and group != "outside" else name


def jumps(
    history: History, mine: Sequence[Kept], amount: float, percent: float, since: datetime | None
) -> list[Jump]:
    """Every jump that began on or after `since`, by day; days that could still change are not looked at.

    Args:
        history: where the reports are.
        mine: of one cluster, the newest first.
        amount, percent: least money and percent, see `anomaly.events`.
        since: None: all of them.

    Raises:
        UsageError: no whole day is kept, or reports are of several clusters or currencies.
    """
    import numpy as np

    daily = trend(history, mine, WATCHED, "day")
    days = [one.start for one in daily.periods]
    first = max(days[0], days[-1] - timedelta(days=LONGEST - 1))
    count = (days[-1] - first).days + 1
    series = np.full((len(daily.amounts), count), np.nan)
    amounts = daily.amounts.to_numpy("float64")
    for number, period in enumerate(daily.periods):
        if period.final and period.start >= first:
            series[:, (period.start - first).days] = amounts[:, number]
    every = [first + timedelta(days=at) for at in range(count)]
    firsts = tuple(at for at, day in enumerate(every) if day.day == 1)
    known = {one.start for one in daily.periods if one.final}
    kept = {day: one for day, one in by_day(mine).items() if day in known}
    names = [str(name) for name in daily.amounts.index]
    return [
        _jump(history, kept, names[one.row], one, every, daily.currency)
        for one in events(series, amount, percent, firsts=firsts)
        if since is None or every[one.first] >= since
    ]


def _jump(
    history: History,
    kept: dict[datetime, Kept],
    line: str,
    event: Event,
    every: Sequence[datetime],
    currency: str,
) -> Jump:
    start = every[event.first]
    before = [day for day in every[max(0, event.first - _BEFORE) : event.first] if day in kept]
    because = _because(history, kept, line, start, before, up=event.excess > 0)
    return Jump(
        line=line,
        start=start,
        last=every[event.last],
        amount=event.amount,
        expected=event.expected,
        excess=event.excess,
        currency=currency,
        because=because,
    )


def _because(
    history: History,
    kept: dict[datetime, Kept],
    line: str,
    start: datetime,
    before: Sequence[datetime],
    *,
    up: bool,
) -> str:
    """The subjects that moved most, with what each costs more than its median day before."""
    import pandas as pd

    own: dict[str, list[datetime]] = {}
    for day in (*before, start):
        own.setdefault(kept[day].name, []).append(day)
    frames = [_subjects(history, kept[days[0]], line, days) for days in own.values()]
    sums = pd.concat(frames).groupby(["name", "day"])["amount"].sum()
    rows = sums.unstack().reindex(columns=pd.DatetimeIndex([*before, start])).fillna(0.0)
    usual, now = rows.iloc[:, :-1].median(axis=1).fillna(0.0), rows.iloc[:, -1]
    moved = (now - usual).sort_values(ascending=not up)
    moved = moved[(moved > 0) if up else (moved < 0)]
    named = {str(name): float(value) for name, value in moved.head(_NAMED).items()}
    words = [
        f"{name} {figure(cents(value), sign=True)}{_state(rows[rows.index == name].iloc[0])}"
        for name, value in named.items()
        if name and cents(value)
    ]
    left = cents(float(moved.iloc[len(words) :].sum()))
    if words and left:
        words.append(f"{len(moved) - len(words)} more {figure(left, sign=True)}")
    return ", ".join(words)


def _state(days: pd.Series[Any]) -> str:
    """Whether the newest day is the first, or the first without."""
    if not days.iloc[:-1].any():
        return " (new)"
    return "" if days.iloc[-1] else " (gone)"


def _subjects(history: History, one: Kept, line: str, days: Sequence[datetime]) -> pd.DataFrame:
    """The line's rows of some days, each with its subject's name."""
    rows: pd.DataFrame = watched(history.frame(one, "daily"))
    rows = rows[(rows["name"] == line) & rows["day"].isin(list(days))]
    ledger: pd.DataFrame = history.frame(one, "ledger")[["subject", "name"]]
    named = ledger.drop_duplicates("subject").set_index("subject")["name"].astype(str)
    subject = rows["subject"].astype(str)
    return rows.assign(name=subject.map(named).fillna(subject))
