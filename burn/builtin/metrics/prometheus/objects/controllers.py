"""What the day's objects said of themselves, one row a fact, and which kinds of objects are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.builtin.metrics.prometheus.queries.workloads import KINDS

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.common.grid import Grid

KEY = ["namespace", "workload_kind", "workload"]


def said(grid: Grid) -> pd.DataFrame:
    """`KEY` of the object, fact, value, and the labels of `queries.workloads.CONTROLLERS`."""
    import pandas as pd

    labels = grid.labels
    kind = name = pd.Series("", index=labels.index, dtype="str")
    for label, known in KINDS.items():
        mine = labels[label] != ""
        kind, name = kind.mask(mine, known), name.mask(mine, labels[label])
    return labels.assign(workload_kind=kind, workload=name, value=grid.values[:, 0])


def shown(facts: pd.DataFrame, kind: str) -> bool:
    """Whether all objects of a kind would be there: one is, or kube-state-metrics listed the kind."""
    listed = facts.loc[facts["fact"] == "listed", "resource"].str.endswith(f".{kind}")
    return bool((facts["workload_kind"] == kind).any() or listed.any())
