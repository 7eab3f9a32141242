"""Cost by day, week or month, out of all kept reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

from annotated_types import Ge, Le

from burn.api import UsageError, Window, setting
from burn.history.owners import groups
from burn.history.trend import BY, TOTAL, Trend, trend
from burn.questions.cite import cite
from burn.questions.figures import Figure, added, one
from burn.questions.kind import CLUSTER, LIMIT, OFFSET, Kind, Limit, Name, Offset
from burn.questions.paging import Omitted, page, text

if TYPE_CHECKING:
    from burn.history.kept import Kept
    from burn.questions.desk import Desk

_BY = f"{', '.join(BY)}, or a dimension, as team"
Every = Literal["", "day", "week", "month"]
Periods = Annotated[int, Ge(1), Le(31)]


@dataclass(frozen=True, slots=True)
class Takes:
    """Parameters of `trend`."""

    by: Name = setting(TOTAL, help=f"one row per {_BY}")
    every: Every = setting("", help="day, week or month; empty: by how much time there is")
    window: Name = setting("", help="only days in it, as 2026-10 or 2026-10-01..2026-11-01")
    periods: Periods = setting(12, help="the newest so many")
    cluster: Name = setting("", help=CLUSTER)
    limit: Limit = setting(10, help=LIMIT)
    offset: Offset = setting(0, help=OFFSET)


@dataclass(frozen=True, slots=True)
class Period:
    """A column.

    Attributes:
        start: its first day.
        complete: each of its days is kept.
        final: nothing of it can still change.
    """

    start: str
    complete: bool
    final: bool


@dataclass(frozen=True, slots=True)
class Row:
    """Cost over time.

    Attributes:
        amounts: of each period, in the row's currency and basis. Cited as `figure.cite` with
            `/period=START` after it.
        figure: their sum; of `by` total, landings contain each other and do not add up.
    """

    name: str
    amounts: tuple[Decimal, ...]
    figure: Figure


@dataclass(frozen=True, slots=True)
class OverTime:
    """Rows, the largest first; with what is omitted they add up to the total."""

    cluster: str
    provider: str
    by: str
    every: str
    periods: tuple[Period, ...]
    rows: tuple[Row, ...]
    omitted: Omitted | None
    total: Figure | None
    notes: tuple[str, ...]


class Told:
    """A trend as of an instant, so that its citations stay true when more is kept."""

    def __init__(self, desk: Desk, by: str, every: str, window: str, mine: list[Kept]) -> None:
        if by not in BY and not groups(by):
            raise UsageError(f"there is no trend by `{text(by, 60)}`", hint=f"it takes {_BY}")
        span = Window.parse(window, now=datetime.now(UTC)) if window else None
        self.mine, self.by, self._window = mine, by, span
        self.trend: Trend = desk.once(
            ("trend", by, every, span, mine[0].name, len(mine)),
            lambda: trend(desk.history((by,)), mine, by, every, span),
        )
        self.basis = "list to billed" if by == TOTAL else mine[0].basis
        self.shown = 0

    def newest(self, periods: int) -> Told:
        """Of its newest periods alone."""
        self.shown = max(0, len(self.trend.periods) - periods)
        return self

    def amounts(self, name: str) -> tuple[Decimal, ...]:
        """What a name costs in each period that is shown."""
        row = self.trend.amounts.loc[name].to_numpy()[self.shown :]
        return tuple(one(float(value)) for value in row)

    @property
    def rows(self) -> list[tuple[str, Decimal]]:
        """Names and their sums, the largest first; landings as they are walked."""
        names = list(map(str, self.trend.amounts.index))
        sums = [(name, added(self.amounts(name))) for name in names]
        if self.by == TOTAL:
            order = ("REPORT", "CLUSTER", "ACCOUNT", "BILLED")
            return sorted(sums, key=lambda item: order.index(item[0]))
        return sorted(sums, key=lambda item: (-abs(item[1]), item[0]))

    def figure(self, amount: Decimal, **keys: str) -> Figure:
        """An amount of it, at an address that says of which reports."""
        newest, periods = self.mine[0], self.trend.periods
        first, last = periods[self.shown].start, periods[-1].start
        head = {
            "cluster": newest.cluster or "",
            "provider": newest.provider,
            "kept": newest.kept_at.isoformat(),
            "by": self.by,
            "every": self.trend.every,
            "window": str(self._window or ""),
            "from": f"{first:%Y-%m-%d}",
        }
        given = {key: value for key, value in {**head, **keys}.items() if value}
        span = f"{self.trend.every}s from {first:%Y-%m-%d} to that of {last:%Y-%m-%d}"
        basis = _BASES.get(keys.get("name", ""), self.basis) if self.by == TOTAL else self.basis
        return Figure(amount, text(self.trend.currency), basis, span, cite("trend", **given))


_BASES = {"REPORT": "list", "CLUSTER": "effective", "ACCOUNT": "effective", "BILLED": "billed"}


def _answer(desk: Desk, takes: Takes) -> OverTime:
    mine = desk.mine(takes.cluster)
    found = Told(desk, takes.by, takes.every, takes.window, mine).newest(takes.periods)

    def row(name: str, total: Decimal) -> Row:
        return Row(text(name), found.amounts(name), found.figure(total, name=name))

    rows = found.rows
    made = page(rows, row, takes.offset, takes.limit)
    but = f"{takes.offset}..{takes.offset + len(made.rows)}"
    several = takes.by == TOTAL
    return OverTime(
        cluster=text(mine[0].cluster or ""),
        provider=text(mine[0].provider),
        by=takes.by,
        every=found.trend.every,
        periods=tuple(
            Period(f"{p.start:%Y-%m-%d}", p.complete, p.final)
            for p in found.trend.periods[found.shown :]
        ),
        rows=made.rows,
        omitted=None
        if several
        else Omitted(made.left, found.figure(made.rest, but=but), made.next),
        total=None if several else found.figure(added(amount for _, amount in rows)),
        notes=tuple(text(note, 400) for note in found.trend.notes),
    )


KIND = Kind(
    "trend",
    "Cost over time",
    "Cost of each day, week or month out of all kept reports: totals, or by driver, service, namespace,"
    " workload, owner or resource. Says what can still change.",
    Takes,
    OverTime,
    _answer,
)
