"""Which nodes can go while the rest of their pool still holds every busy hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from burn.planning.pack import Pods, fits

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Numbers = npt.NDArray[np.float64]

WITH_NODE = ("DaemonSet", "StaticPod", "Node")
"""Kinds whose pods come and go with their node."""
BOUND = ("Pod",)
"""Kinds whose pods nobody makes again: their node stays."""
RESOURCES = ("cpu", "memory", "gpu")
FEW = 40
"""Candidates up to which each is tried, the dearest first; of more, how many of the dearest go."""


@dataclass(frozen=True, slots=True)
class Hour:
    """A pool at one hour.

    Attributes:
        fixed: node × resource: what stays on each node, DaemonSets and the like.
        daemons: of each node, how many pods that is.
        pods: the others, wherever they were.
    """

    fixed: Numbers
    daemons: Numbers
    pods: Pods


@dataclass(frozen=True, slots=True)
class Pool:
    """Nodes between which a pod may move, as they may be filled.

    Attributes:
        names: asset ids of its steady nodes.
        room: node × resource: allocatable × `findings.fill`; of GPUs all.
        slots: pods that each takes.
        cost: of each node, what goes with it.
        movable: whether nothing on it forbids that it goes.
        hours: the busiest ones.
    """

    names: Sequence[str]
    room: Numbers
    slots: Numbers
    cost: Numbers
    movable: npt.NDArray[np.bool_]
    hours: Sequence[Hour]

    def holds(self, kept: Any) -> bool:
        """Whether the nodes under a boolean mask hold every hour."""
        return all(
            fits(
                (self.room - hour.fixed)[kept].clip(min=0.0),
                (self.slots - hour.daemons)[kept],
                hour.pods,
            )
            for hour in self.hours
        )


def surplus(pool: Pool) -> list[int]:
    """Positions of nodes that can go, all of them together; one node stays.

    The dearest are tried first. What is left out may fit in another packing: it is a lower bound.
    """
    import numpy as np

    order = [int(at) for at in np.argsort(-pool.cost, kind="stable") if pool.movable[at]]
    kept = np.ones(len(pool.names), dtype=bool)
    if not pool.hours or not pool.holds(kept):  # it does not pack as it is: nothing can be said
        return []
    if len(order) > FEW:
        return order[: _most(pool, order)]
    gone: list[int] = []
    for at in order:
        kept[at] = False
        if kept.any() and pool.holds(kept):
            gone.append(at)
        else:
            kept[at] = True
    return gone


def _most(pool: Pool, order: Sequence[int]) -> int:
    """How many of the dearest can go; found by halving."""
    import numpy as np

    low, high = 0, min(len(order), len(pool.names) - 1)
    while low < high:
        middle = (low + high + 1) // 2
        kept = np.ones(len(pool.names), dtype=bool)
        kept[list(order[:middle])] = False
        low, high = (middle, high) if pool.holds(kept) else (low, middle - 1)
    return low


def hour_of(rows: pd.DataFrame, names: Sequence[str]) -> Hour:
    """One hour of a pool from its pods, sized as planned.

    Pods of a workload that were each on a node of their own stay apart: the frames do not say
    whether they must. Those that were on a node that is not steady need a place all the same.
    """
    import numpy as np

    at = rows["asset_id"].map({name: number for number, name in enumerate(names)})
    stays = rows["workload_kind"].isin(WITH_NODE).to_numpy()
    here = stays & at.notna().to_numpy()
    fixed = np.zeros((len(names), len(RESOURCES)))
    daemons = np.zeros(len(names))
    sizes = rows[list(RESOURCES)].to_numpy(dtype=np.float64)
    np.add.at(fixed, at[here].astype("int64").to_numpy(), sizes[here])
    np.add.at(daemons, at[here].astype("int64").to_numpy(), 1.0)
    moving = rows[~stays]
    by = moving.groupby(["namespace", "workload_kind", "workload"])
    alone = (by["asset_id"].transform("nunique") == by["asset_id"].transform("size")) & (
        by["asset_id"].transform("size") > 1
    )
    apart = np.where(alone.to_numpy(), by.ngroup().to_numpy(), -1)
    return Hour(fixed, daemons, Pods(sizes[~stays], apart.astype(np.int64)))
