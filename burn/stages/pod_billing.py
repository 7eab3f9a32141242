"""Nodes that are billed by what their pods ask for: who pays, and how much was asked for.

A price row in vCPU-hours marks such a node. Its cost is its pods', by their requests of the day:
the CPU's part by CPU, the memory's by memory, the GPUs' by GPU. Nothing of it is idle. Where no
pod asked for a resource, its part goes by the time the pods ran. Pods in namespaces that the
provider does not bill pay nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from burn.api import AllocationFrame, Observation, PriceFrame, schemas
from burn.api.stack import stack

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

BILLED_BY_POD = "vCPU-hours"
RESOURCES = ("cpu", "memory", "gpu")
WHO = ["namespace", "workload_kind", "workload", "labels"]


def with_requests(day: Observation, free: Sequence[str], *, sole: bool = False) -> Observation:
    """The day with what the billed pods on each node asked for, in its inventory.

    Args:
        day: one observed day.
        free: namespaces that do not count; `*` at the end matches any rest.
        sole: only of nodes with one pod; others are left out (null).
    """
    import numpy as np
    import pandas as pd

    usage, inventory = day.usage, day.inventory.copy()
    is_node = inventory["kind"] == "node"
    if sole:
        is_node &= inventory["pod_uid"].astype("str") != ""
        if not is_node.any():
            return day
        usage = usage[usage["asset_id"].isin(inventory.loc[is_node, "asset_id"])]
    node = pd.Categorical(usage["asset_id"])
    billed = ~_is_free(usage["pod_uid"], day.pods, free)
    ids = inventory["asset_id"].astype("str")
    for name in RESOURCES:
        asked = usage[f"{name}_request"].to_numpy()
        sums = np.bincount(node.codes[billed], asked[billed], minlength=len(node.categories))
        found = ids.map(pd.Series(sums, index=node.categories.astype("str")))
        known = found if sole else found.fillna(0.0)
        inventory[f"{name}_requested"] = known.where(is_node)
    return replace(day, inventory=schemas.INVENTORY.validate(inventory, author="burn"))


def pods_parts(prices: PriceFrame, day: Observation, free: Sequence[str] = ()) -> pd.DataFrame:
    """Who carries the nodes that are billed by pod, resource by resource.

    Args:
        prices: the same day's; the unit tells which nodes.
        day: says who is on each node.
        free: namespaces whose pods are not billed.

    Returns:
        asset_id, resource, the owner's columns, and part: of a node's resource, adds up to 1.
    """
    import pandas as pd

    marked = prices.loc[prices["unit"] == BILLED_BY_POD, "asset_id"]
    if marked.empty:
        return pd.DataFrame(columns=["asset_id", "resource", "part", *WHO])
    parts = _parts(day, marked, free)
    about = day.pods[["pod_uid", *WHO]].astype({"pod_uid": "str"})
    return parts.merge(about, on="pod_uid")[["asset_id", "resource", "part", *WHO]]


def billed_by_pod(rows: AllocationFrame, parts: pd.DataFrame) -> AllocationFrame:
    """The rows, those of nodes that are billed by pod carried by their pods.

    Args:
        rows: one basis and day, unallocated.
        parts: of the same day, see `pods_parts`.
    """
    import pandas as pd

    if parts.empty:
        return rows
    keys = ["asset_id", "resource"]
    known = pd.MultiIndex.from_frame(parts[keys].drop_duplicates())
    held = pd.MultiIndex.from_frame(rows[keys].astype("str")).isin(known)
    if not held.any():
        return rows
    mine = rows[held].astype(dict.fromkeys(keys, "str"))
    theirs = mine.drop(columns=WHO).merge(parts, on=keys)
    theirs = theirs.assign(kind="direct", cost=theirs["cost"] * theirs["part"])
    return AllocationFrame(stack([rows[~held], theirs[rows.columns]]))


def _parts(day: Observation, marked: pd.Series[str], free: Sequence[str]) -> pd.DataFrame:
    """asset_id, resource, pod_uid, part."""
    import pandas as pd

    amounts = ["hours", *(f"{name}_request" for name in RESOURCES)]
    keys = ["asset_id", "pod_uid"]
    asked = _asked(day.usage, amounts)
    asked = asked[asked["asset_id"].isin(marked) & ~_is_free(asked["pod_uid"], day.pods, free)]
    nodes = day.inventory[day.inventory["asset_id"].isin(marked)]
    sole = nodes.loc[nodes["pod_uid"] != "", keys].astype("str")
    sole = sole[~sole["asset_id"].isin(asked["asset_id"])]
    sole = sole[~_is_free(sole["pod_uid"], day.pods, free)]
    asked = pd.concat([asked, sole.assign(**dict.fromkeys(amounts, 0.0))], ignore_index=True)
    whole = asked.groupby("asset_id")[amounts].transform("sum")
    count = asked.groupby("asset_id")["pod_uid"].transform("size")
    by_time = (asked["hours"] / whole["hours"].where(whole["hours"] > 0)).fillna(1.0 / count)
    out = []
    for name in RESOURCES:
        total = whole[f"{name}_request"]
        part = (asked[f"{name}_request"] / total.where(total > 0)).fillna(by_time)
        out.append(asked[keys].assign(resource=name, part=part))
    parts = pd.concat(out, ignore_index=True)
    return parts[parts["part"] > 0]


def _asked(usage: pd.DataFrame, amounts: list[str]) -> pd.DataFrame:
    """The day's sums by node and pod; by number, as millions of texts take their time."""
    import numpy as np
    import pandas as pd

    node, pod = pd.Categorical(usage["asset_id"]), pd.Categorical(usage["pod_uid"])
    width = max(len(pod.categories), 1)
    row, pair = pd.factorize(node.codes.astype("int64") * width + pod.codes)
    sums = {name: np.bincount(row, usage[name], minlength=len(pair)) for name in amounts}
    names = {
        "asset_id": node.categories.astype("str")[pair // width],
        "pod_uid": pod.categories.astype("str")[pair % width],
    }
    return pd.DataFrame(names | sums)


def _is_free(uids: pd.Series[str], pods: pd.DataFrame, free: Sequence[str]) -> np.ndarray:
    """Which of the uids are of pods in a free namespace."""
    import numpy as np
    import pandas as pd

    space = pods["namespace"].astype("str")
    named = [name for name in space.unique() if any(fnmatchcase(name, one) for one in free)]
    ours = pods.loc[space.isin(named), "pod_uid"].astype("str")
    if ours.empty:
        return np.zeros(len(uids), dtype=bool)
    known = pd.Categorical(uids)
    listed: np.ndarray = known.categories.astype("str").isin(ours)
    out: np.ndarray = listed[known.codes]
    return out
