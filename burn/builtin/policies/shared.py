"""Shared: what serves everybody, to everybody else: evenly, by their cost, or by fixed weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from burn.api import AllocationFrame, ApplyRequest, UsageError
from burn.api.stack import stack
from burn.builtin.policies.settings import SharedFixedSettings, SharedSettings
from burn.builtin.policies.spread import DAY, among, completed, pooled, spread, weights

if TYPE_CHECKING:
    import pandas as pd

Rule = Callable[["pd.DataFrame"], "pd.Series[float]"]
"""From the direct cost of workloads (column `weight`) to the weight each shall have."""


class SharedPolicy:
    """Cuts shared cost over namespaces, and within a namespace over its workloads by cost."""

    def __init__(self, settings: SharedSettings | SharedFixedSettings, rule: Rule) -> None:
        self._settings = settings
        self._rule = rule

    def apply(self, request: ApplyRequest) -> AllocationFrame:
        """Move shared rows to namespaces of their cluster; what nobody can take stays."""
        allocation = request.allocation
        common = allocation["namespace"].isin(self._settings.namespaces)
        carriers = weights(allocation[~common], DAY)
        weight = self._rule(carriers)
        carriers = carriers.assign(weight=weight)[weight > 0]
        if self._settings.include_overhead:
            common |= (allocation["kind"] == "shared") & (allocation["namespace"] == "")
        common &= among(allocation, carriers, DAY)
        if not common.any():
            return allocation
        pool = pooled(allocation[common], [*DAY, "cluster", "resource"])
        cut, elsewhere = spread(pool.assign(kind="shared"), carriers, [*DAY, "cluster"])
        rest, _ = spread(elsewhere, carriers, DAY)
        out = [completed(rows, allocation.columns) for rows in (cut, rest)]
        return AllocationFrame(stack([allocation[~common], *out]))


def by_cost(carriers: pd.DataFrame) -> pd.Series[float]:
    """Each namespace by what it costs directly."""
    return carriers["weight"]


def evenly(carriers: pd.DataFrame) -> pd.Series[float]:
    """Each namespace the same."""
    home = carriers.groupby([*DAY, "cluster", "namespace"], observed=True)["weight"]
    return carriers["weight"] / home.transform("sum")


def fixed(shares: Mapping[str, float]) -> Rule:
    """Each namespace by a number; the others carry nothing.

    Raises:
        UsageError: a weight is negative, or all are zero.
    """
    if not shares or min(shares.values()) < 0 or max(shares.values()) <= 0:
        raise UsageError(
            "policy `shared-fixed` needs weights, none negative and not all zero",
            hint="set [policy.shared-fixed.weights] in burn.toml, e.g. shop = 3",
        )

    return partial(_weighted, shares=dict(shares))


def _weighted(carriers: pd.DataFrame, shares: Mapping[str, float]) -> pd.Series[float]:
    own = carriers["namespace"].astype("str").map(shares).astype("float64").fillna(0.0)
    return evenly(carriers) * own
