"""A small world as a log of events in seconds, and what a metrics source would make of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from burn.api import AllocationPolicy, Observation, Schema, Window, schemas
from burn.builtin.policies.specs import POLICIES
from burn.ledger.costs import Costs
from burn.plugin.chosen import Chosen
from burn.plugin.registry import Offer
from burn.stages.allocate import Allocator, ToAllocate, allocate
from burn.work.events import Events, Silent

HOUR, DAY = 3_600, 86_400
EPOCH = datetime(2026, 10, 1, tzinfo=UTC)
Price = Callable[[int], float]
"""Currency per hour, for a day's number."""


def flat(price: float) -> Price:
    return lambda _: price


@dataclass(frozen=True)
class Asset:
    """A node, volume or balancer that is there from `start` to `end`, in seconds since EPOCH."""

    name: str
    price: Price
    start: int = 0
    end: int = DAY
    kind: str = "node"
    cpu: tuple[float, float] = (4.0, 4.0)
    """Capacity and allocatable."""
    memory: tuple[float, float] = (16.0, 16.0)
    gpus: float = 0.0
    namespace: str = ""
    owner: str = ""
    cluster: str = "c"

    @property
    def id(self) -> str:
        return f"{self.kind}/{self.name}"


@dataclass(frozen=True)
class Run:
    """A pod on a node, with requests and usage that do not change; a resize is a second Run."""

    uid: str
    node: str
    start: int = 0
    end: int = DAY
    workload: str = ""
    namespace: str = "shop"
    kind: str = "Deployment"
    cpu: float = 0.0
    cpu_used: float = 0.0
    memory: float = 0.0
    memory_used: float = 0.0
    gpu: float = 0.0
    mounts: tuple[str, ...] = ()
    labels: str = "{}"


