"""Bills that koku-nise writes on the spot: totals tie out with plain sums over its CSV."""

from __future__ import annotations

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
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings

SUBSCRIPTION = "38f1d748-3ac7-4b7f-a5ae-8b5ff16db82d"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/MC_shop_prod_eastus"
VM = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/a"
FIRST, LAST = "2026-10-01", "2026-11-01"
ROUNDED = Decimal("1e-9")
"""Its amounts have more digits than money has in the engine."""


def story() -> dict[str, Any]:
    """Machines of a cluster and others, disks, a database, a network."""
    common = {"start_date": FIRST, "end_date": "2026-10-31"}
    made = [
        {"VMGenerator": common | {"instance_id": VM, "resource_location": "US East"}},
        {"VMGenerator": common | {"resource_location": "US East", "tags": {"team": "shop"}}},
        {"StorageGenerator": common | {"amount": 10, "rate": 0.05}},
        {"StorageGenerator": common | {"amount": 3, "rate": 0.01, "tags": {"class": "hot"}}},
        {"SQLGenerator": common},
        {"VNGenerator": common},
    ]
    return {"generators": made, "accounts": {"payer": SUBSCRIPTION, "user": [SUBSCRIPTION]}}


def written(folder: Path, *options: str) -> Path:
    """The file of the month; the generator writes one of the day after it too."""
    (folder / "story.yml").write_text(json.dumps(story()), encoding="utf-8")
    (folder / "bill").mkdir()
    subprocess.run(
        [
            *(sys.executable, "-m", "nise", "report", "azure", "--write-monthly", *options),
            *("--static-report-file", "../story.yml", "--start-date", FIRST, "--end-date", LAST),
        ],
        cwd=folder / "bill", capture_output=True, check=True, timeout=300,
    )  # fmt: skip
    return max((folder / "bill").rglob("*.csv"), key=lambda path: path.stat().st_size)


@pytest.mark.parametrize("options", [(), ("--resource-group",)])
def test_every_cent_is_the_files_own(tmp_path: Path, options: tuple[str, ...]) -> None:
    path = written(tmp_path, *options)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            row = {name.lower(): value for name, value in line.items()}
            cost = Decimal(row.get("costinbillingcurrency") or row["pretaxcost"])
            sums["billed"] += cost
            sums["lines"] += 1
            named = (row.get("resourceid") or row.get("instancename") or "").lower()
            sums["mine"] += cost if named == VM.lower() else 0
    assert sums["lines"] > 100
    settings = AzureSettings(
        bill=str(path), price_list="off", node_resource_groups=("MC_shop_prod_eastus",)
    )
    bill = AzureProvider(settings).bill(
        BillRequest(
            scope=Scope(), window=Window.month(2026, 10), identities=schemas.IDENTITY.empty()
        )
    )
    assert bill.control.lines == sums["lines"] == int(bill.rows["x_lines"].sum())
    assert abs(bill.control.billed - sums["billed"]) < ROUNDED * sums["lines"]
    mine = bill.rows[bill.rows["in_cluster"]]
    assert mine["billed_cost"].sum() == pytest.approx(float(sums["mine"]), abs=1e-6)
    assert sums["mine"] > 0
