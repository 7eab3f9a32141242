"""Situations that people reported in public: unpacked, run in one process."""

from __future__ import annotations

import os
import tarfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from burn.api import Report, Scope, Window
from burn.builtin.metrics.snapshot.source import SnapshotSettings, SnapshotSource
from burn.builtin.policies.specs import POLICIES
from burn.plugin.chosen import Chosen
from burn.run.pipeline import run
from burn.run.plan import Plan
from burn.work.events import Silent
from burn_gcp.hooks import burn_billing_providers
from burn_gcp.settings import GcpSettings
from tests.lab.chosen import chosen

ROOT = Path(__file__).parents[2]
CASES = Path(os.environ.get("BURN_CASES", ROOT / "../shared/cases")) / "reported/gcp"
needs_cases = pytest.mark.skipif(not CASES.exists(), reason="reported cases are not here")
DAY = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))


def reported(name: str, folder: Path, **settings: Any) -> Report:
    """The case's own metrics and bill, with these settings."""
    with tarfile.open(next(CASES.glob(f"{name}*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    (case,) = folder.iterdir()
    return over(case / "metrics", case / "bill", **settings)


def over(metrics: Path, bill: Path, window: Window = DAY, **settings: Any) -> Report:
    """One run of burn."""
    spec = burn_billing_providers()[0]
    mine = replace(GcpSettings(bill=str(bill), price_list="off"), **settings)
    policies = {one.name: one for one in POLICIES}
    share = policies["share-max"]
    source = SnapshotSource(SnapshotSettings(path=str(metrics)))
    plan = Plan(
        scope=Scope(cluster="shop-prod"),
        window=window,
        source=Chosen("snapshot", "burn", source),
        provider=chosen(spec, mine),
        policies=(Chosen("share-max", "burn", share.make(share.settings())),),
        basis="effective",
    )
    return run(plan, Silent())


def drivers(report: Report) -> dict[str, float]:
    """The ledger by driver, to the cent."""
    sums = report.ledger.groupby("driver")["amount"].sum().round(2)
    return {str(name): float(amount) for name, amount in sums.items() if amount}
