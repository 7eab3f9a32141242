"""Reports to keep: the views' sample with something of everything in it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pandas as pd

from burn.api import Accounted, Coverage, FileCount, Invoiced, Report
from tests.unit.view.sample import sample

NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)


def rich(**info: Any) -> Report:
    """Every optional part is there; categories are in no order; floats are awkward."""
    report = sample(**info)
    allocation = report.allocation.copy()
    for name in ("namespace", "workload", "resource", "basis"):
        values = allocation[name]
        found = sorted(values.unique(), reverse=True)
        allocation[name] = values.astype(pd.CategoricalDtype([*found, "never used"]))
    allocation.loc[0, "cost"] = 0.1 + 0.2
    allocation.loc[1, "cost"] = -0.0
    control = replace(
        report.control,
        billed=Decimal("12.340000000000"),
        files=(FileCount(file="a.csv", month="2026-10", currency="USD", rows=3, priced=2, amount=Decimal("1e-12")),),
        accounted=(Accounted(file="a.csv", fate="window", currency="USD", rows=3, amount=Decimal(1)),),
        invoices=(Invoiced(month="2026-10", issuer="ACME", invoice="7", rows=3, amount=Decimal("1.10"), inside=Decimal(1)),),
        unread=("b.csv: of another month",),
    )  # fmt: skip
    coverage = Coverage(
        hours_missing=1.5,
        gaps=((datetime(2026, 10, 2, tzinfo=UTC), datetime(2026, 10, 2, 1, 30, tzinfo=UTC)),),
        queries=7,
        notes=("café \x1b[31m",),
        sees={"nodes": True, "claims": False},
    )
    split = pd.DataFrame({"namespace": ["shop", "kube-system"], "cost": [1.25, 0.1]})
    return replace(
        report,
        allocation=allocation,
        control=control,
        coverage=coverage,
        namespace_split=split,
        daily=daily(report),
    )


def daily(report: Report) -> pd.DataFrame:
    """The ledger as if each row were spread evenly over the window's days."""
    days = [day.start for day in report.info.window.days()]
    ledger = report.ledger[report.ledger["group"] != "invoice"]
    rows = ledger[["group", "driver", "subject", "amount"]].merge(
        pd.DataFrame({"day": pd.to_datetime(days, utc=True).astype("datetime64[us, UTC]")}),
        how="cross",
    )
    rows["amount"] /= len(days)
    keys = ["day", "group", "driver", "subject"]
    return rows.groupby(keys, as_index=False)[["amount"]].sum()


def same(one: Report, other: Report) -> None:
    """Equal in every field, frames in every bit."""
    for field in fields(Report):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if isinstance(a, pd.DataFrame):
            pd.testing.assert_frame_equal(a, b, check_exact=True)
            for name in a.columns:
                if isinstance(a[name].dtype, pd.CategoricalDtype):
                    assert list(a[name].cat.categories) == list(b[name].cat.categories)
        else:
            assert a == b, field.name
