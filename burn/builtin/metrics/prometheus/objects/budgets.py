"""Which disruption budgets may be about a workload: kube-state-metrics does not say whom they select."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.builtin.metrics.prometheus.objects.controllers import shown
from burn.builtin.metrics.prometheus.queries.workloads import BUDGET

if TYPE_CHECKING:
    import pandas as pd


def budgeted(said: pd.DataFrame, rows: pd.DataFrame) -> tuple[pd.Series[float], pd.Series[bool]]:
    """Of each workload, the disruptions it is allowed, and whether null is "no budget".

    A budget that selects a workload counts all of its pods, and so no fewer than it has. If every
    budget of the namespace that counts as many lets some go, so does whichever is the workload's: the
    least of them is allowed. One that lets none go is taken to be the workload's if it counts just as
    many pods, so that one more may be held than is; if it counts more, nobody knows.

    Args:
        said: see `controllers.said`.
        rows: namespace and replicas; of a workload whose replicas nobody says, any budget may be.
    """
    import pandas as pd

    mine = said[(said["workload_kind"] == BUDGET) & said["fact"].isin(["allowed", "pods"])]
    budgets = mine.groupby(["namespace", "workload", "fact"])["value"].max().unstack()
    budgets = budgets.reindex(columns=["allowed", "pods"]).reset_index()
    of = rows.assign(row=range(len(rows)))[["row", "namespace", "replicas"]]
    pairs = of.merge(budgets[["namespace", "allowed", "pods"]], on="namespace")
    least = pairs["replicas"].fillna(1.0)
    counts = pairs["pods"].fillna(float("inf"))  # one that does not say may be about any
    may = pairs[(counts >= least) & (counts > 0)]
    none = may["allowed"].fillna(0.0) <= 0
    exact = none & (may["pods"] == may["replicas"]) & may["allowed"].notna()
    allowed = may.groupby("row")["allowed"].min()
    unsure = none.groupby(may["row"]).any() & ~exact.groupby(may["row"]).any()
    index = range(len(rows))
    unknown = unsure.reindex(index, fill_value=False).to_numpy(dtype=bool)
    out = allowed.reindex(index).set_axis(rows.index)
    return out.mask(unknown), pd.Series(~unknown & shown(said, BUDGET), index=rows.index)
