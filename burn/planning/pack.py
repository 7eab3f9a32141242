"""Whether pods fit on nodes: first-fit decreasing by dominant resource.

What it packs fits; what it does not pack might fit all the same. How far that is from the best is
measured by `tests/unit/planning/test_pack.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]
    Codes = npt.NDArray[np.int64]

_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Pods:
    """Pods that must be placed.

    Attributes:
        sizes: pod × resource.
        apart: of each, a number that it shares with those it may not meet on a node; -1: none.
    """

    sizes: Numbers
    apart: Codes


def fits(room: Numbers, slots: Numbers, pods: Pods) -> bool:
    """Whether all pods are placed.

    Args:
        room: node × resource that is free for them.
        slots: of each node, how many pods it takes.
        pods: to be placed, each on one node.
    """
    import numpy as np

    if (pods.sizes.sum(axis=0) > room.sum(axis=0) + _SLACK).any() or len(pods.sizes) > slots.sum():
        return False
    room, slots = room.copy(), slots.copy()
    largest = room.max(axis=0)
    if (pods.sizes > largest + _SLACK).any():
        return False
    share = np.divide(pods.sizes, largest, out=np.zeros_like(pods.sizes), where=largest > 0)
    met: dict[int, Codes] = {}
    # Pods that must be apart go first: they have the fewest places.
    for pod in np.lexsort((-share.max(axis=1), pods.apart < 0)):
        free = (room + _SLACK >= pods.sizes[pod]).all(axis=1) & (slots > 0)
        group = int(pods.apart[pod])
        taken = met.get(group)
        if group >= 0 and taken is not None:
            free[taken] = False
        place = int(free.argmax())
        if not free[place]:
            return False
        room[place] -= pods.sizes[pod]
        slots[place] -= 1
        if group >= 0:
            here = np.asarray([place], dtype=np.int64)
            met[group] = here if taken is None else np.append(taken, here)
    return True
