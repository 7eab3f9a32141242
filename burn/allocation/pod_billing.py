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
from burn.api.rows_of import RowsOf
from burn.api.stack import stack
from burn.api.vocabulary import BILLED_BY_POD

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

RESOURCES = ("cpu", "memory", "gpu")
NODE = ["asset_id", "day"]
WHO = ["namespace", "workload_kind", "workload", "labels"]


def with_requests(seen: Observation, free: Sequence[str], *, sole: bool = False) -> Observation:
    """The window with what the billed pods on each node asked for, in its inventory.

    Args:
        seen: any number of observed days.
        free: namespaces that do not count; `*` at the end matches any rest.
        sole: only of nodes with one pod; others are left out (null).
    """
    import numpy as np
    import pandas as pd

    usage, inventory = seen.usage, seen.inventory.copy()
    is_node = inventory["kind"] == "node"
    if sole:
        is_node &= inventory["pod_uid"].astype("str") != ""
        if not is_node.any():
            return seen
    node = RowsOf.of(inventory["asset_id"], inventory["day"]).find(usage["asset_id"], usage["hour"])
    ran = node >= 0
    billed = ran & ~_is_free(usage["pod_uid"], seen.pods, free)
    count = len(inventory)
    known = (np.bincount(node[ran], minlength=count) > 0) | (not sole)
    for name in RESOURCES:
        asked = usage[f"{name}_request"].to_numpy()
        sums = np.bincount(node[billed], asked[billed], minlength=count)
        found = pd.Series(sums, index=inventory.index).where(known)
        inventory[f"{name}_requested"] = found.where(is_node)
    return replace(seen, inventory=schemas.INVENTORY.validate(inventory, author="burn"))


def pods_parts(prices: PriceFrame, seen: Observation, free: Sequence[str] = ()) -> pd.DataFrame:
    """Who carries the nodes that are billed by pod, resource by resource.

    Args:
        prices: the same days'; the unit tells which nodes.
        seen: says who is on each node.
        free: namespaces whose pods are not billed.

    Returns:
        asset_id, day, resource, the owner's columns, and part: of a node's resource on a day,
        adds up to 1.
    """
    import pandas as pd

    marked = prices.loc[prices["unit"] == BILLED_BY_POD, NODE]
    if marked.empty:
        return pd.DataFrame(columns=[*NODE, "resource", "part", *WHO])
    parts = _parts(seen, marked, free)
    about = seen.pods[["pod_uid", "day", *WHO]].astype({"pod_uid": "str"})
    return parts.merge(about, on=["pod_uid", "day"])[[*NODE, "resource", "part", *WHO]]


def billed_by_pod(rows: AllocationFrame, parts: pd.DataFrame) -> AllocationFrame:
    """The rows, those of nodes that are billed by pod carried by their pods.

    Args:
        rows: unallocated.
        parts: of the same days, see `pods_parts`.
    """
    import pandas as pd

    if parts.empty:
        return rows
    keys = [*NODE, "resource"]
    text = dict.fromkeys(["asset_id", "resource"], "str")
    known = pd.MultiIndex.from_frame(parts[keys].drop_duplicates())
    held = pd.MultiIndex.from_frame(rows[keys].astype(text)).isin(known)
    if not held.any():
        return rows
    mine = rows[held].astype(text)
    theirs = mine.drop(columns=WHO).merge(parts, on=keys)
    theirs = theirs.assign(kind="direct", cost=theirs["cost"] * theirs["part"])
    return AllocationFrame(stack([rows[~held], theirs[rows.columns]]))


def _parts(seen: Observation, marked: pd.DataFrame, free: Sequence[str]) -> pd.DataFrame:
    """asset_id, day, resource, pod_uid, part."""
    import pandas as pd

    amounts = ["hours", *(f"{name}_request" for name in RESOURCES)]
    billed = RowsOf.of(marked["asset_id"], marked["day"])
    on_them = billed.find(seen.usage["asset_id"], seen.usage["hour"]) >= 0
    asked = _asked(seen.usage[on_them], amounts)
    asked = asked[~_is_free(asked["pod_uid"], seen.pods, free)]
    nodes = seen.inventory[billed.find(seen.inventory["asset_id"], seen.inventory["day"]) >= 0]
    sole = nodes.loc[nodes["pod_uid"] != "", [*NODE, "pod_uid"]]
    sole = sole.astype({"asset_id": "str", "pod_uid": "str"})
    ran = RowsOf.of(asked["asset_id"], asked["day"])
    sole = sole[ran.find(sole["asset_id"], sole["day"]) < 0]
    sole = sole[~_is_free(sole["pod_uid"], seen.pods, free)]
    asked = pd.concat([asked, sole.assign(**dict.fromkeys(amounts, 0.0))], ignore_index=True)
    by_node = asked.groupby(NODE)
    whole = by_node[amounts].transform("sum")
    count = by_node["pod_uid"].transform("size")
    by_time = (asked["hours"] / whole["hours"].where(whole["hours"] > 0)).fillna(1.0 / count)
    out = []
    for name in RESOURCES:
        total = whole[f"{name}_request"]
        part = (asked[f"{name}_request"] / total.where(total > 0)).fillna(by_time)
        out.append(asked[[*NODE, "pod_uid"]].assign(resource=name, part=part))
    parts = pd.concat(out, ignore_index=True)
    return parts[parts["part"] > 0]


def _asked(usage: pd.DataFrame, amounts: list[str]) -> pd.DataFrame:
    """Sums by node, day and pod."""
    import pandas as pd

    keys = {
        "asset_id": pd.Categorical(usage["asset_id"]),
        "day": usage["hour"].dt.floor("D"),
        "pod_uid": pd.Categorical(usage["pod_uid"]),
    }
    by = usage[amounts].assign(**keys).groupby(list(keys), observed=True, sort=False)
    return by[amounts].sum().reset_index().astype({"asset_id": "str", "pod_uid": "str"})


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
