"""Reads what koku-nise says a cluster reported, as day observations for a snapshot."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from burn.api import Coverage, Observation, Window, schemas

ROOT = Path(os.environ.get("BURN_CASES", Path(__file__).parents[3] / "shared" / "cases"))
AWS = ROOT / "aws" / "nise"
WINDOW = Window.parse("2026-10-01..2026-10-31", now=pd.Timestamp("2026-11-02", tz="UTC"))


def read(name: str, folder: Path = AWS) -> pd.DataFrame:
    frame = pd.read_csv(folder / f"2026-10-cluster-{name}.csv.gz")
    text = frame["interval_start"].str.removesuffix(" +0000 UTC")
    frame["hour"] = pd.to_datetime(text, utc=True)
    frame["day"] = frame["hour"].dt.floor("D")
    return frame


def observations(folder: Path = AWS) -> Iterator[tuple[Window, Observation]]:
    pods = read("pod_usage", folder)
    pods["uid"] = pods["namespace"] + "/" + pods["pod"]
    pods["asset_id"] = "node/aws:///us-east-1a/" + pods["resource_id"]
    gib = 1024**3
    by_day = dict(list(pods.groupby("day")))
    for day in WINDOW.days():
        rows = by_day[pd.Timestamp(day.start)]
        presence = rows[["asset_id", "hour"]].drop_duplicates().assign(hours=1.0)
        nodes = rows.drop_duplicates("asset_id")
        inventory = pd.DataFrame(
            {
                "asset_id": nodes["asset_id"],
                "day": nodes["day"],
                "kind": "node",
                "name": nodes["node"],
                "provider_id": nodes["asset_id"].str.removeprefix("node/"),
                "region": "us-east-1",
                "zone": "us-east-1a",
                "instance_type": "m5.large",
                "os": "linux",
                "arch": "amd64",
                "cpu_cores": nodes["node_capacity_cpu_cores"].astype(float),
                "cpu_allocatable": nodes["node_capacity_cpu_cores"].astype(float),
                "memory_gib": nodes["node_capacity_memory_bytes"] / gib,
                "memory_allocatable": nodes["node_capacity_memory_bytes"] / gib,
                "hours": nodes["asset_id"].map(presence.groupby("asset_id")["hours"].sum()),
                **dict.fromkeys(["gpu_count", "storage_gib"], 0.0),
                **dict.fromkeys(
                    ["cluster", "capacity_type", "namespace", "owner_name", "pod_uid"], ""
                ),
            }
        )
        usage = pd.DataFrame(
            {
                "pod_uid": rows["uid"],
                "asset_id": rows["asset_id"],
                "hour": rows["hour"],
                "hours": 1.0,
                "cpu_request": rows["pod_request_cpu_core_seconds"] / 3600,
                "cpu_used": rows["pod_usage_cpu_core_seconds"] / 3600,
                "memory_request": rows["pod_request_memory_byte_seconds"] / 3600 / gib,
                "memory_used": rows["pod_usage_memory_byte_seconds"] / 3600 / gib,
                **dict.fromkeys(["cpu_p95", "memory_p95", "memory_max"], float("nan")),
                **dict.fromkeys(["gpu_request", "network_receive", "network_transmit"], 0.0),
            }
        )
        who = rows.drop_duplicates("uid")
        identity = pd.DataFrame(
            {
                "pod_uid": who["uid"],
                "day": who["day"],
                "cluster": "",
                "namespace": who["namespace"],
                "pod": who["pod"],
                "workload_kind": "Pod",
                "workload": who["pod"],
                "labels": "{}",
            }
        )
        yield (
            day,
            Observation(
                inventory=schemas.INVENTORY.validate(inventory, author="nise"),
                presence=schemas.PRESENCE.validate(presence, author="nise"),
                pods=schemas.PODS.validate(identity, author="nise"),
                usage=schemas.USAGE.validate(usage, author="nise"),
                mounts=schemas.MOUNTS.empty(),
                coverage=Coverage(),
            ),
        )
