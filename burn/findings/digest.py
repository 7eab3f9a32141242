"""One observed day, summed to what the rules need, so that memory does not grow with the window.

Rows of four scopes in one frame:

    workload  what all its pods asked for and used; `hours` are pod-hours
    node      allocatable capacity × hours, and what its pods asked for and used
    cluster   the busiest hour of the day: Σ max(request, use) over all pods
    volume    whether any pod mounted it
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import Observation

KEYS = ("scope", "cluster", "namespace", "workload_kind", "workload", "asset_id")
SUMS = (
    "hours",
    "cpu_capacity",
    "memory_capacity",
    "cpu_request",
    "cpu_used",
    "memory_request",
    "memory_used",
    "mounted",
    "by_pod",
)
PEAKS = ("cpu_need", "memory_max", "cpu_peak", "memory_peak")


def digest(day: Observation, percentile: float = 95.0, by_pod: Sequence[str] = ()) -> pd.DataFrame:
    """One day's rows: `KEYS`, sums in core-hours, GiB-hours and days, peaks in cores and GiB.

    A workload's `cpu_need` is the percentile over its pod-hours of the 95th within the hour:
    what one pod needs nearly always, whatever one busy hour asked for. `memory_max` is the
    highest sample of any pod, because memory that is missing once kills the pod. Its `by_pod` are
    the pod-hours on the nodes of that name, which are billed by what their pods ask for.
    """
    import pandas as pd

    usage = _known_pods(day)
    parts = [
        _workloads(day, usage, percentile / 100, by_pod),
        _nodes(day, usage),
        _cluster(day, usage),
        _volumes(day),
    ]
    frame = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    frame = frame.reindex(columns=[*KEYS, *SUMS, *PEAKS])
    frame[list(KEYS)] = frame[list(KEYS)].astype("object").fillna("").astype("str")
    frame[list(SUMS)] = frame[list(SUMS)].astype("float64").fillna(0.0)
    frame[list(PEAKS)] = frame[list(PEAKS)].astype("float64")
    return frame


def combine(digests: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The window: sums added, peaks the highest of any day; sorted by `KEYS`."""
    import pandas as pd

    if not digests:
        return pd.DataFrame(columns=[*KEYS, *SUMS, *PEAKS])
    days = pd.concat(digests, ignore_index=True)
    how: dict[str, Any] = dict.fromkeys(SUMS, "sum") | dict.fromkeys(PEAKS, "max")
    return days.groupby(list(KEYS), as_index=False, sort=True).agg(how)


def _known_pods(day: Observation) -> pd.DataFrame:
    """Usage of the pods in `pods`, by their row number there; nodes as categories.

    Integers group ten times faster than a day's uids and node names do.
    """
    import pandas as pd

    usage, pods = day.usage, day.pods
    uids = pd.Categorical(usage["pod_uid"])
    row_of = pd.Series(range(len(pods)), index=pods["pod_uid"].astype(object))
    rows = row_of[~row_of.index.duplicated()].reindex(uids.categories.astype(object))
    pod = rows.fillna(-1).to_numpy(dtype="int64")[uids.codes] if len(usage) else []
    names = ["hour", "hours", "cpu_request", "cpu_used", "cpu_p95"]
    names += ["memory_request", "memory_used", "memory_max"]
    frame = usage[names].assign(pod=pod, asset_id=pd.Categorical(usage["asset_id"]))
    return frame if (frame["pod"] >= 0).all() else frame[frame["pod"] >= 0]


def _workloads(
    day: Observation, usage: pd.DataFrame, quantile: float, by_pod: Sequence[str]
) -> pd.DataFrame:
    on_bill = usage["hours"].where(usage["asset_id"].isin(by_pod), 0.0)
    usage = usage.assign(by_pod=on_bill)
    keys = ["cluster", "namespace", "workload_kind", "workload"]
    number = day.pods.groupby(keys, sort=False, observed=True).ngroup()
    names = day.pods[keys].assign(number=number).drop_duplicates("number").set_index("number")
    by = usage.groupby(number.to_numpy()[usage["pod"].to_numpy(dtype="int64")])
    sums = by[["hours", "cpu_request", "cpu_used", "memory_request", "memory_used", "by_pod"]].sum()
    peaks = by.agg(memory_max=("memory_max", "max"))
    need = by["cpu_p95"].quantile(quantile).rename("cpu_need")
    found = names.join([sums, peaks, need], how="inner")
    return found.assign(scope="workload").reset_index(drop=True)


def _nodes(day: Observation, usage: pd.DataFrame) -> pd.DataFrame:
    nodes = day.inventory[day.inventory["kind"] == "node"]
    hours = nodes["hours"]
    frame = nodes[["asset_id", "cluster", "hours"]].assign(
        scope="node",
        cpu_capacity=nodes["cpu_allocatable"] * hours,
        memory_capacity=nodes["memory_allocatable"] * hours,
    )
    frame["asset_id"] = frame["asset_id"].astype(object)
    by = usage.groupby("asset_id", observed=True)
    sums = by[["cpu_request", "cpu_used", "memory_request", "memory_used"]].sum()
    return frame.join(sums.set_axis(sums.index.astype(object)), on="asset_id")


def _cluster(day: Observation, usage: pd.DataFrame) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    seen = day.inventory.drop_duplicates("asset_id")
    names = pd.Series(seen["cluster"].astype(object).to_numpy(), seen["asset_id"].astype(object))
    nodes = usage["asset_id"].cat
    cluster = pd.Categorical(names.reindex(nodes.categories.astype(object)).fillna(""))
    frame = pd.DataFrame(
        {
            "cluster": cluster[nodes.codes.to_numpy()],
            "hour": usage["hour"],
            "cpu_peak": np.maximum(usage["cpu_request"], usage["cpu_used"]),
            "memory_peak": np.maximum(usage["memory_request"], usage["memory_used"]),
        }
    )
    hours = frame.groupby(["cluster", "hour"], observed=True)[["cpu_peak", "memory_peak"]].sum()
    return hours.groupby("cluster", observed=True).max().reset_index().assign(scope="cluster")


def _volumes(day: Observation) -> pd.DataFrame:
    volumes = day.inventory[day.inventory["kind"] == "volume"]
    mounted = volumes["asset_id"].isin(day.mounts["asset_id"].astype(object))
    frame = volumes[["asset_id", "cluster", "namespace", "hours"]]
    return frame.assign(
        scope="volume", workload=volumes["owner_name"], mounted=mounted.astype(float)
    )
