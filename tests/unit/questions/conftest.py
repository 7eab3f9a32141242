"""Desks over kept reports of the view's sample, and a walk over the figures of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from burn.api import Report, Window
from burn.history.budget import Budget, CheckSettings
from burn.history.place import Place
from burn.history.store import History
from burn.questions import opened
from burn.questions.desk import Desk
from tests.unit.history.reports import NOW, daily, rich

CLUSTER = "shop-prod"
CHECK = CheckSettings(
    budgets={
        "all": Budget(amount=500.0),
        "shop": Budget(amount=100.0, by="namespace", of="shop", period="week"),
    },
    gap_percent=1.0,
)
SEPTEMBER = Window.month(2026, 9)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(Place(str(tmp_path / "kept")))


@pytest.fixture
def report() -> Report:
    return october()


@pytest.fixture
def both(history: History, report: Report) -> dict[str, Report]:
    """The kept reports by name: September, which was otherwise, and October."""
    return keep_both(history, report)


@pytest.fixture
def desk(history: History, both: dict[str, Report]) -> Desk:
    return opened(history, CHECK)


def october() -> Report:
    """October; the bill is final."""
    made = rich(provisional_from=None)
    allocation = over_days(made.allocation.assign(cluster=CLUSTER), made.info.window)
    info = replace(made.info, cluster=CLUSTER)
    invoices = tuple(
        replace(made.control.invoices[0], invoice=name, amount=whole, inside=inside)
        for name, whole, inside in (
            ("7", Decimal("11.10"), Decimal("10.00")),
            ("8", Decimal("2.34"), Decimal("2.34")),
        )
    )
    control = replace(made.control, invoices=invoices)
    return replace(made, info=info, allocation=allocation, daily=daily(made), control=control)


def keep_both(history: History, newer: Report) -> dict[str, Report]:
    """Keep October and a September of it: a workload less, all else a tenth dearer."""
    ledger = newer.ledger.assign(amount=newer.ledger["amount"] * 1.1)
    totals = replace(
        newer.totals,
        **{
            name: getattr(newer.totals, name) * 1.1
            for name in (
                "report",
                "cluster_effective",
                "account_effective",
                "billed",
                "cluster_billed",
            )
        },
    )
    allocation = over_days(newer.allocation.assign(cost=newer.allocation["cost"] * 1.1), SEPTEMBER)
    before = replace(
        newer,
        info=replace(newer.info, run_id="ba9876543210", window=SEPTEMBER),
        control=replace(newer.control, billed=newer.control.billed * 11 / 10),
        ledger=ledger,
        totals=totals,
        allocation=allocation,
    )
    before = replace(before, daily=daily(before))
    names = (
        history.keep(before, now=NOW - timedelta(days=30)).name,
        history.keep(newer, now=NOW).name,
    )
    return dict(zip(names, (before, newer), strict=True))


def over_days(allocation: pd.DataFrame, window: Window) -> pd.DataFrame:
    """The allocation's sums, a day after the other over the window's days."""
    keys = [name for name in allocation.columns if name not in ("day", "cost")]
    sums = allocation.groupby(keys, as_index=False, observed=True)[["cost"]].sum()
    days = [day.start for day in window.days()]
    at = pd.DatetimeIndex([days[number % len(days)] for number in range(len(sums))])
    return sums.assign(day=at.astype("datetime64[us, UTC]"))[list(allocation.columns)]


def figures(answer: Any) -> Iterator[dict[str, str]]:
    """Every figure of an answer, however deep; a trend's periods with the citation they state."""
    if isinstance(answer, dict):
        if "cite" in answer:
            yield answer
        for value in answer.values():
            yield from figures(value)
        for row in answer["rows"] if "periods" in answer else ():
            for period, amount in zip(answer["periods"], row["amounts"], strict=True):
                cite = f"{row['figure']['cite']}/period={period['start']}"
                yield {**row["figure"], "amount": amount, "cite": cite}
    elif isinstance(answer, list):
        for value in answer:
            yield from figures(value)
