"""The pools of a cluster, as the steps about nodes take them from one to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from burn.api.find import WEEK, WITH_NODE, WORKLOAD
from burn.api.vocabulary import BILLED_BY_POD
from burn.findings.visible import could_see
from burn.planning.demand import POOL, RESOURCES
from burn.planning.nodes import BOUND, Pool, apart, hour_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from burn.api import FindRequest, SpotFrame
    from burn.planning.demand import Demand

NEEDED = ("requests", "cpu_use", "memory_use", "scheduling")
"""What the metrics must show for a node to be called spare."""
NEW = "new/"
"""How the asset_id of a node begins that a step buys."""


@dataclass(frozen=True, slots=True)
class PoolOf:
    """A pool with what its nodes are.

    Attributes:
        cluster, name: of the pool, see `burn.api.pools`.
        about: a row a node, in the order of `pool.names`: of `Demand.nodes`, `family`; and of what
            was paid, see `burn.planning.paid`, `committed` and `standard`. A node that is not there
            yet has its own `cost`, and an asset_id that begins with `NEW`.
        pool: what fits on them.
        ready: workloads in it that are ready for spot nodes, `namespace/name`.
    """

    cluster: str
    name: str
    about: pd.DataFrame
    pool: Pool
    ready: Sequence[str] = ()

    @property
    def subject(self) -> str:
        """What a row of a plan calls it."""
        return f"{self.cluster}/{self.name}" if self.cluster else self.name

    def without(self, gone: Sequence[int]) -> PoolOf:
        """It after these nodes are gone."""
        if not gone:
            return self
        left = self.about.drop(index=self.about.index[list(gone)])
        return replace(self, about=left, pool=self.pool.without(gone))


def pools_of(
    request: FindRequest,
    demand: Demand,
    pods: pd.DataFrame,
    paid: pd.DataFrame,
    spot: SpotFrame | None,
) -> Iterator[PoolOf]:
    """The cluster's pools of steady nodes; none where an hour may have been missed.

    Args:
        request: the run's frames.
        demand: its busiest hours; its nodes have `family`.
        pods: of these, sized as planned.
        paid: see `burn.planning.paid`.
        spot: which workloads are ready for spot nodes.
    """
    import numpy as np
    import pandas as pd

    if request.hours < WEEK or not could_see(request, *NEEDED):
        return
    limits = request.thresholds
    seen = demand.presence.groupby("asset_id")["hours"].sum()
    steady = seen.index[seen >= limits.steady * request.hours]
    by_pod = request.prices.loc[request.prices["unit"] == BILLED_BY_POD, "asset_id"]
    nodes = demand.nodes
    nodes = nodes[
        nodes["asset_id"].isin(steady) & ~nodes["asset_id"].isin(by_pod) & (nodes["pool"] != "")
    ].merge(paid, how="left", on="asset_id")
    pods = pods.assign(
        # What was on a node that is not steady needs a place like any other, and stays apart.
        stays=_stays(pods, request.workloads) & pods["asset_id"].isin(nodes["asset_id"]),
        ready=_ready(pods, spot),
        daemon=pods["workload_kind"].isin(WITH_NODE),
    )
    pods = pods.assign(apart=apart(pods))
    # Cutting texts into pools and hours is what takes the time.
    facts = ["hour", *RESOURCES, "stays", "ready", "daemon", "apart"]
    used = ["asset_id", "namespace", "workload", *facts]
    by_pool = {key: rows[used] for key, rows in pods.groupby(POOL, sort=False)}
    for (cluster, name), members in nodes.groupby(POOL, sort=True):
        mine = by_pool.get((cluster, name), pods.iloc[:0])
        names = members["asset_id"].tolist()
        bound = mine.loc[mine["stays"], "asset_id"]
        at = pd.Index(names).get_indexer(pd.Index(mine["asset_id"]))
        hours = mine[facts].assign(at=at).groupby("hour", sort=True)
        room = members[list(RESOURCES)].to_numpy(dtype=np.float64)
        pool = Pool(
            names=names,
            room=room * np.array([limits.fill, limits.fill, 1.0]),
            slots=_slots(members, mine),
            cost=members["cost"].fillna(0.0).to_numpy(),
            movable=(members["cost"].notna() & ~members["asset_id"].isin(bound)).to_numpy(),
            hours=[hour_of(rows, len(names)) for _, rows in hours],
        )
        may = mine[mine["ready"] & ~mine["stays"]]
        ready = sorted((may["namespace"] + "/" + may["workload"]).unique())
        yield PoolOf(str(cluster), str(name), members, pool, ready)


def held(pods: pd.DataFrame, workloads: pd.DataFrame | None) -> frozenset[str]:
    """The asset_ids of nodes that hold a pod that must stay, see `Demand.pods`."""
    return frozenset(pods.loc[_stays(pods, workloads), "asset_id"])


def _stays(pods: pd.DataFrame, workloads: pd.DataFrame | None) -> Any:
    """Pods whose node must stay.

    Nobody makes them again, they hold a GPU or their node's disk, or their disruption budget lets none
    of them go.
    """
    import pandas as pd

    with_node = pods["workload_kind"].isin(WITH_NODE)
    fixed = pods["workload_kind"].isin(BOUND) | (pods["gpu"] > 0)
    if workloads is not None:
        held = (workloads["disruptions_allowed"] == 0) | workloads["local_volumes"].str.contains(
            'hostPath|"local"'
        )
        known = pd.MultiIndex.from_frame(workloads.loc[held, list(WORKLOAD)].astype("str"))
        fixed |= pd.MultiIndex.from_frame(pods[list(WORKLOAD)]).isin(known)
    return fixed & ~with_node


def _ready(pods: pd.DataFrame, spot: SpotFrame | None) -> Any:
    """Pods of workloads that are known to be ready for spot nodes."""
    if spot is None:
        return False
    ready = spot.loc[(spot["scope"] == "workload") & (spot["verdict"] == "ready"), "subject"]
    first, *others = WORKLOAD
    return pods[first].str.cat(pods[others], sep="/").isin(ready)


def _slots(members: pd.DataFrame, pods: pd.DataFrame) -> Any:
    """Pods that each node takes; where nobody says, no more than were seen on one of the pool."""
    counts = pods.groupby(["hour", "asset_id"]).size()
    seen = float(counts.max()) if len(counts) else 0.0
    return members["pod_slots"].fillna(seen).to_numpy(dtype=float)
