"""Who holds a node: pods by what they asked for or used, hour by hour; system; idle."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from burn.api import DataError, Observation, UsageFrame
from burn.api.stack import stack
from burn.builtin.policies.parts import (
    HOURS,
    Carriers,
    codes,
    parts_frame,
    presence_grid,
    remainder,
    sums,
)

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
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


def node_parts(day: Observation, measure: Measure) -> pd.DataFrame:
    """Parts of every node's CPU, memory and GPUs; they add up to 1.

    A node's day is cut by its presence into hours. In each hour a pod holds its measure over
    the capacity; system is what the node never offered to pods (capacity − allocatable). Pods
    that hold more than is allocatable (overcommit) are scaled to it, hour by hour. Idle is the
    rest. What ran while the node was not there holds nothing.
    """
    import numpy as np
    import pandas as pd

    nodes = day.inventory[day.inventory["kind"] == "node"]
    assets = pd.Index(nodes["asset_id"].astype("str"))
    present = presence_grid(day.presence, assets)
    hours = present.sum(axis=1)
    carriers = Carriers.of(day.pods)

    usage = day.usage
    node = codes(usage["asset_id"], assets)
    cell = node * HOURS + usage["hour"].dt.hour.to_numpy()
    there = (node >= 0) & (present.ravel()[cell.clip(min=0)] > 0)
    if not there.all():
        usage, node, cell = UsageFrame(usage[there]), node[there], cell[there]
    pod = codes(usage["pod_uid"], carriers.pods)
    if (pod < 0).any():
        raise DataError(
            f"pod {usage['pod_uid'].to_numpy()[pod < 0][0]} has usage and is not among the"
            f" day's pods ({int((pod < 0).sum())} such rows)",
            hint="report it to the author of the metrics source",
        )
    # One number for each workload on each node; hours and pods are summed into it.
    pair, pairs = pd.factorize(carriers.number[pod] * len(assets) + node)
    pair_node, pair_who = pairs % max(len(assets), 1), pairs // max(len(assets), 1)
    who = carriers.who.iloc[pair_who]

    seen = np.flatnonzero(hours > 0)
    out: list[pd.DataFrame] = []
    for resource, (size, offered) in _SIZE.items():
        capacity = nodes[size].to_numpy()
        allocatable = _allocatable(capacity, nodes[offered].to_numpy())
        whole = np.where(capacity > 0, capacity, 1.0) * np.where(hours > 0, hours, 1.0)
        room = (allocatable[:, None] * present).ravel()
        amount = measure(usage, resource)
        asked = sums(cell, amount, room.size)
        scale = np.divide(room, asked, out=np.ones_like(room), where=asked > room)
        held = sums(pair, amount * scale[cell], len(pairs)) / whole[pair_node]
        system = (capacity - allocatable) / np.where(capacity > 0, capacity, 1.0)
        idle = remainder(system + sums(pair_node, held, len(assets)))
        out += [
            parts_frame(assets, pair_node, resource, held, who=who),
            parts_frame(assets, seen, resource, system[seen], kind="system"),
            parts_frame(assets, seen, resource, idle[seen], kind="idle"),
        ]
    return stack(out)


def _allocatable(
    capacity: NDArray[np.float64], offered: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What pods could have: never more than there is; all of it where nothing is said."""
    import numpy as np

    return np.where(offered > 0, np.minimum(offered, capacity), capacity)
