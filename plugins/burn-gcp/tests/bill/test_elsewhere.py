"""A commitment's fee and the usage it covers, in several projects of one billing account."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from burn.api import Bill, BillRequest, LinesRequest, Scope, Window, schemas
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings

WINDOW = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))
CORE, FEE = "N2 Instance Core running in Iowa", "Commitment v1: N2 Cpu in Iowa for 1 Year"
COVERED = "COMMITTED_USAGE_DISCOUNT"


def line(
    project: str, sku: str, cost: float, hours: float, covered: bool = False
) -> dict[str, Any]:
    credit = {"name": "Committed Usage Discount: CPU", "amount": -cost, "type": COVERED}
    return {
        "service": {"description": "Compute Engine"},
        "sku": {"description": sku},
        "usage_start_time": "2026-10-01T00:00:00Z",
        "usage_end_time": "2026-10-02T00:00:00Z",
        "project": {"id": project},
        "labels": [{"key": "k", "value": "v"}],
        "location": {"region": "us-central1", "zone": "us-central1-a"},
        "cost": cost,
        "cost_at_list": cost,
        "currency": "USD",
        "usage": {"amount_in_pricing_units": hours, "pricing_unit": "hour"},
        "credits": [credit] if covered else [],
        "invoice": {"month": "202610"},
        "cost_type": "regular",
        "resource": {"name": "vm", "global_name": f"//compute/projects/{project}/instances/vm"},
    }


def read(
    folder: Path,
    *lines: dict[str, Any],
    seen: pd.DataFrame | None = None,
    cluster: str = "",
    **settings: Any,
) -> Bill:
    (folder / "export.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines))
    provider = GcpProvider(GcpSettings(bill=str(folder), price_list="off", **settings))
    known = schemas.IDENTITY.empty() if seen is None else seen
    scope = Scope(cluster=cluster) if cluster else Scope()
    return provider.bill(BillRequest(scope=scope, window=WINDOW, identities=known))


def amounts(bill: Bill, column: str) -> dict[str, float]:
    assert float(bill.control.billed) == pytest.approx(bill.rows["billed_cost"].sum())
    sums = bill.rows.groupby("x_cost_class")[column].sum().round(6)
    return {str(name): float(amount) for name, amount in sums.items()}


ACCOUNT = (
    line("shop", CORE, 40.0, 1000, covered=True),
    line("other", CORE, 20.0, 500, covered=True),
    line("admin", FEE, 60.0, 2000),
)
"""2,000 core-hours at 0.03, of which shop takes 1,000, another project 500, nobody 500."""


def test_usage_costs_the_fee_of_another_project(tmp_path: Path) -> None:
    bill = read(tmp_path, *ACCOUNT, projects=("shop",))
    assert amounts(bill, "effective_cost") == {"node": 30.0}
    assert amounts(bill, "billed_cost") == {"node": 0.0}
    assert bill.control.lines == 1


def test_what_other_projects_took_of_a_fee_is_not_unused(tmp_path: Path) -> None:
    """The fee is cash here, 15 of it unused; the rest is other projects' effective cost."""
    bill = read(tmp_path, *ACCOUNT, projects=("admin",))
    assert amounts(bill, "effective_cost") == {"unused_commitment": 15.0}
    assert amounts(bill, "billed_cost") == {"unused_commitment": 60.0}


def test_by_folder_too_and_without_a_scope(tmp_path: Path) -> None:
    above = {"shop": "/1/7/", "other": "/1/8/", "admin": "/1/8/"}
    lines = [
        one | {"project": one["project"] | {"ancestry_numbers": above[one["project"]["id"]]}}
        for one in ACCOUNT
    ]
    assert amounts(read(tmp_path, *lines, ancestors=("7",)), "effective_cost") == {"node": 30.0}
    whole = amounts(read(tmp_path, *lines), "effective_cost")
    assert whole == {"node": 45.0, "unused_commitment": 15.0}


def test_a_fee_that_is_on_no_line_is_said(tmp_path: Path) -> None:
    bill = read(tmp_path, *ACCOUNT[:2], projects=("shop",))
    assert amounts(bill, "effective_cost") == {"node": 0.0}
    (note,) = [one for one in bill.notes if "lacks the fee" in one]
    assert "40.00 USD" in note
    assert "n2 core/us-central1" in note


def test_a_fee_is_told_by_its_offset_too(tmp_path: Path) -> None:
    """Its SKU has another name; 10 of 12 were used."""
    fee = line("shop", "Flexible use plan", 12.0, 12.0)
    fee["credits"] = [{"name": "Fee offset", "amount": -10.0, "type": "FEE_UTILIZATION_OFFSET"}]
    bill = read(tmp_path, fee)
    assert amounts(bill, "effective_cost") == {"unused_commitment": 2.0}
    assert amounts(bill, "billed_cost") == {"unused_commitment": 2.0}


def test_explain_shows_the_fee_of_another_project(tmp_path: Path) -> None:
    read(tmp_path, *ACCOUNT)
    provider = GcpProvider(GcpSettings(bill=str(tmp_path), price_list="off", projects=("shop",)))
    shown = provider.lines(
        LinesRequest(scope=Scope(), window=WINDOW, subjects=("n2 core/us-central1",), limit=9)
    )
    assert shown["sku.description"].tolist() == [FEE]


@pytest.mark.parametrize(
    ("project", "place", "cost"),
    [
        ("shop", "us-central1", 3.0),
        ("shop", "us-central1-b", 3.0),
        ("shop", "us-central10", 0.0),
        ("other", "us-central1", 0.0),
    ],
)
def test_a_cluster_of_the_same_name_is_another_ones(
    tmp_path: Path, project: str, place: str, cost: float
) -> None:
    """The node costs 40 in shop/us-central1. A disk of 1 and a fee of 2 name a cluster `prod`."""
    cluster = [("goog-k8s-cluster-name", "prod"), ("goog-k8s-cluster-location", place)]
    disk = line(project, "Balanced PD Capacity in Iowa", 1.0, 10) | {
        "labels": [{"key": key, "value": value} for key, value in cluster],
        "resource": {"name": "d", "global_name": f"//compute/projects/{project}/disks/d"},
    }
    name = f"//container.googleapis.com/projects/{project}/locations/{place}/clusters/prod"
    fee = line(project, "Regional Kubernetes Clusters", 2.0, 24) | {
        "service": {"description": "Kubernetes Engine"},
        "resource": {"name": "prod", "global_name": name},
    }
    node = schemas.IDENTITY.validate(
        pd.DataFrame(
            {
                "asset_id": ["node/vm"],
                "resource_key": ["shop/us-central1-a/instance/vm"],
                "method": ["provider id"],
            }
        ),
        author="test",
    )
    bill = read(tmp_path, line("shop", CORE, 40.0, 1000), disk, fee, seen=node, cluster="prod")
    inside = bill.rows[bill.rows["in_cluster"]]
    assert inside["billed_cost"].sum() == pytest.approx(40.0 + cost)
