"""Observed days, summed to what the rules need, so that memory does not grow with the window.

Rows of four scopes in one frame, a day each:

    workload  what all its pods asked for and used; `hours` are pod-hours
    node      allocatable capacity × hours, and what its pods asked for and used
    pool      nodes between which a pod may move: the busiest hour of the day, the largest pod
    volume    whether any pod mounted it, and the most it held
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from burn.api import schemas
from burn.api.pools import pool_names
from burn.api.rows_of import MICROSECONDS_PER_HOUR, RowsOf, coded, steps

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from burn.api import Observation, UseFrame

WORKLOAD = ["cluster", "namespace", "workload_kind", "workload"]
KEYS = schemas.USE.key
PEAKS = tuple(column.name for column in schemas.USE.columns if column.null)
SUMS = tuple(name for name in schemas.USE.names if name not in (*KEYS, *PEAKS))


def digest(seen: Observation, percentile: float = 95.0, by_pod: Sequence[str] = ()) -> pd.DataFrame:
    """A window's rows: `KEYS`, sums in core-hours, GiB-hours and days, peaks in cores and GiB.

    Each row is of one day, and tells no other from it: peaks are a day's.

    A workload's `cpu_need` is the percentile over its pod-hours of the 95th within the hour:
    what one pod needs nearly always, whatever one busy hour asked for. `memory_max` is the
    highest sample of any pod, because memory that is missing once kills the pod. The pod-hours in
    which either was measured are `cpu_measured` and `memory_measured`. Its `by_pod` are
    the pod-hours on the nodes of that name, which are billed by what their pods ask for.

    A pool's peaks are Σ max(request, use) of an hour; `cpu_pod` and `memory_pod` are the largest
    request of one pod, and `spread` how many nodes its workloads need to keep their pods apart.
    """
    import pandas as pd

    usage = _known_pods(seen)
    pools = pool_names(seen.inventory)
    parts = [
        _workloads(seen, usage, percentile / 100, by_pod),
        _nodes(seen, usage, pools),
        _pools(seen, usage, pools),
        _volumes(seen),
    ]
    frame = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    frame = frame.reindex(columns=[*KEYS, *SUMS, *PEAKS])
    frame[list(KEYS)] = frame[list(KEYS)].astype("object").fillna("").astype("str")
    frame[list(SUMS)] = frame[list(SUMS)].astype("float64").fillna(0.0)
    frame[list(PEAKS)] = frame[list(PEAKS)].astype("float64")
    return frame


def combine(digests: Sequence[pd.DataFrame]) -> UseFrame:
    """The window: sums added, peaks the highest of any day; sorted by `KEYS`."""
    import pandas as pd

    if not digests:
        return schemas.USE.empty()
    days = pd.concat(digests, ignore_index=True)
    how: dict[str, Any] = dict.fromkeys(SUMS, "sum") | dict.fromkeys(PEAKS, "max")
    window = days.groupby(list(KEYS), as_index=False, sort=True).agg(how)
    return schemas.USE.validate(window, author="burn")


def _known_pods(seen: Observation) -> pd.DataFrame:
    """Usage of the pods in `pods`, by their row number there; nodes by theirs in the inventory.

    Integers group ten times faster than a day's uids and node names do.
    """
    usage, pods, inventory = seen.usage, seen.pods, seen.inventory
    names = ["asset_id", "hour", "hours", "cpu_request", "cpu_used", "cpu_p95"]
    names += ["memory_request", "memory_used", "memory_max", "gpu_request"]
    names += ["network_receive", "network_transmit"]
    hour = usage["hour"]
    frame = usage[names].assign(
        pod=RowsOf.of(pods["pod_uid"], pods["day"]).find(usage["pod_uid"], hour),
        node=RowsOf.of(inventory["asset_id"], inventory["day"]).find(usage["asset_id"], hour),
    )
    return frame if (frame["pod"] >= 0).all() else frame[frame["pod"] >= 0]


def _workloads(
    seen: Observation, usage: pd.DataFrame, quantile: float, by_pod: Sequence[str]
) -> pd.DataFrame:
    on_bill = usage["hours"].where(usage["asset_id"].isin(by_pod), 0.0)
    usage = usage.assign(
        by_pod=on_bill,
        cpu_measured=usage["hours"].where(usage["cpu_p95"].notna(), 0.0),
        memory_measured=usage["hours"].where(usage["memory_max"].notna(), 0.0),
        network=usage["network_receive"] + usage["network_transmit"],
    )
    number = seen.pods.groupby(["day", *WORKLOAD], sort=False, observed=True).ngroup()
    names = seen.pods[WORKLOAD].assign(number=number)
    names = names.drop_duplicates("number").set_index("number")
    by = usage.groupby(number.to_numpy()[usage["pod"].to_numpy(dtype="int64")])
    asked = ["hours", "by_pod", "cpu_request", "memory_request"]
    used = ["cpu_used", "memory_used", "cpu_measured", "memory_measured", "network"]
    sums = by[[*asked, *used]].sum()
    peaks = by.agg(memory_max=("memory_max", "max"), network_peak=("network", "max"))
    need = by["cpu_p95"].quantile(quantile).rename("cpu_need")
    counted = _counted(seen, usage).groupby(number).sum().rename("network_measured")
    found = names.join([sums, peaks, need, counted], how="inner")
    return found.assign(scope="workload", days=1.0).reset_index(drop=True)


def _counted(seen: Observation, usage: pd.DataFrame) -> pd.Series[float]:
    """Hours by pod and day in which its own bytes were counted; unknown is 0."""
    import numpy as np

    hours = np.bincount(usage["pod"].to_numpy(), usage["hours"], minlength=len(seen.pods))
    return seen.pods["x_network_hours"].fillna(0.0).clip(upper=hours)


def _nodes(seen: Observation, usage: pd.DataFrame, pools: pd.Series[str]) -> pd.DataFrame:
    import numpy as np

    nodes = seen.inventory[seen.inventory["kind"] == "node"]
    hours = nodes["hours"]
    frame = nodes[["asset_id", "cluster", "hours"]].assign(
        scope="node",
        cpu_capacity=nodes["cpu_allocatable"] * hours,
        memory_capacity=nodes["memory_allocatable"] * hours,
        gpu_capacity=nodes["gpu_count"] * hours,
        workload=pools[nodes.index],
    )
    ran = usage["node"].to_numpy() >= 0
    at, count = usage["node"].to_numpy()[ran], len(seen.inventory)
    for name in ("cpu_request", "cpu_used", "memory_request", "memory_used", "gpu_request"):
        sums = np.bincount(at, usage[name].to_numpy()[ran], minlength=count)
        frame[name] = sums[nodes.index]
    return frame


def _pools(seen: Observation, usage: pd.DataFrame, pools: pd.Series[str]) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    # By row of the inventory; after the last one, a row a day for nodes that are not in it.
    day = steps(usage["hour"])
    names = pd.DataFrame(
        {
            "day": steps(seen.inventory["day"]),
            "cluster": seen.inventory["cluster"].astype("str"),
            "workload": pools,
        }
    )
    node = usage["node"].to_numpy()
    lost = np.unique(day[node < 0])
    names = pd.concat(
        [names, pd.DataFrame({"day": lost, "cluster": "", "workload": ""})], ignore_index=True
    )
    row = np.where(node < 0, len(seen.inventory) + np.searchsorted(lost, day), node)
    number = names.groupby(["day", "cluster", "workload"], sort=True).ngroup().to_numpy()
    names = names.assign(pool=number).drop_duplicates("pool").set_index("pool")
    pool = number[row]
    # A pool is of one day: an hour of it is one of 24.
    hour = pool * 24 + steps(usage["hour"], MICROSECONDS_PER_HOUR) % 24
    amounts = {name: usage[name].to_numpy() for name in usage.columns if name in SUMS}
    peaks = {
        "cpu_peak": np.maximum(amounts["cpu_request"], amounts["cpu_used"]),
        "memory_peak": np.maximum(amounts["memory_request"], amounts["memory_used"]),
        "gpu_peak": amounts["gpu_request"],
    }
    used = np.bincount(pool, minlength=number.max(initial=-1) + 1) > 0
    found = names[used[names.index]].sort_index()
    for name, amount in peaks.items():
        sums = np.bincount(hour, amount, minlength=24 * len(used)).reshape(-1, 24)
        found[name] = sums.max(axis=1)[found.index]
    alive = np.where(amounts["hours"] > 0, amounts["hours"], np.nan)
    for name, asked in (("cpu_pod", "cpu_request"), ("memory_pod", "memory_request")):
        found[name] = pd.Series(amounts[asked] / alive).groupby(pool).max().reindex(found.index)
    spread = _spread(seen, usage, pool)
    return found.assign(scope="pool", spread=spread.reindex(found.index)).reset_index(drop=True)


def _spread(
    seen: Observation, usage: pd.DataFrame, pool: NDArray[np.integer[Any]]
) -> pd.Series[float]:
    """By pool, the most pods of one workload that were each on a node of their own.

    Anti-affinity and spread constraints are not in the frames; where pods are found apart, they
    may have to be. Looked for in three hours of a day: a DaemonSet's pods follow the nodes.
    """
    import pandas as pd

    here = _three_hours(usage["hour"])
    workload = seen.pods.groupby(WORKLOAD, sort=False, observed=True).ngroup().to_numpy()
    follows = seen.pods["workload_kind"].isin(["DaemonSet", "Node"]).to_numpy()
    pod = usage["pod"].to_numpy(dtype="int64")[here]
    rows = pd.DataFrame(
        {
            "pool": pool[here],
            "hour": steps(usage["hour"], MICROSECONDS_PER_HOUR)[here],
            "workload": workload[pod] if len(pod) else [],
            "node": coded(usage["asset_id"])[0][here],
        }
    )
    rows = rows[~follows[pod]] if len(pod) else rows
    on_node = rows.groupby(["pool", "hour", "workload", "node"]).size()
    each = on_node.groupby(["pool", "hour", "workload"]).agg(["size", "max"])
    apart: pd.Series[float] = each.loc[each["max"] == 1, "size"].astype("float64")
    return apart.groupby("pool").max()


def _three_hours(hours: pd.Series[Any]) -> NDArray[np.bool_]:
    """Whether each is the first, middle or last of the hours that are there on its day."""
    import numpy as np
    import pandas as pd

    code, unique = pd.factorize(steps(hours, MICROSECONDS_PER_HOUR), sort=True)
    day = pd.Series(unique // 24)
    of_day = day.groupby(day)
    position, count = of_day.cumcount(), of_day.transform("size")
    chosen = (position == 0) | (position == count // 2) | (position == count - 1)
    return np.asarray(chosen.to_numpy(dtype=bool)[code], dtype=bool)


def _volumes(seen: Observation) -> pd.DataFrame:
    import pandas as pd

    volumes = seen.inventory[seen.inventory["kind"] == "volume"]
    mounts = RowsOf.of(seen.mounts["asset_id"], seen.mounts["day"])
    found = mounts.find(volumes["asset_id"], volumes["day"]) >= 0
    mounted = pd.Series(found, index=volumes.index)
    mounted |= _of_a_pod(volumes[~mounted], seen.pods).reindex(volumes.index, fill_value=False)
    frame = volumes[["asset_id", "cluster", "namespace", "hours"]]
    return frame.assign(
        scope="volume",
        workload=volumes["owner_name"],
        days=1.0,
        mounted=mounted.astype(float),
        filled=volumes["x_used_gib"].notna().astype(float),
        used_gib=volumes["x_used_gib"],
        size_gib=volumes["storage_gib"],
    )


def _of_a_pod(volumes: pd.DataFrame, pods: pd.DataFrame) -> pd.Series[bool]:
    """Whether a pod of the namespace was there on the day whose name the claim's begins with.

    The claim of a generic ephemeral volume is named POD-VOLUME, and no metric of
    kube-state-metrics says that the pod mounts it.
    """
    import pandas as pd

    def spaces(rows: pd.DataFrame) -> pd.Series[str]:
        return rows["day"].astype("str") + " " + rows["namespace"].astype("str")

    parts = volumes["owner_name"].astype("str").str.split("-")
    names = set(spaces(pods) + "/" + pods["pod"].astype("str")) if len(volumes) else set()
    starts = [
        {f"{space}/{'-'.join(words[:end])}" for end in range(1, len(words))}
        for space, words in zip(spaces(volumes), parts, strict=True)
    ]
    hit = [bool(options & names) for options in starts]
    return pd.Series(hit, index=volumes.index, dtype=bool)
