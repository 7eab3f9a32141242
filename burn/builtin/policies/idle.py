"""Idle: what nobody used, to those who made the node (or the cluster) as large as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api import AllocationFrame, ApplyRequest
from burn.api.stack import stack
from burn.builtin.policies.settings import IdleSettings
from burn.builtin.policies.spread import DAY, completed, pooled, spread, weights

if TYPE_CHECKING:
    import pandas as pd


class IdlePolicy:
    """Spreads idle cost by the direct cost of the same resource; it stays marked as idle."""

    def __init__(self, settings: IdleSettings, steps: Sequence[Sequence[str]]) -> None:
        self._kinds = ["idle", "system"] if settings.system else ["idle"]
        self._steps = steps
        """Columns that idle cost and its carriers must share; the next step if none do."""

    def apply(self, request: ApplyRequest) -> AllocationFrame:
        """Move idle (and system) rows to the namespaces of their node, else of their cluster."""
        allocation = request.allocation
        loose = allocation["kind"].isin(self._kinds) & (allocation["namespace"] == "")
        out: list[pd.DataFrame] = [allocation[~loose]]
        pool: pd.DataFrame = allocation[loose]
        for step in self._steps:
            if pool.empty:
                break
            on = [*DAY, *step]
            pool = pooled(pool, dict.fromkeys([*on, "resource", "kind"]))
            cut, pool = spread(pool, weights(allocation, on), on)
            out.append(completed(cut, allocation.columns))
        out.append(completed(pool, allocation.columns))
        return AllocationFrame(stack(out))


BY_CLUSTER = (("cluster", "resource"), ("cluster",))
BY_NODE = (("cluster", "asset_id", "resource"), *BY_CLUSTER)
