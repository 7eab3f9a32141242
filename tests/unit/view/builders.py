"""Builds reports that tie out, for tests of views, sinks and findings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd

from burn.api import (
    ControlTotal,
    Coverage,
    Finding,
    Report,
    RunInfo,
    Totals,
    Window,
    schemas,
)

WINDOW = Window.month(2026, 10)
CLUSTER = ("report", "observation", "rate", "unmodelled", "waste")


def ledger(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Ledger rows from as little as group, driver, subject and amount."""
    base = {
        "name": "",
        "lines": 0,
        "observed": math.nan,
        "billed": math.nan,
        "unit": "",
        "method": "",
        "confidence": "high",
    }
    frame = pd.DataFrame([base | row for row in rows], columns=schemas.LEDGER.names)
    return schemas.LEDGER.validate(frame, author="test")


def totals(frame: pd.DataFrame, invoice: float | None = None) -> Totals:
    """Landings by exact sums of the ledger's rows."""
    amounts = list(zip(frame["group"], frame["amount"], strict=True))
    report = math.fsum(a for g, a in amounts if g == "report")
    cluster = math.fsum(a for g, a in amounts if g in CLUSTER)
    account = math.fsum(a for g, a in amounts if g != "accounting")
    billed = math.fsum(a for _, a in amounts)
    share = cluster * billed / account if account else cluster
    return Totals(
        report=report,
        cluster_effective=cluster,
        account_effective=account,
        billed=billed,
        residual=0.0,
        cluster_billed=share,
        invoice=invoice,
    )


def prices(rows: Sequence[tuple[str, datetime, float, str]]) -> pd.DataFrame:
    """Price rows from (asset, day, cost, source): 24 hours each."""
    frame = pd.DataFrame(rows, columns=["asset_id", "day", "list_cost", "price_source"])
    frame = frame.assign(quantity=24.0, unit="hours", currency="USD")
    frame["unit_price"] = frame["list_cost"] / 24.0
    frame[["cpu_rate", "memory_rate", "gpu_rate"]] = math.nan
    return schemas.PRICES.validate(frame[schemas.PRICES.names], author="test")


def allocation(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Allocation rows from as little as basis, kind and cost."""
    base = {
        "day": WINDOW.start,
        "asset_id": "",
        "cluster": "",
        "namespace": "",
        "workload_kind": "",
        "workload": "",
        "owner": "",
        "dimensions": "{}",
        "labels": "{}",
        "resource": "cpu",
        "kind": "direct",
    }
    frame = pd.DataFrame([base | row for row in rows], columns=schemas.ALLOCATION.names)
    return schemas.ALLOCATION.validate(frame, author="test")


def report(
    ledger_frame: pd.DataFrame,
    allocation_frame: pd.DataFrame,
    prices_frame: pd.DataFrame,
    *,
    findings: tuple[Finding, ...] = (),
    notes: tuple[str, ...] = (),
    coverage: Coverage | None = None,
    split: pd.DataFrame | None = None,
    invoice: float | None = None,
    **info: Any,
) -> Report:
    """A report around frames; totals are sums of the ledger."""
    found = totals(ledger_frame, invoice)
    known: dict[str, Any] = {
        "run_id": "0123456789ab",
        "burn_version": "0.1.0",
        "window": WINDOW,
        "cluster": "demo",
        "provider": "acme",
        "source": "snapshot",
        "policies": ("share-max",),
        "basis": "effective",
        "currency": "USD",
        "provisional_from": None,
        "plugins": ("burn-core 0.1.0",),
    }
    return Report(
        info=RunInfo(**(known | info)),
        totals=found,
        control=ControlTotal(
            lines=int(ledger_frame["lines"].sum()),
            billed=Decimal(str(round(found.billed, 10))),
            currency="USD",
        ),
        ledger=ledger_frame,
        prices=prices_frame,
        allocation=allocation_frame,
        findings=findings,
        notes=notes,
        coverage=coverage or Coverage(),
        namespace_split=split,
    )


def day(number: int) -> datetime:
    """The n-th day of the window, from 0."""
    return WINDOW.start + timedelta(days=number)


def at(number: int, hour: int = 0) -> datetime:
    """An hour of the n-th day."""
    return datetime(2026, 10, number + 1, hour, tzinfo=UTC)
