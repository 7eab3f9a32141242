"""Budgets, what is spent of them, and what fired."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from burn.api import UsageError, setting
from burn.history.budget import Budget
from burn.history.check import Crossing, crossings
from burn.questions.cite import cite
from burn.questions.figures import NOTHING, Figure, one
from burn.questions.kind import CLUSTER, LIMIT, OFFSET, Kind, Limit, Name, Offset
from burn.questions.over_time import Told
from burn.questions.paging import page, text

if TYPE_CHECKING:
    from burn.history.kept import Kept
    from burn.questions.desk import Desk

_NONE = "no budget is set: [check.budgets.NAME] in burn.toml"
_GAP = "gap"


@dataclass(frozen=True, slots=True)
class Takes:
    """Parameters of `budgets`."""

    cluster: Name = setting("", help=CLUSTER)
    limit: Limit = setting(10, help=LIMIT)
    offset: Offset = setting(0, help=OFFSET)


@dataclass(frozen=True, slots=True)
class Fired:
    """A limit that is reached.

    Attributes:
        percent: of the budget.
        state: final, can still change, or forecast.
        told: when `burn check` told it first; empty: not yet.
    """

    period: str
    percent: float
    state: str
    told: str


@dataclass(frozen=True, slots=True)
class Row:
    """A budget and what is spent of it in the newest period that is kept.

    Attributes:
        of: which name by which dimension.
        budget: what it may cost, as burn.toml says.
        spent: in the period that begins at `period`.
        complete: each day of the period is kept.
    """

    name: str
    by: str
    of: str
    every: str
    period: str
    complete: bool
    budget: Figure
    spent: Figure
    fired: tuple[Fired, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """How far the cluster's cost may be from the report, in percent, where that fired."""

    limit_percent: float
    percent: float
    period: str
    told: str


@dataclass(frozen=True, slots=True)
class Budgets:
    """All budgets, as they are written; they may be of the same cost, and have no sum.

    Attributes:
        omitted: how many are not on this page.
        next: the `offset` that gives the next; null: there is none.
    """

    cluster: str
    provider: str
    rows: tuple[Row, ...]
    omitted: int
    next: int | None
    gap: Gap | None
    notes: tuple[str, ...]


def limit(desk: Desk, name: str, currency: str) -> Figure:
    """What a budget may cost, as burn.toml says.

    Raises:
        UsageError: there is no such budget.
    """
    budget = desk.check.budgets.get(name)
    if budget is None:
        raise UsageError(f"there is no budget `{text(name, 60)}`", hint=_NONE)
    where = cite("budget", name, currency=currency)
    return Figure(one(budget.amount), currency, "budget", f"a {budget.period}", where)


def _row(desk: Desk, name: str, budget: Budget, told: Told, found: list[Crossing]) -> Row:
    names = set(map(str, told.trend.amounts.index))
    if budget.of not in names:
        raise UsageError(
            f"budget `{text(name, 60)}` is of `{text(budget.of, 60)}`, which no kept report has"
        )
    period = told.trend.periods[-1]
    start = f"{period.start:%Y-%m-%d}"
    spent = told.amounts(budget.of)[-1]
    return Row(
        name=text(name),
        by=budget.by,
        of=text(budget.of),
        every=budget.period,
        period=start,
        complete=period.complete,
        budget=limit(desk, name, text(told.trend.currency)),
        spent=told.figure(spent, name=budget.of, period=start),
        fired=tuple(_fired(each) for each in found if each.check == name)[:8],
    )


def _fired(each: Crossing) -> Fired:
    state = "forecast" if each.ahead else "final" if each.final else "can still change"
    when = f"{each.told:%Y-%m-%d}" if each.told else ""
    return Fired(f"{each.period:%Y-%m-%d}", each.threshold, state, when)


def _answer(desk: Desk, takes: Takes) -> Budgets:
    mine: list[Kept] = desk.mine(takes.cluster)
    # What a budget is of may be anything, so that it takes all of the cluster.
    desk.seen(mine[0].name, by=("driver",)).require_whole()
    notes: list[str] = []
    check = desk.check
    limits = replace(check, anomaly_amount=0.0)  # no part of the answer
    found = crossings(desk.history(("driver",)), mine, limits, notes.append)
    trends: dict[tuple[str, str], Told] = {}

    def row(name: str, _: Decimal) -> Row:
        budget = check.budgets[name]
        key = (budget.by, budget.period)
        if key not in trends:
            trends[key] = Told(desk, *key, "", mine)
        return _row(desk, name, budget, trends[key], found)

    made = page([(name, NOTHING) for name in check.budgets], row, takes.offset, takes.limit)
    over = next((each for each in found if each.check == _GAP and each.currency == "%"), None)
    return Budgets(
        cluster=text(mine[0].cluster or ""),
        provider=text(mine[0].provider),
        rows=made.rows,
        omitted=made.left,
        next=made.next,
        gap=_gap(over) if over else None,
        notes=tuple(notes) if check.budgets else (_NONE,),
    )


def _gap(over: Crossing) -> Gap:
    when = f"{over.told:%Y-%m-%d}" if over.told else ""
    return Gap(over.limit, round(over.amount, 2), f"{over.period:%Y-%m-%d}", when)


KIND = Kind(
    "budgets",
    "Budgets and what fired",
    "Each budget, what is spent of it in the newest period, and which of its limits are reached or forecast.",
    Takes,
    Budgets,
    _answer,
)
