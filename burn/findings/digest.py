"""One observed day, summed to what the rules need, so that memory does not grow with the window.

Rows of four scopes in one frame:

    workload  what all its pods asked for and used; `hours` are pod-hours
    node      allocatable capacity × hours, and what its pods asked for and used
    pool      nodes between which a pod may move: the busiest hour of the day, the largest pod
    volume    whether any pod mounted it
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

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
    "gpu_capacity",
    "gpu_request",
    "cpu_measured",
    "memory_measured",
)
PEAKS = (
    *("cpu_need", "memory_max", "cpu_peak", "memory_peak", "gpu_peak"),
    *("cpu_pod", "memory_pod", "spread"),
)


def digest(day: Observation, percentile: float = 95.0, by_pod: Sequence[str] = ()) -> pd.DataFrame:
    """One day's rows: `KEYS`, sums in core-hours, GiB-hours and days, peaks in cores and GiB.

    A workload's `cpu_need` is the percentile over its pod-hours of the 95th within the hour:
    what one pod needs nearly always, whatever one busy hour asked for. `memory_max` is the
    highest sample of any pod, because memory that is missing once kills the pod. The pod-hours in
    which either was measured are `cpu_measured` and `memory_measured`. Its `by_pod` are
    the pod-hours on the nodes of that name, which are billed by what their pods ask for.

    A pool's peaks are Σ max(request, use) of an hour; `cpu_pod` and `memory_pod` are the largest
    request of one pod, and `spread` how many nodes its workloads need to keep their pods apart.
    """
    import pandas as pd

    usage = _known_pods(day)
    pools = _pool_names(day.inventory)
    parts = [
        _workloads(day, usage, percentile / 100, by_pod),
        _nodes(day, usage, pools),
        _pools(day, usage, pools),
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
    names += ["memory_request", "memory_used", "memory_max", "gpu_request"]
    frame = usage[names].assign(pod=pod, asset_id=pd.Categorical(usage["asset_id"]))
    return frame if (frame["pod"] >= 0).all() else frame[frame["pod"] >= 0]


def _workloads(
    day: Observation, usage: pd.DataFrame, quantile: float, by_pod: Sequence[str]
) -> pd.DataFrame:
    on_bill = usage["hours"].where(usage["asset_id"].isin(by_pod), 0.0)
    usage = usage.assign(
        by_pod=on_bill,
        cpu_measured=usage["hours"].where(usage["cpu_p95"].notna(), 0.0),
        memory_measured=usage["hours"].where(usage["memory_max"].notna(), 0.0),
    )
    keys = ["cluster", "namespace", "workload_kind", "workload"]
    number = day.pods.groupby(keys, sort=False, observed=True).ngroup()
    names = day.pods[keys].assign(number=number).drop_duplicates("number").set_index("number")
    by = usage.groupby(number.to_numpy()[usage["pod"].to_numpy(dtype="int64")])
    asked = ["hours", "by_pod", "cpu_request", "memory_request"]
    used = ["cpu_used", "memory_used", "cpu_measured", "memory_measured"]
    sums = by[[*asked, *used]].sum()
    peaks = by.agg(memory_max=("memory_max", "max"))
    need = by["cpu_p95"].quantile(quantile).rename("cpu_need")
    found = names.join([sums, peaks, need], how="inner")
    return found.assign(scope="workload").reset_index(drop=True)


def _pool_names(inventory: pd.DataFrame) -> pd.Series[str]:
    """Node → the pool in which its pods may move; empty when that is not known.

    Selectors, taints and tolerations are a node pool's; an image is of an architecture and a
    system; a disk is in a zone; and what may be interrupted is not what may not.
    """
    nodes = inventory[inventory["kind"] == "node"].drop_duplicates("asset_id")
    told = nodes[list(POOL)].astype("str")
    text = told[POOL[0]].str.cat(told[list(POOL[1:])], sep=", ")
    known = (told[list(POOL[:3])] != "").all(axis="columns")
    text = text.where(known, "").str.replace(r"(, )+$", "", regex=True)
    text.index = nodes["asset_id"].astype(object)
    return text


POOL = ("owner_name", "arch", "zone", "os", "capacity_type")
"""Columns of the inventory; the first three must be known."""


def _nodes(day: Observation, usage: pd.DataFrame, pools: pd.Series[str]) -> pd.DataFrame:
    nodes = day.inventory[day.inventory["kind"] == "node"]
    hours = nodes["hours"]
    frame = nodes[["asset_id", "cluster", "hours"]].assign(
        scope="node",
        cpu_capacity=nodes["cpu_allocatable"] * hours,
        memory_capacity=nodes["memory_allocatable"] * hours,
        gpu_capacity=nodes["gpu_count"] * hours,
        workload=nodes["asset_id"].astype(object).map(pools),
    )
    frame["asset_id"] = frame["asset_id"].astype(object)
    by = usage.groupby("asset_id", observed=True)
    sums = by[["cpu_request", "cpu_used", "memory_request", "memory_used", "gpu_request"]].sum()
    return frame.join(sums.set_axis(sums.index.astype(object)), on="asset_id")


def _pools(day: Observation, usage: pd.DataFrame, pools: pd.Series[str]) -> pd.DataFrame:
    import pandas as pd

    seen = day.inventory.drop_duplicates("asset_id")
    cluster = pd.Series(seen["cluster"].astype("str").to_numpy(), seen["asset_id"].astype(object))
    nodes = usage["asset_id"].cat.categories.astype(object)
    names = pd.DataFrame(
        {
            "cluster": cluster.reindex(nodes).fillna("").to_numpy(),
            "workload": pools.reindex(nodes).fillna("").to_numpy(),
        }
    )
    number = names.groupby(["cluster", "workload"], sort=True).ngroup().to_numpy()
    names = names.assign(pool=number).drop_duplicates("pool").set_index("pool")
    alive = usage["hours"].where(usage["hours"] > 0)
    frame = pd.DataFrame(
        {
            "pool": number[usage["asset_id"].cat.codes.to_numpy()] if len(usage) else [],
            "hour": usage["hour"].to_numpy(),
            "cpu_peak": usage[["cpu_request", "cpu_used"]].to_numpy().max(axis=1),
            "memory_peak": usage[["memory_request", "memory_used"]].to_numpy().max(axis=1),
            "gpu_peak": usage["gpu_request"].to_numpy(),
            "cpu_pod": (usage["cpu_request"] / alive).to_numpy(),
            "memory_pod": (usage["memory_request"] / alive).to_numpy(),
        }
    )
    hours = frame.groupby(["pool", "hour"])[["cpu_peak", "memory_peak", "gpu_peak"]].sum()
    found = names.join(hours.groupby("pool").max(), how="inner")
    found = found.join(frame.groupby("pool")[["cpu_pod", "memory_pod"]].max())
    spread = _spread(day, usage, frame["pool"].to_numpy())
    return found.assign(scope="pool", spread=spread.reindex(found.index)).reset_index(drop=True)


def _spread(day: Observation, usage: pd.DataFrame, pool: NDArray[np.int64]) -> pd.Series[float]:
    """By pool, the most pods of one workload that were each on a node of their own.

    Anti-affinity and spread constraints are not in the frames; where pods are found apart, they
    may have to be. Looked for in three hours of the day: a DaemonSet's pods follow the nodes.
    """
    import pandas as pd

    hours = usage["hour"].drop_duplicates().sort_values()
    chosen = hours.iloc[sorted({0, len(hours) // 2, len(hours) - 1})] if len(hours) else hours
    here = usage["hour"].isin(chosen).to_numpy()
    keys = ["cluster", "namespace", "workload_kind", "workload"]
    workload = day.pods.groupby(keys, sort=False, observed=True).ngroup().to_numpy()
    follows = day.pods["workload_kind"].isin(["DaemonSet", "Node"]).to_numpy()
    pod = usage["pod"].to_numpy(dtype="int64")[here]
    rows = pd.DataFrame(
        {
            "pool": pool[here],
            "hour": usage["hour"].to_numpy()[here],
            "workload": workload[pod] if len(pod) else [],
            "node": usage["asset_id"].cat.codes.to_numpy()[here],
        }
    )
    rows = rows[~follows[pod]] if len(pod) else rows
    on_node = rows.groupby(["pool", "hour", "workload", "node"]).size()
    each = on_node.groupby(["pool", "hour", "workload"]).agg(["size", "max"])
    apart: pd.Series[float] = each.loc[each["max"] == 1, "size"].astype("float64")
    return apart.groupby("pool").max()


def _volumes(day: Observation) -> pd.DataFrame:
    volumes = day.inventory[day.inventory["kind"] == "volume"]
    mounted = volumes["asset_id"].isin(day.mounts["asset_id"].astype(object))
    mounted |= _of_a_pod(volumes[~mounted], day.pods).reindex(volumes.index, fill_value=False)
    frame = volumes[["asset_id", "cluster", "namespace", "hours"]]
    return frame.assign(
        scope="volume", workload=volumes["owner_name"], mounted=mounted.astype(float)
    )


def _of_a_pod(volumes: pd.DataFrame, pods: pd.DataFrame) -> pd.Series[bool]:
    """Whether a pod of the namespace was there whose name the claim's begins with.

    The claim of a generic ephemeral volume is named POD-VOLUME, and no metric of
    kube-state-metrics says that the pod mounts it.
    """
    claims = volumes["owner_name"].astype("str")
    names = set(pods["namespace"].astype("str") + "/" + pods["pod"].astype("str"))
    parts = claims.str.split("-")
    starts = [
        {f"{space}/{'-'.join(words[:end])}" for end in range(1, len(words))}
        for space, words in zip(volumes["namespace"].astype("str"), parts, strict=True)
    ]
    hit = [bool(options & names) for options in starts]
    import pandas as pd

    return pd.Series(hit, index=volumes.index, dtype=bool)
