"""Of observed days, the pods of each node pool's busiest hours and its last, and when each node was there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from burn.api.pools import pool_names
from burn.api.rows_of import RowsOf
from burn.planning.traits import all_traits, traits

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import Observation

HOURS = 3
"""Busiest hours of a pool that are looked at, by each resource."""
RESOURCES = ("cpu", "memory", "gpu")
POOL = ["cluster", "pool"]
_TEXTS = ("asset_id", "cluster", "pool", "name", "machine", "capacity_type", "os", "arch", "region")


@dataclass(frozen=True, slots=True)
class Demand:
    """Of one window or several.

    Attributes:
        pods: a row a pod: cluster, pool, hour, asset_id, namespace, workload_kind, workload, and of the
            pod while it was there what it asked for (`cpu_request`, …) and used (`cpu_used`, …), and
            `cpu`, `memory`, `gpu`: the larger of both.
        nodes: asset_id, cluster, pool, name, cpu, memory, gpu (allocatable), pod_slots, cores and
            gib (all of it), machine (its type), capacity_type,
            os, arch, region.
        presence: asset_id, hour, hours; of nodes.
        traits: see `burn.planning.traits`.
    """

    pods: pd.DataFrame
    nodes: pd.DataFrame
    presence: pd.DataFrame
    traits: pd.DataFrame

    def with_nodes(self, nodes: pd.DataFrame) -> Demand:
        """It with other facts of its nodes."""
        return replace(self, nodes=nodes)


def demand(seen: Observation) -> Demand:
    """Keep of a window what a plan needs."""
    inventory = seen.inventory.assign(pool=pool_names(seen.inventory))
    nodes = inventory[inventory["kind"] == "node"]
    sizes = {"cpu": "cpu_allocatable", "memory": "memory_allocatable", "gpu": "gpu_count"}
    about = nodes[["asset_id", "cluster", "pool", "name", "day"]].assign(
        **{name: nodes[column] for name, column in sizes.items()},
        pod_slots=nodes["x_pods"],
        cores=nodes["cpu_cores"],
        machine=nodes["instance_type"],
        capacity_type=nodes["capacity_type"],
        gib=nodes["memory_gib"],
        os=nodes["os"],
        arch=nodes["arch"],
        region=nodes["region"],
    )
    there = seen.presence[seen.presence["asset_id"].isin(nodes["asset_id"])]
    return Demand(
        pods=_pods(seen, inventory),
        nodes=_last(about.astype(dict.fromkeys(_TEXTS, "str"))),
        presence=there[["asset_id", "hour", "hours"]].astype({"asset_id": "str"}),
        traits=traits(seen),
    )


def _pods(seen: Observation, inventory: pd.DataFrame) -> pd.DataFrame:
    """Of the busiest hours; text is looked up for their rows alone, of which there are few."""
    usage = seen.usage
    at = RowsOf.of(inventory["asset_id"], inventory["day"]).find(usage["asset_id"], usage["hour"])
    who = RowsOf.of(seen.pods["pod_uid"], seen.pods["day"]).find(usage["pod_uid"], usage["hour"])
    number = inventory.groupby(POOL, sort=False).ngroup().to_numpy()
    known = (at >= 0) & (who >= 0) & (usage["hours"] > 0).to_numpy()
    known[known] = (inventory["pool"] != "").to_numpy()[at[known]]
    rows: pd.DataFrame = usage[known]
    at, who = at[known], who[known]
    level = {
        "cpu_request": rows["cpu_request"] / rows["hours"],
        "memory_request": rows["memory_request"] / rows["hours"],
        "cpu_used": rows["cpu_used"] / rows["hours"],
        "memory_used": rows["memory_used"] / rows["hours"],
        "gpu": rows["gpu_request"] / rows["hours"],
    }
    found = rows[["asset_id", "hour"]].assign(**level, at=at, who=who)
    for name in ("cpu", "memory"):
        found[name] = found[[f"{name}_request", f"{name}_used"]].max(axis="columns")
    found = _busiest(found.assign(number=number[at]), ["number"])
    for frame, place, names in (
        (inventory, "at", POOL),
        (seen.pods, "who", ["namespace", "workload_kind", "workload"]),
    ):
        for name in names:
            found[name] = frame[name].astype("str").to_numpy()[found[place]]
    found = found.drop(columns=["at", "who", "number"])
    return found.astype({"asset_id": "str"}).reset_index(drop=True)


def together(parts: Sequence[Demand]) -> Demand:
    """Several windows: the busiest hours of all."""
    import pandas as pd

    return Demand(
        pods=_busiest(pd.concat([part.pods for part in parts], ignore_index=True), POOL),
        nodes=_last(pd.concat([part.nodes for part in parts], ignore_index=True)),
        presence=pd.concat([part.presence for part in parts], ignore_index=True),
        traits=all_traits([part.traits for part in parts]),
    )


def _busiest(rows: pd.DataFrame, pool: list[str]) -> pd.DataFrame:
    """Of each pool, the rows of its `HOURS` busiest hours by each resource, and of its last.

    What came after the busiest hours and must stay where it is, is there in the last.
    """
    import pandas as pd

    if rows.empty:
        return rows
    sums = rows.groupby([*pool, "hour"])[list(RESOURCES)].sum()
    chosen = [
        sums.sort_values([name], ascending=False, kind="stable").groupby(level=pool).head(HOURS)
        for name in RESOURCES
    ]
    last = sums.groupby(level=pool).tail(1)
    hours = pd.concat([*chosen, last]).index.unique()
    mine = pd.MultiIndex.from_frame(rows[[*pool, "hour"]])
    return rows[mine.isin(hours)].reset_index(drop=True)


def _last(nodes: pd.DataFrame) -> pd.DataFrame:
    rows = nodes.sort_values(["asset_id", "day"], kind="stable")
    return rows.drop_duplicates("asset_id", keep="last").reset_index(drop=True)
