"""Bills that koku-nise writes on the spot: totals tie out with plain sums over its CSV.

Its Compute Engine generator is told the lab's nodes, so that the lines of the detailed export
are those of a cluster that burn sees.
"""

from __future__ import annotations

import ast
import csv
import json
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from burn.api import BillRequest, Scope, Window, schemas
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings
from tests.lab.gcp_names import PROJECT, assets, gcp_world
from tests.lab.gcp_run import gcp_report
from tests.lab.random_world import random_world
from tests.lab.things import World

CORE, RAM, DISK = "CF4E-A0C7-E3BF", "F449-33EC-A5EF", "D973-5D65-BAB2"

ROUNDED = Decimal("1e-9")
"""Its amounts have more digits than money has in the engine."""


@pytest.fixture(scope="module")
def world() -> World:
    return gcp_world(random_world(4))


def nodes(world: World) -> list[tuple[str, str, str]]:
    """Project, zone and name of each."""
    ids = [new for new, _ in assets(world).values() if new.startswith("gce://")]
    return [(p, z, n) for p, z, n in (one.removeprefix("gce://").split("/") for one in ids)]


def story(world: World) -> dict[str, Any]:
    """Cores and memory of the cluster's nodes, and a shop's database, network and buckets."""
    first = f"{world.start:%Y-%m-%d}"
    common = {"start_date": first, "currency": "USD", "location.region": "us-east4-a"}
    made: list[dict[str, Any]] = []
    for at, (project, zone, name) in enumerate(nodes(world)):
        where = f"//compute.googleapis.com/projects/{project}/zones/{zone}/instances/{name}"
        for sku, price in ((CORE, 0.03161), (RAM, 0.00424)):
            line = {
                "price": price,
                "usage.amount_in_pricing_units": 2 + at,
                "sku_id": sku,
                "resource.name": name,
                "resource.global_name": where,
                "labels": [{"goog-k8s-cluster-name": world.cluster}],
                "credit_amount": -0.01,
            }
            made.append({"ComputeEngineGenerator": common | line})
    crossing = {"month": "current", "days": [1], "overwrite": True}
    amount = {"price": 1.25, "usage.amount_in_pricing_units": 3}
    made += [
        {"PersistentDiskGenerator": common | {"price": 2, "capacity": 20, "sku_id": DISK}},
        {"CloudStorageGenerator": common | amount | {"credit_amount": -0.1}},
        {"GCPNetworkGenerator": common | amount | {"cross_over": crossing}},
        {"GCPDatabaseGenerator": common | amount},
    ]
    project = {
        "billing_account_id": "nise",
        "project.name": "shop",
        "project.id": PROJECT,
        "project.labels": "team:shop",
    }
    return {"generators": made, "projects": [project]}


def written(world: World, folder: Path, *options: str) -> Path:
    """One export of the world's month."""
    (folder / "bill").mkdir()
    (folder / "story.yml").write_text(json.dumps(story(world)), encoding="utf-8")
    last = f"{world.month[1]:%Y-%m-%d}"
    subprocess.run(
        [
            *(sys.executable, "-m", "nise", "report", "gcp", "--write-monthly", *options),
            *("--static-report-file", "../story.yml"),
            *("--start-date", f"{world.month[0]:%Y-%m-%d}", "--end-date", last),
        ],
        cwd=folder / "bill",
        capture_output=True,
        check=True,
        timeout=120,
    )
    return folder / "bill"


def sums(bill: Path, window: Window) -> tuple[int, Decimal, dict[str, Decimal]]:
    """Lines, money and money by service of the window's usage."""
    count, total = 0, Decimal(0)
    services: dict[str, Decimal] = defaultdict(Decimal)
    first, last = (f"{at:%Y-%m-%dT%H:%M:%S}" for at in (window.start, window.end))
    for path in bill.iterdir():
        with path.open(encoding="utf-8", newline="") as source:
            for row in csv.DictReader(source):
                if not first <= row["usage_start_time"] < last:
                    continue
                found = ast.literal_eval(row["credits"] or "[]")
                off = sum((Decimal(str(one["amount"])) for one in found if one), Decimal(0))
                count, total = count + 1, total + Decimal(row["cost"] or 0) + off
                services[row["service.description"]] += Decimal(row["cost"] or 0) + off
    return count, total, dict(services)


def test_a_standard_export(world: World, tmp_path: Path) -> None:
    window = Window(*world.month)
    bill = written(world, tmp_path)
    count, total, services = sums(bill, window)
    provider = GcpProvider(GcpSettings(bill=str(bill), price_list="off"))
    got = provider.bill(
        BillRequest(
            scope=Scope(cluster=world.cluster), window=window, identities=schemas.IDENTITY.empty()
        )
    )
    assert got.control.lines == count
    assert abs(got.control.billed - total) < ROUNDED
    assert got.rows["x_lines"].sum() == count > 1000
    found = got.rows.groupby("service_name")["billed_cost"].sum().to_dict()
    assert found == pytest.approx({name: float(cost) for name, cost in services.items()})


def test_a_detailed_export_of_the_cluster(world: World, tmp_path: Path) -> None:
    """A whole run: the nodes are found on it, and the ledger closes."""
    bill = written(world, tmp_path, "--resource-level")
    count, total, _ = sums(bill, Window(world.start, world.end))
    report = gcp_report(world, bill, price_list="off")
    assert report.control.lines == count
    assert abs(report.control.billed - total) < ROUNDED
    assert abs(report.totals.residual) < 0.005
    to_bill = report.ledger[report.ledger["group"] != "invoice"]
    assert to_bill["amount"].sum() == pytest.approx(float(total), abs=0.005)
    tied = report.ledger[report.ledger["group"] != "outside"]["amount"].sum()
    assert tied > 0
