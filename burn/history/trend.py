"""Cost over time, out of kept reports: each day by the report that speaks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from burn.api import UsageError, Window
from burn.api.dimensions import UNKNOWN
from burn.history.choose import by_day, one_subject
from burn.history.diff import NODE_ID
from burn.history.kept import Kept
from burn.history.owners import DIMENSIONS, lacks, named, require_dimension
from burn.ledger.totals import TO_CLUSTER

if TYPE_CHECKING:
    import pandas as pd

    from burn.history.store import History

TOTAL, DRIVER, SERVICE = "total", "driver", "service"
LINE = "line"
"""A driver with its group, for those who add up to landings."""
WATCHED = "watched"
"""Lines of the cluster, and services outside it: what goes on day by day."""
NODE, SUBJECT = "node", "subject"
BY = (TOTAL, DRIVER, SERVICE, NODE, SUBJECT, *DIMENSIONS)
"""What there always is; a dimension that an enricher named, e.g. team, is one more."""
_OF_LEDGER = (TOTAL, DRIVER, SERVICE, NODE, SUBJECT, LINE, WATCHED)
EVERY = ("day", "week", "month")
LANDINGS = {
    "REPORT": ("report",),
    "CLUSTER": TO_CLUSTER,
    "ACCOUNT": (*TO_CLUSTER, "outside"),
    "BILLED": (*TO_CLUSTER, "outside", "accounting"),
}
_REPORT = {"REPORT": LANDINGS["REPORT"]}
"""All that a report without a bill reaches."""
_CUT = (
    "reports are used in part, since others speak for the rest of their days: what a commitment left"
    " unused on a day on which it covered nothing is shared as in the window of each, and need not add up"
)
_DAYS_BY_DAY, _DAYS_BY_WEEK = 45, 200


@dataclass(frozen=True, slots=True)
class Period:
    """A day, a week that begins on Monday, or a month.

    Attributes:
        complete: each of its days is in a kept report.
        final: the bill of none of its days could still change when it was kept.
    """

    start: datetime
    complete: bool
    final: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """Amounts over time.

    Attributes:
        periods: those of which at least a day is kept, in order.
        amounts: a row a name, a column a period (its number), in `currency`; no sum is lost.
        every: day, week or month.
        notes: sentences a reader must see.
    """

    periods: tuple[Period, ...]
    amounts: pd.DataFrame
    every: str
    currency: str
    notes: tuple[str, ...] = ()


def trend(
    history: History, mine: Sequence[Kept], by: str, every: str = "", window: Window | None = None
) -> Trend:
    """Sum what is kept of each day.

    Args:
        history: where the reports are.
        mine: of one cluster, the newest first.
        by: one of `BY`, or a dimension.
        every: one of `EVERY`; empty: by how much time there is.
        window: only days in it.

    Raises:
        UsageError: reports of several clusters or currencies, no whole day, or no such dimension.
    """
    import pandas as pd

    one_subject(mine)
    days = {
        day: kept
        for day, kept in by_day(mine).items()
        if window is None or window.start <= day < window.end
    }
    notes: list[str] = []
    landings = LANDINGS if all(one.bill for one in days.values()) else _REPORT
    allocated = by not in _OF_LEDGER
    read = _allocated(days, by, notes) if allocated else _ledger(days, by, notes, landings)
    if not days:
        raise UsageError(
            "no whole day is kept", hint="keep reports of whole days: `burn run --window 2026-10`"
        )
    currencies = sorted({kept.currency for kept in days.values()})
    if len(currencies) > 1:
        raise UsageError(f"the kept reports are in several currencies: {', '.join(currencies)}")
    every = every or _fitting(len(days))
    parts, cut, unnamed = [], False, 0
    frames = []
    for kept in {one.name: one for one in days.values()}.values():
        rows = read(history, kept)
        if allocated:
            frames.append(rows[["dimensions"]].drop_duplicates())
        own = [day for day, one in days.items() if one is kept]
        parts.append(rows[rows["day"].isin(pd.DatetimeIndex(own))])
        cut |= len(own) < kept.window.hours // 24
        unnamed += len(own) * (allocated and lacks(rows, by))
    if allocated:
        require_dimension(frames, by)
    if unnamed:
        notes.append(
            f"{unnamed:,} days are of reports that name no {by}: there, all of it is {UNKNOWN}"
        )
    if cut and allocated:
        notes.append(_CUT)
    rows = pd.concat(parts, ignore_index=True)
    periods = _periods(days, every)
    number = {period.start: at for at, period in enumerate(periods)}
    starts = {day: number[_start(day, every)] for day in days}
    rows["period"] = rows["day"].map(starts)
    amounts = rows.pivot_table(
        index="name", columns="period", values="amount", aggfunc="sum", fill_value=0.0
    ).reindex(columns=range(len(periods)), fill_value=0.0)
    return Trend(periods, amounts, every, currencies[0], tuple(notes))


Reader = Callable[["History", Kept], "pd.DataFrame"]


def _ledger(
    days: dict[datetime, Kept], by: str, notes: list[str], landings: dict[str, tuple[str, ...]]
) -> Reader:
    """Reads the ledger by day; drops days of reports that have none."""
    _drop(days, lambda kept: "daily.parquet" in kept.files, "have no ledger by day", notes)

    def read(history: History, kept: Kept) -> pd.DataFrame:
        import pandas as pd

        rows: pd.DataFrame = history.frame(kept, "daily")
        if by == TOTAL:
            steps = [
                rows[rows["group"].isin(groups)].assign(name=name)
                for name, groups in landings.items()
            ]
            return pd.concat(steps, ignore_index=True)
        if by == DRIVER:
            return rows.assign(name=rows["driver"])
        if by == LINE:
            return rows.assign(name=rows["group"].astype(str) + "/" + rows["driver"].astype(str))
        if by == WATCHED:
            return watched(rows)
        cluster = rows["group"].isin(TO_CLUSTER)
        if by in (NODE, SUBJECT):
            return rows[cluster].assign(name=_subject(history, kept, rows[cluster], by))
        name = rows["subject"].where(rows["group"] == "outside", "(accounting)")
        return rows.assign(name=name.where(~cluster, "(cluster)"))

    return read


def watched(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a ledger by day that anomalies are looked for in: `group/driver`, `outside/service`."""
    rows = rows[rows["group"] != "accounting"]
    outside = rows["group"] == "outside"
    what = rows["driver"].astype(str).mask(outside, rows["subject"].astype(str))
    return rows.assign(name=rows["group"].astype(str) + "/" + what)


