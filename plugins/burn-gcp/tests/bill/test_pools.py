"""Hyperdisk storage pools: who pays for disks that are charged nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from burn.api import BillRequest, Scope, Window, schemas
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings

PLACE = "projects/shop/zones/us-central1-a"


def line(sku: str, cost: float, resource: str) -> dict[str, Any]:
    name = resource.rpartition("/")[2]
    return {
        "service": {"description": "Compute Engine"},
        "sku": {"description": sku},
        "usage_start_time": "2026-10-01T00:00:00Z",
        "usage_end_time": "2026-10-02T00:00:00Z",
        "project": {"id": "shop"},
        "labels": [{"key": "k", "value": "v"}],
        "location": {"region": "us-central1", "zone": "us-central1-a"},
        "cost": cost,
        "cost_at_list": cost,
        "currency": "USD",
        "usage": {"amount_in_pricing_units": 3.2, "pricing_unit": "gibibyte month"},
        "credits": [{"name": "x", "amount": 0.0, "type": "PROMOTION"}],
        "invoice": {"month": "202610"},
        "cost_type": "regular",
        "resource": {"name": name, "global_name": f"//compute.googleapis.com/{PLACE}/{resource}"},
    }


def test_a_pool_outside_is_named_and_a_stated_one_is_the_clusters(tmp_path: Path) -> None:
    """Of two disks one is charged 0.30; the other's pool is 33.00: 0.30, or 33.30 where it is stated."""
    capacity = "Hyperdisk Balanced Capacity in Iowa"
    pool = "Hyperdisk Balanced Storage Pools Advanced Capacity in Iowa"
    rows = [line(capacity, 0.0, "disks/pvc-1"), line(capacity, 0.3, "disks/pvc-2")]
    rows.append(line(pool, 33.0, "storagePools/pool-1"))
    (tmp_path / "export.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    names = ["pvc-1", "pvc-2"]
    known = {"asset_id": names, "resource_key": [f"shop/us-central1-a/disk/{n}" for n in names]}
    identities = schemas.IDENTITY.validate(
        pd.DataFrame(known | {"method": "volume handle"}), author="test"
    )
    window = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))
    request = BillRequest(scope=Scope(cluster="prod"), window=window, identities=identities)
    told = {}
    for stated in ((), ("shop/us-central1-a/storagepool/pool-1",)):
        settings = GcpSettings(bill=str(tmp_path), price_list="off", cluster_resources=stated)
        bill = GcpProvider(settings).bill(request)
        mine = round(bill.rows.loc[bill.rows["in_cluster"], "billed_cost"].sum(), 2)
        told[mine] = [note for note in bill.notes if "storage pool" in note]
    assert list(told) == [0.3, 33.3]
    (said,) = told[0.3]
    assert "1 volume of the cluster without a charge" in said
    assert "shop/us-central1-a/storagepool/pool-1 (33.00)" in said
    assert not told[33.3]
