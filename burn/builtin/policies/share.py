"""Share: each asset's cost to the pods that held it, the rest to idle and system.

Who gets which part of an asset does not depend on what it costs, so the parts are worked out
once a day and applied to each basis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import ref

from burn.api import AllocationFrame, Observation
from burn.api.stack import stack
from burn.builtin.policies.balancers import balancer_parts
from burn.builtin.policies.nodes import Measure, node_parts
from burn.builtin.policies.parts import Seen, parts_frame
from burn.builtin.policies.volumes import volume_parts

if TYPE_CHECKING:
    import pandas as pd

KEY = ["asset_id", "resource"]


class SharePolicy:
    """Gives the unallocated cost of nodes, volumes and balancers to who held them."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._parts: pd.DataFrame | None = None
        self._whose: list[ref[pd.DataFrame]] = []
        """Weak: a whole day must not outlive its turn in memory."""

    def apply(self, allocation: AllocationFrame, day: Observation) -> AllocationFrame:
        """Cut every `unallocated` row by its asset's parts; an asset nobody saw is idle."""
        import numpy as np

        unallocated = allocation["kind"] == "unallocated"
        rows = allocation[unallocated]
        parts = self._of(day)
        parts = parts.assign(**{name: _alike(parts[name], rows[name]) for name in KEY})
        cut = (
            rows[["basis", "day", "cluster", "owner", *KEY, "cost"]]
            .assign(row=np.arange(len(rows)))
            .merge(parts, on=KEY)
        )
        cut["cost"] *= cut["part"]
        held = np.zeros(len(rows), dtype=bool)
        held[cut["row"]] = True
        unseen, cut = rows[~held].assign(kind="idle"), cut[allocation.columns]
        return AllocationFrame(stack([allocation[~unallocated], cut, unseen]))

    def _of(self, day: Observation) -> pd.DataFrame:
        frames = [day.inventory, day.presence, day.pods, day.usage, day.mounts]
        if self._parts is None or not _same(self._whose, frames):
            seen = Seen.of(day)
            parts = node_parts(seen, day.usage, self._measure)
            parts += volume_parts(seen, day.usage, day.mounts)
            parts += balancer_parts(seen)
            self._parts = parts_frame(seen, parts)
            self._whose = [ref(frame) for frame in frames]
        return self._parts


def _same(whose: list[ref[pd.DataFrame]], frames: list[pd.DataFrame]) -> bool:
    return all(old() is new for old, new in zip(whose, frames, strict=True))


def _alike(keys: pd.Series[Any], other: pd.Series[Any]) -> pd.Series[Any]:
    """Keys in the other column's own categories, so that they are joined as integers."""
    import pandas as pd

    if isinstance(other.dtype, pd.CategoricalDtype):
        return keys.cat.set_categories(other.cat.categories)
    return keys.astype(other.dtype)
