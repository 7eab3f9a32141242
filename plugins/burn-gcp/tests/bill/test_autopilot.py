"""Autopilot's SKUs, its nodes' classes, the price of a node and the lines behind it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from burn.api import DataError, LinesRequest, PriceRequest, Scope, Window, schemas
from burn_gcp.autopilot import pod_class
from burn_gcp.bill.charges.classes import described
from burn_gcp.bill.charges.pods import pod_skus
from burn_gcp.identity import identify
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings
from tests.lab.gcp import gcp_frames, write_gcp
from tests.lab.gcp_autopilot import pods_frames, pods_lines, random_autopilot
from tests.lab.gcp_names import gcp_world
from tests.lab.ledger import charge
from tests.lab.random_world import random_world

SKUS = {
    "Autopilot Pod mCPU Requests (us-central1)": ("autopilot core", "autopilot/core", 0.001),
    "Autopilot Spot Pod Memory Requests (us-central1)": (
        "autopilot ram",
        "autopilot/spot ram",
        1.0,
    ),
    "Autopilot Balanced Spot Pod mCPU Requests (europe-west1)": (
        "autopilot balanced core",
        "autopilot/balanced spot core",
        0.001,
    ),
    "Autopilot Scale-Out Arm Pod Memory Requests (us-east1)": (
        "autopilot scale-out arm ram",
        "autopilot/scale-out arm ram",
        1.0,
    ),
    "Autopilot Arm Pod CPU (us-east1)": ("autopilot arm core", "autopilot/arm core", 1.0),
    "Autopilot NVIDIA A100 80GB Pod GPU Requests (us-east1)": (
        "autopilot nvidia a100 80gb gpu",
        "autopilot/nvidia a100 80gb gpu",
        1.0,
    ),
    "Autopilot Pod Ephemeral Storage Requests (us-east1)": ("autopilot disk", "autopilot/disk", 1),
    "Autopilot GPU Pod Local SSD (us-east1)": ("autopilot disk", "autopilot/disk", 1.0),
    "Autopilot Performance CPU Premium (us-east1)": ("", "", 1.0),
    "N2 Instance Core running in Americas": ("", "", 1.0),
}


def test_a_pods_sku_has_a_class_a_part_and_a_unit() -> None:
    sku = pd.Series(list(SKUS))
    found = pod_skus(sku)
    got = zip(found["component"], found["pod_key"], found["per_unit"], strict=True)
    assert dict(zip(sku, got, strict=True)) == SKUS


def test_premiums_are_fees_and_ephemeral_storage_is_a_nodes_disk() -> None:
    frame = pd.DataFrame({"service": "Kubernetes Engine", "sku": list(SKUS)})
    kinds = described(frame).set_index("sku")["cost_class"]
    assert kinds["Autopilot Performance CPU Premium (us-east1)"] == "control_plane"
    assert kinds["Autopilot Pod Ephemeral Storage Requests (us-east1)"] == "node_disk"
    assert kinds["Autopilot Arm Pod CPU (us-east1)"] == "node"


def nodes(*rows: dict[str, Any]) -> Any:
    made = pd.DataFrame(
        [
            {
                "asset_id": f"node/{at}",
                "day": pd.Timestamp("2026-10-01", tz="UTC"),
                "kind": "node",
                "name": f"gk3-c-{at}",
                "provider_id": f"gce://p/us-east1-b/gk3-c-{at}",
                "region": "us-east1",
                "instance_type": "ek-standard-8",
                "cpu_cores": 8.0,
                "memory_gib": 32.0,
                "capacity_type": "on_demand",
                "gpu_count": 0.0,
            }
            | row
            for at, row in enumerate(rows)
        ]
    )
    for column in schemas.INVENTORY.columns:
        if column.name not in made and not column.optional:
            made[column.name] = "" if column.kind == "string" else 0.0
    return schemas.INVENTORY.validate(made, author="test")


@pytest.mark.parametrize(
    ("kind", "name", "want"),
    [
        ("e2-standard-4", "gk3-a", ""),
        ("ek-standard-8", "gke-standard-cluster", ""),
        ("n2d-standard-8", "gk3-a", "balanced"),
        ("t2a-standard-4", "gk3-a", "scale-out arm"),
        ("a2-ultragpu-1g", "gk3-a", "nvidia a100 80gb"),
        ("c3-standard-8", "gk3-a", None),
        ("n2-standard-8", "gke-a", None),
        ("e2-standard-4", "my-gk3-node", None),
    ],
)
def test_a_nodes_family_is_its_pods_class(kind: str, name: str, want: str | None) -> None:
    (found,) = pod_class(nodes({"instance_type": kind, "name": name}))
    assert (None if pd.isna(found) else found) == want


def test_a_node_claims_its_classes_lines_with_others() -> None:
    frame = nodes({}, {"capacity_type": "spot"}, {"instance_type": "g2-standard-8", "gpu_count": 1})
    found = identify(frame).groupby("asset_id")["resource_key"].agg(set)
    assert {"autopilot/core", "autopilot/ram", "autopilot/disk"} < found["node/0"]
    assert {"autopilot/spot core", "autopilot/spot ram", "autopilot/disk"} < found["node/1"]
    assert "autopilot/nvidia l4 gpu" in found["node/2"]
    assert "p/us-east1-b/instance/gk3-c-0" in found["node/0"]


def priced(frame: Any) -> Any:
    provider = GcpProvider(GcpSettings(price_list="off"))
    window = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))
    return provider.price(
        PriceRequest(scope=Scope(cluster="c"), inventory=frame, window=window)
    ).set_index("asset_id")


def test_without_a_bill_the_fallback_prices_what_pods_asked_for() -> None:
    rows = priced(nodes({"cpu_requested": 10.0, "memory_requested": 40.0}, {"cpu_requested": 0.0}))
    busy, idle = rows.loc["node/0"], rows.loc["node/1"]
    assert busy["unit"] == "vCPU-hours"
    assert busy["list_cost"] == pytest.approx(10 * 0.0445 + 40 * 0.0049225)
    cut = busy["cpu_rate"] * 8 / (busy["cpu_rate"] * 8 + busy["memory_rate"] * 32)
    assert cut == pytest.approx(10 * 0.0445 / busy["list_cost"])
    assert (idle["quantity"], idle["unit_price"], idle["list_cost"]) == (0.0, 0.0, 0.0)
    assert idle["price_source"] == "none: no billed pod"


def test_a_class_without_a_price_is_an_error() -> None:
    frame = nodes({"instance_type": "t2d-standard-4", "cpu_requested": 1.0})
    with pytest.raises(DataError, match="no price for t2d-standard-4"):
        priced(frame)


def test_the_lines_behind_a_node_are_its_clusters_pods(tmp_path: Path) -> None:
    here = random_autopilot(gcp_world(random_world(2)), 2)
    bill = write_gcp(charge(here.world), tmp_path, extra=pods_lines(here))
    provider = GcpProvider(GcpSettings(bill=str(bill), price_list="off"))
    world = here.world
    seen = pods_frames(here, gcp_frames)(world, 0)["inventory"]
    frame = schemas.INVENTORY.validate(seen, author="lab")
    keys = set(identify(frame)["resource_key"])
    subjects = sorted(key for key in keys if key.startswith("autopilot/"))
    window = Window(world.start, world.end)
    scope = Scope(cluster=world.cluster)
    found = provider.lines(
        LinesRequest(scope=scope, window=window, subjects=subjects, limit=10_000)
    )
    assert len(found) > 0
    assert found["sku.description"].str.startswith("Autopilot ").all()
    other = provider.lines(
        LinesRequest(scope=Scope(cluster="other"), window=window, subjects=subjects, limit=10)
    )
    assert other.empty