@dataclass(frozen=True)
class World:
    assets: Sequence[Asset]
    runs: Sequence[Run] = ()
    shared: float = 0.0
    """Cost without an asset, per hour."""

    def observe(self, window: Window) -> Observation:
        """Presence and resource-hours by overlap with each hour: what burn's sources return."""
        lo, hi = _second(window.start), _second(window.end)
        midnight = window.start.replace(hour=0)
        inventory, presence, pods, usage, mounts = [], [], {}, {}, {}
        for asset in self.assets:
            hours = list(_hours(asset.start, asset.end, lo, hi))
            if not hours:
                continue
            presence += [{"asset_id": asset.id, "hour": at, "hours": h} for at, h in hours]
            inventory.append(
                {"asset_id": asset.id, "day": midnight, "kind": asset.kind, "name": asset.name}
                | {"cluster": asset.cluster, "cpu_cores": asset.cpu[0], "gpu_count": asset.gpus}
                | {"cpu_allocatable": asset.cpu[1], "memory_gib": asset.memory[0]}
                | {"memory_allocatable": asset.memory[1], "hours": sum(h for _, h in hours)}
                | {"namespace": asset.namespace, "owner_name": asset.owner}
            )
        for run in self.runs:
            for at, h in _hours(run.start, run.end, lo, hi):
                pods[run.uid] = {
                    "pod_uid": run.uid, "day": midnight, "cluster": "c", "pod": run.uid,
                    "namespace": run.namespace, "workload_kind": run.kind, "labels": run.labels,
                    "workload": run.workload or run.uid,
                }  # fmt: skip
                for volume in run.mounts:
                    key = {"pod_uid": run.uid, "asset_id": f"volume/{volume}", "day": midnight}
                    mounts[run.uid, volume] = key
                row = usage.setdefault((run.uid, run.node, at), dict.fromkeys(_AMOUNTS, 0.0))
                row["hours"] += h
                row["cpu_request"] += h * run.cpu
                row["cpu_used"] += h * run.cpu_used
                row["memory_request"] += h * run.memory
                row["memory_used"] += h * run.memory_used
                row["gpu_request"] += h * run.gpu
        rows = [
            {"pod_uid": uid, "asset_id": f"node/{node}", "hour": at} | amounts
            for (uid, node, at), amounts in usage.items()
        ]
        return Observation(
            inventory=frame(schemas.INVENTORY, inventory),
            presence=frame(schemas.PRESENCE, presence),
            pods=frame(schemas.PODS, list(pods.values())),
            usage=frame(schemas.USAGE, rows),
            mounts=frame(schemas.MOUNTS, list(mounts.values())),
        )

    def costs(self, days: Sequence[Window], basis: str = "list") -> Costs:
        """Each asset's price × the seconds it was there, day by day."""
        assets, shared = [], []
        for window in days:
            lo, hi = _second(window.start), _second(window.end)
            midnight = window.start.replace(hour=0)
            shared.append({"driver": "control_plane", "cost": self.shared * (hi - lo) / HOUR})
            shared[-1] |= {"basis": basis, "day": midnight}
            for asset in self.assets:
                seconds = min(asset.end, hi) - max(asset.start, lo)
                if seconds > 0:
                    cost = asset.price(lo // DAY) * seconds / HOUR
                    row = {"basis": basis, "asset_id": asset.id, "day": midnight, "cost": cost}
                    assets.append(row)
        return Costs(pd.DataFrame(assets), pd.DataFrame(shared))


def days_of(start: int = 0, end: int = DAY) -> list[Window]:
    """The window from `start` to `end`, cut by day."""
    at = [EPOCH + timedelta(seconds=seconds) for seconds in (start, end)]
    return list(Window(at[0], at[1]).days())


def chosen(name: str, **settings: Any) -> Chosen[AllocationPolicy]:
    """A built-in policy as a run would have it."""
    spec = {spec.name: spec for spec in POLICIES}[name]
    return Offer(spec, "burn-core 0.1.0", "policy").make(spec.settings(**settings))


def allocated(
    world: World,
    policies: Sequence[Chosen[AllocationPolicy]] = (),
    days: Sequence[Window] = (),
    costs: Costs | None = None,
    events: Events | None = None,
) -> pd.DataFrame:
    """Run the allocation of a world at list cost; by default `share-max` over one day."""
    days = days or days_of()
    seen = [world.observe(day) for day in days]
    inventory = pd.concat([day.inventory for day in seen], ignore_index=True)
    read = dict(zip(days, seen, strict=True)).__getitem__
    made = allocate(
        Allocator(policies or [chosen("share-max")], read),
        ToAllocate(
            bases=["list"],
            costs=costs or world.costs(days),
            prices=prices(inventory),
            inventory=schemas.INVENTORY.validate(inventory, author="test"),
        ),
        days,
        events or Silent(),
    )
    return made.allocation


def prices(inventory: pd.DataFrame, unit: str = "hours") -> Any:
    """Prices without rates of their own; `allocate` takes costs from elsewhere."""
    rows = inventory[["asset_id", "day"]].assign(
        quantity=inventory["hours"], unit=unit, unit_price=0.0, list_cost=0.0, currency="USD",
        price_source="test", cpu_rate=None, memory_rate=None, gpu_rate=None,
    )  # fmt: skip
    return schemas.PRICES.validate(rows, author="test")


def by_workload(rows: pd.DataFrame, *, resource: str | None = None) -> dict[str, float]:
    """Cost by workload; what no workload carries goes by its kind."""
    rows = rows if resource is None else rows[rows["resource"] == resource]
    name = rows["workload"].astype("str").where(rows["namespace"] != "", rows["kind"].astype("str"))
    return {str(k): float(v) for k, v in rows.groupby(name)["cost"].sum().items() if abs(v) > 1e-9}


def frame(schema: Schema[Any], rows: Sequence[dict[str, Any]]) -> Any:
    """Rows with empty text and zeros where they say nothing."""
    if not rows:
        return schema.empty()
    made = pd.DataFrame(rows)
    for column in schema.columns:
        if column.name not in made:
            made[column.name] = "" if column.kind == "string" else 0.0
    return schema.validate(made, author="test")


_AMOUNTS = [
    "hours", "cpu_request", "cpu_used", "memory_request", "memory_used", "gpu_request",
]  # fmt: skip


def _second(at: datetime) -> int:
    return int((at - EPOCH).total_seconds())


def _hours(start: int, end: int, lo: int, hi: int) -> Any:
    """The hours that [start, end) overlaps within [lo, hi), with how much of each."""
    start, end = max(start, lo), min(end, hi)
    for hour in range(start // HOUR, -(-end // HOUR)):
        seconds = min(end, (hour + 1) * HOUR) - max(start, hour * HOUR)
        if seconds > 0:
            yield EPOCH + timedelta(hours=hour), seconds / HOUR
