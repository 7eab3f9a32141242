"""Node pools at their busiest hours: which nodes can go, and which can be spot, while all still fits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from burn.planning.pack import Pods, Room

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Numbers = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

BOUND = ("Pod",)
"""Kinds whose pods nobody makes again: their node stays."""
RESOURCES = ("cpu", "memory", "gpu")
WORK = 4000
"""Kinds of pods to place, up to which each node is tried; of more, the dearest that can go together."""


@dataclass(frozen=True)
class Hour:
    """A pool at one hour.

    Attributes:
        fixed: node × resource: what stays on each node, DaemonSets and the like.
        daemons: of each node, how many pods that is.
        pods: the others, wherever they were.
        ready: of the others, those of workloads that are ready for spot; not in `pods`.
    """

    fixed: Numbers
    daemons: Numbers
    pods: Pods
    ready: Pods

    @cached_property
    def moving(self) -> Pods:
        """All that is placed."""
        return self.pods.also(self.ready)

    def room(self, pool: Pool, at: Any) -> Room:
        """What is free on the nodes at these positions, in their order."""
        free = pool.room[at] - self.fixed[at]
        return Room(free, pool.slots[at] - self.daemons[at])


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
    movable: Mask
    hours: Sequence[Hour]

    def holds(self, kept: Mask) -> bool:
        """Whether the nodes under a mask hold every hour."""
        return all(hour.room(self, kept).place(hour.moving) for hour in self.hours)

    def splits(self, spot: Mask) -> bool:
        """Whether the nodes outside a mask hold what must not be on spot, and all hold the rest."""
        return all(self._splits(hour, spot) for hour in self.hours)

    def _splits(self, hour: Hour, spot: Mask) -> bool:
        import numpy as np

        stays = hour.room(self, ~spot)
        if not stays.place(hour.pods):
            return False
        taken = hour.room(self, spot)
        free = np.concatenate([taken.free, stays.free])
        return Room(free, np.concatenate([taken.slots, stays.slots])).place(hour.ready)

    def without(self, gone: Sequence[int]) -> Pool:
        """The pool after these nodes are gone."""
        import numpy as np

        left = np.delete(np.arange(len(self.names)), list(gone))
        hours = [replace(h, fixed=h.fixed[left], daemons=h.daemons[left]) for h in self.hours]
        return Pool(
            [self.names[at] for at in left.tolist()],
            self.room[left],
            self.slots[left],
            self.cost[left],
            self.movable[left],
            hours,
        )


def surplus(pool: Pool) -> list[int]:
    """Positions of nodes that can go, all of them together; one node stays.

    The dearest are tried first. What is left out may fit in another packing: it is a lower bound.
    """
    import numpy as np

    if not pool.hours:
        return []

    def can_go(gone: Mask) -> bool:
        return not gone.all() and pool.holds(~gone)

    if _work(pool) <= WORK:
        # One that does not pack as it is, of which nothing can be said, does not with fewer nodes.
        return _each(pool.cost, pool.movable, can_go)
    filled = pool.room.max(axis=0, initial=0.0)
    size = np.divide(pool.room, filled, out=np.zeros_like(pool.room), where=filled > 0)
    by_size = pool.cost / np.maximum(size.max(axis=1), 1e-9)
    orders = [np.lexsort((by, pool.movable)) for by in (pool.cost, by_size)]
    if (orders[0] == orders[1]).all():
        orders.pop()
    found = [_last(pool, order) for order in orders]
    return max(found, key=lambda gone: float(pool.cost[gone].sum()))


def to_spot(pool: Pool, saving: Numbers) -> list[int]:
    """Positions of nodes that can be spot nodes instead, all of them together.

    Args:
        pool: of on-demand nodes.
        saving: of each node, what it would save, or an even share where that is not known; 0: it
            must not be one.
    """
    import numpy as np

    may = saving > 0
    if not pool.hours or not any(len(hour.ready.sizes) for hour in pool.hours) or not may.any():
        return []
    if _work(pool) <= WORK:
        return _each(saving, may, pool.splits)
    # What must stay needs the first so many of these; more of them where the rest does not fit then.
    order = np.lexsort((saving, may))
    low = _needed(pool, order, lambda hour: hour.pods)
    if low is None:
        return []
    low, high = max(low, int((~may).sum())), len(order)

    def fine(first: int) -> bool:
        spot = np.zeros(len(order), dtype=bool)
        spot[order[first:]] = True
        return pool.splits(spot)

    if not fine(low):
        while low + 1 < high:
            middle = (low + 1 + high) // 2
            low, high = (low, middle) if fine(middle) else (middle, high)
        low = high
    return [int(at) for at in order[low:]]


def _work(pool: Pool) -> int:
    return len(pool.names) * sum(len(hour.moving.sizes) for hour in pool.hours)


def _each(worth: Numbers, may: Mask, fine: Callable[[Mask], bool]) -> list[int]:
    """What is taken when each is tried, the dearest first."""
    import numpy as np

    taken = np.zeros(len(worth), dtype=bool)
    for at in np.argsort(-worth, kind="stable"):
        if may[at]:
            taken[at] = True
            taken[at] = fine(taken)
    return [int(at) for at in np.argsort(-worth, kind="stable") if taken[at]]


def _last(pool: Pool, order: Any) -> list[int]:
    """The nodes that stay empty when the others are filled first, the dearest last."""
    needed = _needed(pool, order, lambda hour: hour.moving)
    if needed is None:
        return []
    first = max(needed, int((~pool.movable).sum()), 1)
    return [int(at) for at in order[first:]]


def _needed(pool: Pool, order: Any, which: Callable[[Hour], Pods]) -> int | None:
    """How many of the first nodes hold these pods at every hour; None: not all of them do."""
    most = 0
    for hour in pool.hours:
        room = hour.room(pool, order)
        if not room.place(which(hour)):
            return None
        most = max(most, room.used)
    return most


def apart(pods: pd.DataFrame) -> Any:
    """Of each pod, a number that it shares with those of its workload if each was on a node of its own.

    They stay apart: the frames do not say whether they must. Of any other it is -1.

    Args:
        pods: of `Demand.pods`, with `stays` and `daemon`, see `hour_of`.
    """
    import numpy as np

    moves = ~(pods["stays"] | pods["daemon"])
    keys = ["cluster", "pool", "hour", "namespace", "workload_kind", "workload"]
    mine = pods[moves]
    by = mine.groupby(keys, sort=False)
    many = by["asset_id"].transform("size")
    alone = (many > 1) & ~mine.duplicated([*keys, "asset_id"], keep=False)
    alone = alone & (alone.groupby(by.ngroup()).transform("sum") == many)
    out = np.full(len(pods), -1, dtype=np.int64)
    out[np.flatnonzero(moves)] = np.where(alone, by.ngroup(), -1)
    return out


def hour_of(rows: pd.DataFrame, nodes: int) -> Hour:
    """One hour of a pool from its pods, sized as planned.

    Those that were on a node that is not steady need a place all the same.

    Args:
        rows: of `Demand.pods`, with `at` (the number of its node; -1: it is not steady), `stays` (whether
            it keeps its node), `ready` (for spot), `daemon` (it comes and goes with its node) and `apart`.
        nodes: how many there are.
    """
    import numpy as np

    at = rows["at"].to_numpy()
    daemon = rows["daemon"].to_numpy()
    here = (daemon | rows["stays"].to_numpy()) & (at >= 0)
    fixed = np.zeros((nodes, len(RESOURCES)))
    daemons = np.zeros(nodes)
    sizes = rows[list(RESOURCES)].to_numpy(dtype=np.float64)
    np.add.at(fixed, at[here], sizes[here])
    np.add.at(daemons, at[here], 1.0)
    # A daemon's pod goes with its node, also with one that is not steady.
    moves = ~here & ~daemon
    ready = rows["ready"].to_numpy(dtype=bool)
    kinds = [
        Pods.of(sizes[which], rows["apart"].to_numpy()[which])
        for which in (moves & ~ready, moves & ready)
    ]
    return Hour(fixed, daemons, *kinds)
