"""The borders and aims of autoscalers, by the workload that they scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.builtin.metrics.prometheus.objects.controllers import KEY, shown
from burn.builtin.metrics.prometheus.queries.workloads import SCALER, TARGET

if TYPE_CHECKING:
    import pandas as pd

_AIMS = {"cpu": "hpa_cpu_target", "memory": "hpa_memory_target"}
_BORDERS = ["hpa_min", "hpa_max"]


def scaled(said: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """By `KEY`, hpa_min, hpa_max and aims as use ÷ request; and whether a workload without has none.

    Args:
        said: see `controllers.said`.
    """
    import pandas as pd

    mine = said[said["workload_kind"] == SCALER]
    of = mine.loc[(mine["fact"] == "of") & (mine[TARGET[1]] != "")]
    of = of[["namespace", "workload", *TARGET]].rename(columns={"workload": "scaler"})
    aim = mine["fact"] == "aim"
    fact = mine["fact"].mask(aim, mine["metric_name"].map(_AIMS).fillna(""))
    told = mine.assign(fact=fact, value=mine["value"].mask(aim, mine["value"] / 100))
    names = [*_BORDERS, *_AIMS.values()]
    told = told[told["fact"].isin(names)]
    facts = told.groupby(["namespace", "workload", "fact"])["value"].max().unstack()
    found = of.join(facts.reindex(columns=names), on=["namespace", "scaler"])
    columns: dict[str, Any] = dict(zip(TARGET, KEY[1:], strict=True))
    # kube-state-metrics shows an autoscaler in each API version; all say the same.
    by = found.drop(columns="scaler").rename(columns=columns).groupby(KEY, as_index=False).max()
    bordered = pd.MultiIndex.from_frame(told.loc[told["fact"].isin(_BORDERS), KEY[::2]])
    tied = bordered.isin(pd.MultiIndex.from_frame(of[["namespace", "scaler"]]))
    return by, bool(tied.all()) and shown(said, SCALER)
