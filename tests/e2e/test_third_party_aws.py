"""A month that another tool wrote: its own sums must come out, and the ledger must close."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from decimal import Decimal

import pytest

from burn.api import CheckRequest, NoSettings, ObserveRequest, Report, Scope
from burn.builtin.policies.specs import POLICIES
from burn.plugin.chosen import Chosen
from burn.run.pipeline import run
from burn.run.plan import Plan
from burn.work.events import Silent
from tests.e2e import nise

pytestmark = pytest.mark.skipif(not nise.AWS.exists(), reason="third-party cases are not here")
CUR = nise.AWS / "2026-10-cur-legacy.csv.gz"


class Nise:
    """The cluster's own hours, as a metrics source."""

    def __init__(self) -> None:
        self._days = dict(nise.observations())

    def check(self, request: CheckRequest) -> list[object]:
        return []

    def observe(self, request: ObserveRequest) -> object:
        day = request.window
        return self._days[day]


@pytest.fixture(scope="module")
def report() -> Report:
    from burn_aws.provider import AwsProvider
    from burn_aws.settings import AwsSettings

    (share_max,) = (spec.make(NoSettings()) for spec in POLICIES if spec.name == "share-max")
    return run(
        Plan(
            scope=Scope(),
            window=nise.WINDOW,
            source=Chosen("nise", "nise", Nise()),  # type: ignore[arg-type]
            provider=Chosen("aws", "burn-aws", AwsProvider(AwsSettings(bill=str(CUR)))),
            policies=(Chosen("share-max", "burn-core", share_max),),
            source_replayable=True,
        ),
        Silent(),
    )


@pytest.fixture(scope="module")
def own() -> dict[str, Decimal]:
    """Sums by plain csv, with no rule of burn's: covered usage of nodes, and everything."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    with gzip.open(CUR, "rt") as file:
        for row in csv.DictReader(file):
            cost = Decimal(row["lineItem/UnblendedCost"])
            sums["billed"] += cost
            sums[row["lineItem/ProductCode"]] += cost
            if (
                row["lineItem/ResourceId"].startswith("i-0a1b2c3d")
                and "BoxUsage" in row["lineItem/UsageType"]
            ):
                sums["node_list"] += Decimal(row["pricing/publicOnDemandCost"])
                sums["node_effective"] += Decimal(row["savingsPlan/SavingsPlanEffectiveCost"])
    return sums


def test_the_bill_total_is_the_files_own(report: Report, own: dict[str, Decimal]) -> None:
    assert report.totals.billed == pytest.approx(float(own["billed"]), abs=0.005)
    assert abs(report.totals.residual) < 0.005
    with gzip.open(CUR, "rt") as file:
        assert report.control.lines == sum(1 for _ in csv.reader(file)) - 1


def test_node_charges_are_the_files_own(report: Report, own: dict[str, Decimal]) -> None:
    by = report.ledger.groupby("driver")["amount"].sum()
    walked = by["report"] + by.get("uptime", 0) + by.get("list_price", 0)
    assert walked == pytest.approx(float(own["node_list"]), abs=0.005)
    saved = float(own["node_effective"] - own["node_list"])
    assert by["commitment"] == pytest.approx(saved, abs=0.005)


def test_the_namespaces_add_up_to_the_cluster(report: Report) -> None:
    cost = report.allocation.groupby("basis")["cost"].sum()
    assert cost["list"] == pytest.approx(report.totals.report, abs=0.005)
    assert cost["effective"] == pytest.approx(report.totals.cluster_effective, abs=0.005)