def _subject(history: History, kept: Kept, rows: pd.DataFrame, by: str) -> pd.Series[Any]:
    """What a row of the cluster is on, by its name in the ledger; by node, the others as one."""
    names: pd.DataFrame = history.frame(kept, "ledger")[["subject", "name"]]
    named = names.drop_duplicates("subject").set_index("subject")["name"].astype(str)
    subject = rows["subject"].astype(str)
    name = subject.map(named).fillna(subject)
    if by == NODE:
        name = name.where(subject.str.contains(NODE_ID), "(no node)")
    return name.where(subject != "", "(not told apart)")


def _allocated(days: dict[datetime, Kept], by: str, notes: list[str]) -> Reader:
    """Reads the allocation at the basis of the newest report; drops days of other bases."""
    basis = max(days.values(), key=lambda one: one.kept_at).basis if days else ""
    _drop(days, lambda kept: kept.basis == basis, f"are not at {basis} cost", notes)

    def read(history: History, kept: Kept) -> pd.DataFrame:
        rows: pd.DataFrame = history.frame(kept, "allocation")
        rows = rows[rows["basis"].astype(str) == basis]
        return rows.assign(name=named(rows, by), amount=rows["cost"])

    return read


def _drop(
    days: dict[datetime, Kept], good: Callable[[Kept], bool], why: str, notes: list[str]
) -> None:
    odd = [day for day, kept in days.items() if not good(kept)]
    for day in odd:
        del days[day]
    if odd:
        notes.append(f"{len(odd):,} days are left out: their reports {why}")


def _fitting(days: int) -> str:
    return EVERY[(days > _DAYS_BY_DAY) + (days > _DAYS_BY_WEEK)]


def _periods(days: dict[datetime, Kept], every: str) -> tuple[Period, ...]:
    found: dict[datetime, list[datetime]] = {}
    for day in days:
        found.setdefault(_start(day, every), []).append(day)
    return tuple(
        Period(
            start,
            complete=len(inside) == _length(start, every),
            final=all(days[day].final_on(day) for day in inside),
        )
        for start, inside in sorted(found.items())
    )


def _start(day: datetime, every: str) -> datetime:
    if every == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if every == "month" else day


def _length(start: datetime, every: str) -> int:
    if every == "month":
        return Window.month(start.year, start.month).hours // 24
    return 7 if every == "week" else 1
