"""A month of Azure that another tool wrote, bill and cluster: its own sums, and a ledger that closes."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from burn.api import (
    CheckRequest,
    DataError,
    NoSettings,
    Observation,
    ObserveRequest,
    Report,
    Scope,
    schemas,
)
from burn.builtin.policies.specs import POLICIES
from burn.plugin.chosen import Chosen
from burn.run.pipeline import run
from burn.run.plan import Plan
from burn.work.events import Silent
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from tests.e2e import nise

AZURE = nise.ROOT / "azure" / "nise"
pytestmark = pytest.mark.skipif(not AZURE.exists(), reason="third-party cases are not here")
EXPORT = AZURE / "2026-10-export.csv.gz"
GROUP = (
    "/subscriptions/99999999-9999-9999-9999-999999999999/resourceGroups/koku-99hqd-rg"
    "/providers/Microsoft.Compute/virtualMachines"
)


class Nise:
    """The cluster's own hours, as a metrics source; its nodes are the bill's machines."""

    def __init__(self) -> None:
        self._days = {day: azure(seen) for day, seen in nise.observations(AZURE)}

    def check(self, request: CheckRequest) -> list[object]:
        return []

    def observe(self, request: ObserveRequest) -> object:
        day = request.window
        return self._days[day]


def azure(seen: Observation) -> Observation:
    """A day of the generator with Azure's ids."""
    named = seen.inventory.assign(provider_id="azure://" + GROUP + "/" + seen.inventory["name"])
    ids = dict(zip(named["asset_id"], "node/" + named["provider_id"], strict=True))
    frames: dict[str, Any] = {
        "inventory": named.assign(region="eastus", instance_type="Standard_D2s_v5")
    }
    frames |= {"presence": seen.presence, "usage": seen.usage}
    known = {one.name: one for one in schemas.SCHEMAS}
    for name, frame in frames.items():
        mine = frame.assign(asset_id=frame["asset_id"].map(ids))
        frames[name] = known[name].validate(mine, author="nise")
    return replace(seen, **frames)


def run_on(bill: Path) -> Report:
    (share_max,) = (spec.make(NoSettings()) for spec in POLICIES if spec.name == "share-max")
    provider = AzureProvider(AzureSettings(bill=str(bill), price_list="off"))
    return run(
        Plan(
            scope=Scope(),
            window=nise.WINDOW,
            source=Chosen("nise", "nise", Nise()),  # type: ignore[arg-type]
            provider=Chosen("azure", "burn-azure", provider),
            policies=(Chosen("share-max", "burn-core", share_max),),
            source_replayable=True,
        ),
        Silent(),
    )


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The generator sells all machines on the marketplace; here Azure itself sells them."""
    path = tmp_path_factory.mktemp("nise") / "export.csv"
    made = pd.read_csv(EXPORT, dtype="str", keep_default_na=False)
    machines = made["MeterCategory"] == "Virtual Machines"
    made["PublisherType"] = made["PublisherType"].mask(machines, "Azure")
    made.to_csv(path, index=False)
    return run_on(path)


@pytest.fixture(scope="module")
def own() -> dict[str, Decimal]:
    """Sums by plain csv, with no rule of burn's: per machine of the cluster, and everything."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    with gzip.open(EXPORT, "rt", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["Date"] >= f"{nise.WINDOW.end:%Y-%m-%d}":
                continue
            cost = Decimal(row["CostInBillingCurrency"])
            sums["lines"] += 1
            sums["billed"] += cost
            if row["ResourceId"].startswith(GROUP):
                sums["nodes"] += cost
    return sums


def test_the_bill_total_is_the_files_own(report: Report, own: dict[str, Decimal]) -> None:
    assert report.totals.billed == pytest.approx(float(own["billed"]), abs=0.005)
    assert report.control.lines == own["lines"]
    assert abs(report.totals.residual) < 0.005


def test_node_charges_are_the_files_own(report: Report, own: dict[str, Decimal]) -> None:
    """Its prices are 0, which is none: list cost is as charged."""
    by = report.ledger.groupby("driver")["amount"].sum()
    walked = by["report"] + by.get("uptime", 0) + by.get("list_price", 0) + by.get("unbilled", 0)
    assert own["nodes"] > 0
    assert walked == pytest.approx(float(own["nodes"]), abs=0.005)


def test_machines_of_the_marketplace_are_no_nodes() -> None:
    """As the file stands, it has no charge for the hours of any node, and burn says so."""
    with pytest.raises(DataError, match="none of the 4 nodes is on the bill"):
        run_on(EXPORT)


def test_the_namespaces_add_up_to_the_cluster(report: Report) -> None:
    cost = report.allocation.groupby("basis")["cost"].sum()
    assert cost["list"] == pytest.approx(report.totals.report, abs=0.005)
    assert cost["effective"] == pytest.approx(report.totals.cluster_effective, abs=0.005)
