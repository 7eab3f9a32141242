"""Budgets, the gap and anomalies, against kept reports: what is over, and what of it was not told before.

A crossing is told once: a small file beside the kept reports says when. It is written once and never
again, like they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from burn.api import UsageError
from burn.history.budget import Budget, CheckSettings
from burn.history.choose import by_day, one_subject
from burn.history.forecast import forecast
from burn.history.jumps import jumps
from burn.history.kept import Kept
from burn.history.trend import Trend, trend

if TYPE_CHECKING:
    from burn.history.store import History

TOLD = "told/v1"
GAP, ANOMALY = "gap", "anomaly"
_PERIODS = 2
"""The month that just ended is looked at beside the one that runs."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A limit that is reached.

    Attributes:
        check: the budget's name, `gap`, or `anomaly` with the driver or service.
        period: when it began.
        threshold: percent of the limit; of an anomaly 0.
        limit, amount: in the currency; of a gap, percent; of an anomaly, what its first day was
            expected to cost, and did.
        final: nothing of it can still change.
        told: when it was told first; None: not yet.
        ahead: the amount is the forecast of the whole month.
        because: of an anomaly, the nodes, volumes or services that it was.
    """

    check: str
    period: datetime
    threshold: float
    limit: float
    amount: float
    currency: str
    final: bool
    told: datetime | None = None
    ahead: bool = False
    because: str = ""

    @property
    def key(self) -> str:
        """What it is told once of."""
        text = f"{self.check}\n{self.period.isoformat()}\n{self.threshold}\n{self.ahead}"
        return sha256(text.encode()).hexdigest()[:24]


def crossings(
    history: History,
    mine: Sequence[Kept],
    limits: CheckSettings,
    warn: Callable[[str], None],
    to: str = "",
) -> list[Crossing]:
    """Every limit that is reached in the two newest periods that are kept, told before or not.

    Anomalies are those that began in the month of the newest day, or in the one before.

    Args:
        history: where the reports are.
        mine: of one cluster, the newest first.
        limits: budgets by name, and how far the gap and single days may be off.
        warn: told why there is no forecast or gap, where a limit wants one.
        to: whom it was told; nobody named: by `burn check`.

    Raises:
        UsageError: a budget names nothing that is in the reports.
    """
    one_subject(mine)
    budgets = limits.budgets
    made: dict[tuple[str, str], Trend] = {}
    fired: list[Crossing] = []
    for name, budget in budgets.items():
        key = (budget.by, budget.period)
        if key not in made:
            made[key] = trend(history, mine, *key)
        fired += _over(name, budget, made[key])
    if any(budget.ahead for budget in budgets.values()):
        fired += _ahead(history, mine, budgets, warn)
    if limits.gap_percent:
        fired += _gap(mine, limits.gap_percent, warn)
    if limits.anomaly_amount:
        fired += _anomalies(history, mine, limits)
    told = _told(history)
    whose = _whose(mine, to)
    return [_with(one, told.get(f"{whose}/{one.key}")) for one in fired]


def tell(
    history: History, mine: Sequence[Kept], new: Sequence[Crossing], now: datetime, to: str = ""
) -> None:
    """Write down that these were told, and to whom; nobody named: by `burn check`."""
    whose = _whose(mine, to)
    for one in new:
        event = {
            "key": f"{whose}/{one.key}",
            "check": one.check,
            "period": one.period.isoformat(),
            "threshold": one.threshold,
            "amount": one.amount,
            "told": now.isoformat(),
        }
        place = sha256(f"{whose}/{one.key}".encode()).hexdigest()[:24]
        history.place.write(f"{TOLD}/{place}.json", (json.dumps(event) + "\n").encode())


def _whose(mine: Sequence[Kept], to: str) -> str:
    return "/".join([*mine[0].subject, *([to] if to else [])])


def _over(name: str, budget: Budget, found: Trend) -> list[Crossing]:
    if budget.of not in found.amounts.index:
        listed = ", ".join(map(str, list(found.amounts.index)[:8]))
        raise UsageError(
            f"budget `{name}` is of `{budget.of}`, which no kept report has",
            hint=f"by {budget.by} there are {listed}",
        )
    amounts = [float(one) for one in found.amounts.loc[budget.of].to_numpy()]
    newest = list(zip(found.periods, amounts, strict=True))[-_PERIODS:]
    return [
        Crossing(name, one.start, percent, limit, amount, found.currency, one.final)
        for one, amount in newest
        for percent in budget.thresholds
        if amount >= (limit := budget.amount * percent / 100)
    ]


def _ahead(
    history: History,
    mine: Sequence[Kept],
    budgets: Mapping[str, Budget],
    warn: Callable[[str], None],
) -> list[Crossing]:
    """Of the first month that the forecast has; too few days are no reason to stop."""
    try:
        made = forecast(history, mine, 1)
    except UsageError as error:
        warn(f"no budget is checked ahead: {error.message}")
        return []
    month = made.months[0]
    return [
        Crossing(name, month.start, percent, limit, amount, made.currency, final=False, ahead=True)
        for name, budget in budgets.items()
        for percent in budget.ahead
        if (amount := month.landings[budget.of].total) >= (limit := budget.amount * percent / 100)
    ]


def _gap(mine: Sequence[Kept], limit: float, warn: Callable[[str], None]) -> list[Crossing]:
    """Of the report that speaks for the newest day; without a bill there is none."""
    days = by_day(mine)
    newest = days[max(days)] if days else mine[0]
    if not newest.bill:
        warn("the gap is not checked: the newest report has no bill")
        return []
    if not newest.report:
        return []
    gap = 100 * abs(newest.cluster_effective / newest.report - 1)
    if gap < limit:
        return []
    return [Crossing(GAP, newest.window.start, limit, limit, gap, "%", newest.final)]


def _anomalies(history: History, mine: Sequence[Kept], limits: CheckSettings) -> list[Crossing]:
    days = by_day(mine)
    if not days:
        return []
    month = max(days).replace(day=1)
    since = (month - timedelta(days=1)).replace(day=1)
    anomalies = jumps(history, mine, limits.anomaly_amount, limits.anomaly_percent, since)
    return [
        Crossing(
            f"{ANOMALY}: {one.title}",
            one.start,
            0.0,
            one.expected,
            one.amount,
            one.currency,
            final=True,
            because=one.because,
        )
        for one in anomalies
    ]


def _told(history: History) -> dict[str, datetime]:
    out: dict[str, datetime] = {}
    for name in history.place.files():
        if name.startswith(f"{TOLD}/") and name.endswith(".json"):
            try:
                event = json.loads(history.place.read(name))
                out[event["key"]] = datetime.fromisoformat(event["told"]).astimezone(UTC)
            except (ValueError, KeyError, TypeError, FileNotFoundError):
                continue  # told again is better than never
    return out


def _with(one: Crossing, told: datetime | None) -> Crossing:
    return replace(one, told=told)
