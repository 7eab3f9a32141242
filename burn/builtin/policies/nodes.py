"""Who holds a node: pods by what they asked for or used, hour by hour; system; idle."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from burn.api import DataError, UsageFrame
from burn.builtin.policies.parts import HOURS, NOBODY, Part, Seen, remainder, sums

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Measure = Callable[[UsageFrame, str], "NDArray[np.float64]"]
"""What a pod holds of a resource in each row of the usage frame, in resource-hours."""

_SIZE = {
    "cpu": ("cpu_cores", "cpu_allocatable"),
    "memory": ("memory_gib", "memory_allocatable"),
    "gpu": ("gpu_count", "gpu_count"),
}


def requested(usage: UsageFrame, resource: str) -> NDArray[np.float64]:
    """What the scheduler set aside for the pod."""
    return usage[f"{resource}_request"].to_numpy().clip(min=0.0)


def used(usage: UsageFrame, resource: str) -> NDArray[np.float64]:
    """What the pod took; of GPUs only requests are known."""
    if resource == "gpu":
        return requested(usage, resource)
    return usage[f"{resource}_used"].to_numpy().clip(min=0.0)


def larger(usage: UsageFrame, resource: str) -> NDArray[np.float64]:
    """The larger of the two, in each hour: what was kept from others, or taken without asking."""
    import numpy as np

    return np.maximum(requested(usage, resource), used(usage, resource))


def node_parts(seen: Seen, usage: UsageFrame, measure: Measure) -> list[Part]:
    """Parts of every node's CPU, memory and GPUs.

    A node's day is cut by its presence into hours. In each hour a pod holds its measure over
    the capacity; system is what the node never offered to pods (capacity − allocatable). Pods
    that hold more than is allocatable (overcommit) are scaled to it, hour by hour. Idle is the
    rest. What ran while the node was not there holds nothing.

    Raises:
        DataError: usage of a pod that is not among the day's pods.
    """
    import numpy as np
    import pandas as pd

    count = len(seen.inventory)
    node, pod = seen.node, seen.pod
    cell = node * HOURS + seen.hour
    there = (node >= 0) & (np.append(seen.present, 0.0)[cell] > 0)
    if not there.all():
        usage, node, cell, pod = UsageFrame(usage[there]), node[there], cell[there], pod[there]
    if (unknown := pod < 0).any():
        raise DataError(
            f"pod {usage['pod_uid'].to_numpy()[unknown][0]} has usage and is not among the"
            f" day's pods ({int(unknown.sum())} such rows)",
            hint="report it to the author of the metrics source",
        )
    # One number for each workload on each node; its pods and hours are summed into it.
    pair, pairs = pd.factorize(seen.who[pod] * count + node)
    pair_who, pair_node = np.divmod(pairs, max(count, 1))
    nodes = np.flatnonzero(seen.is_a("node") & (seen.hours > 0))
    nobody = np.full(len(nodes), NOBODY)
    hours = np.where(seen.hours > 0, seen.hours, 1.0)
    out: list[Part] = []
    for resource, (size, offered) in _SIZE.items():
        there_is = seen.inventory[size].to_numpy()
        allocatable = _allocatable(there_is, seen.inventory[offered].to_numpy())
        capacity = np.where(there_is > 0, there_is, 1.0)
        room = (allocatable[:, None] * seen.present).ravel()
        amount = measure(usage, resource)
        asked = sums(cell, amount, room.size)
        scale = np.divide(room, asked, out=np.ones_like(room), where=asked > room)
        held = sums(pair, amount * scale[cell], len(pairs)) / (capacity * hours)[pair_node]
        system = (there_is - allocatable) / capacity
        idle = remainder(system + sums(pair_node, held, count))
        out += [
            Part(resource, "direct", pair_node, pair_who, held),
            Part(resource, "system", nodes, nobody, system[nodes]),
            Part(resource, "idle", nodes, nobody, idle[nodes]),
        ]
    return out


def _allocatable(
    capacity: NDArray[np.float64], offered: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What pods could have: never more than there is; all of it where nothing is said."""
    import numpy as np

    return np.where(offered > 0, np.minimum(offered, capacity), capacity)
