"""Share: each asset's cost to the pods that held it, the rest to idle and system.

Who gets which part of an asset does not depend on what it costs, so the parts are worked out
once a day and applied to each basis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.api import AllocationFrame, Observation
from burn.api.stack import stack
from burn.builtin.policies.balancers import balancer_parts
from burn.builtin.policies.nodes import Measure, node_parts
from burn.builtin.policies.parts import KEY
from burn.builtin.policies.volumes import volume_parts

if TYPE_CHECKING:
    import pandas as pd


class SharePolicy:
    """Gives the unallocated cost of nodes, volumes and balancers to who held them."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._day: Observation | None = None
        self._parts: pd.DataFrame | None = None

    def apply(self, allocation: AllocationFrame, day: Observation) -> AllocationFrame:
        """Cut every `unallocated` row by its asset's parts; an asset nobody saw is idle."""
        unallocated = allocation["kind"] == "unallocated"
        rows = allocation.loc[unallocated, ["basis", "day", "cluster", "owner", *KEY, "cost"]]
        parts = self._of(day)
        parts = parts.assign(**{name: _like(parts[name], rows[name]) for name in KEY})
        cut = rows.merge(parts, on=KEY)
        cut["cost"] *= cut["part"]
        seen = rows.merge(parts[KEY].drop_duplicates(), on=KEY, how="left", indicator=True)
        unseen = allocation[unallocated][(seen["_merge"] == "left_only").to_numpy()]
        return AllocationFrame(
            stack(
                [
                    allocation[~unallocated],
                    cut[allocation.columns],
                    unseen.assign(kind="idle"),
                ]
            )
        )

    def _of(self, day: Observation) -> pd.DataFrame:
        if self._parts is None or day is not self._day:
            self._day = day
            self._parts = stack(
                [node_parts(day, self._measure), volume_parts(day), balancer_parts(day)]
            )
        return self._parts


def _like(keys: pd.Series[Any], other: pd.Series[Any]) -> pd.Series[Any]:
    """Keys in the other column's own categories, so that they are joined as integers."""
    import pandas as pd

    if isinstance(other.dtype, pd.CategoricalDtype):
        return keys.cat.set_categories(other.cat.categories)
    return keys.astype(other.dtype)
