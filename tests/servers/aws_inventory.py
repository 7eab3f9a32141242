"""Inventory frames for tests, from the few facts that matter."""

from __future__ import annotations

from typing import Any

import pandas as pd

from burn.api import InventoryFrame, schemas

_DEFAULTS: dict[str, Any] = {
    "kind": "node",
    "cluster": "",
    "name": "",
    "provider_id": "",
    "region": "us-east-1",
    "zone": "us-east-1a",
    "instance_type": "",
    "capacity_type": "",
    "os": "linux",
    "arch": "amd64",
    "cpu_cores": 0.0,
    "cpu_allocatable": 0.0,
    "memory_gib": 0.0,
    "memory_allocatable": 0.0,
    "gpu_count": 0.0,
    "storage_gib": 0.0,
    "hours": 24.0,
    "namespace": "",
    "owner_name": "",
    "pod_uid": "",
}


def node(provider_id: str, instance_type: str = "m5.large", **more: Any) -> dict[str, Any]:
    return {
        "provider_id": provider_id,
        "name": provider_id.rpartition("/")[2] or "node",
        "instance_type": instance_type,
        "cpu_cores": 2.0,
        "memory_gib": 8.0,
        **more,
    }


def volume(
    handle: str, storage_class: str = "gp3", gib: float = 100.0, **more: Any
) -> dict[str, Any]:
    return {
        "kind": "volume",
        "provider_id": handle,
        "name": f"pv-{handle}",
        "instance_type": storage_class,
        "storage_gib": gib,
        **more,
    }


def balancer(hostname: str, **more: Any) -> dict[str, Any]:
    return {"kind": "load_balancer", "provider_id": hostname, "name": "svc", **more}


def inventory(*assets: dict[str, Any], days: tuple[str, ...] = ("2026-10-01",)) -> InventoryFrame:
    """Each asset on each day."""
    rows = [
        {**_DEFAULTS, **asset, "day": pd.Timestamp(day, tz="UTC")}
        for asset in assets
        for day in days
    ]
    if not rows:
        return schemas.INVENTORY.empty()
    frame = pd.DataFrame(rows)
    named = frame["provider_id"].where(frame["provider_id"] != "", frame["name"])
    frame["asset_id"] = frame["kind"] + "/" + named
    return schemas.INVENTORY.validate(frame, author="test")
