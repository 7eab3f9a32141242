"""Observed days, reduced to a row per workload, container and day, so that memory does not grow with pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api.containers import QUANTILES
from burn.sizing.mix import mixed

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import ContainersFrame, Observation, PodsFrame

WORKLOAD = ["cluster", "namespace", "workload_kind", "workload"]
KEY = [*WORKLOAD, "container"]
_LEVELS = list(QUANTILES)
_HIGHEST = [f"{resource}_{name}" for resource in ("cpu", "memory") for name in (*_LEVELS, "start")]
_SETTINGS = [
    f"{resource}_{what}" for resource in ("cpu", "memory") for what in ("request", "limit")
]


def by_day(seen: Observation) -> pd.DataFrame | None:
    """`KEY`, day, and of all replicas together; None where the source has no such facts.

    Columns: `pods` (how many were measured), `hours` (of all of them), requests and limits (the
    largest), quantiles (the highest of any replica), `pool_cpu_p50` … (of all replicas' samples
    together), events (added up), `throttled` (the worst), runtime and heap limit.
    """
    if seen.containers is None:
        return None
    return reduced(seen.containers, seen.pods)


def reduced(containers: ContainersFrame, pods: PodsFrame) -> pd.DataFrame:
    """See `by_day`."""
    import numpy as np
    import pandas as pd

    who = pods[["pod_uid", "day", *WORKLOAD]]
    rows = containers.merge(who, on=["pod_uid", "day"])
    for name in WORKLOAD:
        rows[name] = rows[name].astype("str")
    by = rows.groupby([*KEY, "day"], sort=True)
    code = by.ngroup().to_numpy()
    out = by.agg(
        pods=("pod_uid", "nunique"),
        hours=("hours", "sum"),
        **{name: (name, "max") for name in (*_SETTINGS, *_HIGHEST, "throttled", "heap_limit")},
        runtime=("runtime", "max"),
    )
    for name in ("oom_kills", "restarts"):
        out[name] = by[name].sum(min_count=1)
    quantiles = rows[[f"cpu_{name}" for name in _LEVELS]].to_numpy(dtype=np.float64)
    known = ~np.isnan(quantiles).any(axis=1)
    weights = rows["hours"].fillna(0.0).to_numpy(dtype=np.float64)
    pooled = mixed(
        quantiles[known], weights[known], code[known], len(out), list(QUANTILES.values())
    )
    names = [f"pool_cpu_{name}" for name in _LEVELS]
    return pd.concat(
        [out, pd.DataFrame(pooled, index=out.index, columns=names)], axis=1
    ).reset_index()


def latest(seen: Observation) -> pd.DataFrame | None:
    """Of each workload, the last day that is known of it; None where the source has no such facts."""
    if seen.workloads is None:
        return None
    return newest([seen.workloads])


def newest(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """One row per workload: of the last day."""
    import pandas as pd

    rows = pd.concat(parts, ignore_index=True).sort_values("day", kind="stable")
    rows = rows.astype(dict.fromkeys(WORKLOAD, "str"))
    return rows.drop_duplicates(WORKLOAD, keep="last").sort_values(WORKLOAD).reset_index(drop=True)
