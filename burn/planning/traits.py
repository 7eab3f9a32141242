"""Of observed days, what each workload's pods hold and what their owner says of spot."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api.find import WORKLOAD
from burn.planning.readiness import LABEL

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import Observation


def traits(seen: Observation) -> pd.DataFrame:
    """A row a workload.

    Returns:
        `WORKLOAD`; `gpu`, whether a pod asked for one; `zonal`, whether a pod mounted a disk of one
        zone: yes, unknown (a disk whose zones nobody says), or empty; `said`, the newest pod's label
        for spot: true, false or empty; `day`.
    """
    pods = seen.pods[["pod_uid", "day", "labels", *WORKLOAD]]
    pods = pods.astype(dict.fromkeys(("pod_uid", "labels", *WORKLOAD), "str"))
    asked = seen.usage.loc[seen.usage["gpu_request"] > 0, "pod_uid"].astype("str").unique()
    volumes = seen.inventory[seen.inventory["kind"] == "volume"]
    zones = volumes.astype({"asset_id": "str"}).drop_duplicates("asset_id", keep="last")
    zones = zones.set_index("asset_id")
    mounts = seen.mounts[["pod_uid", "asset_id"]].astype("str")
    one = mounts["asset_id"].map(zones["zone"].astype("str")).fillna("") != ""
    several = mounts["asset_id"].map(zones["x_zones"].notna()).eq(True) & ~one
    one_zone = mounts.loc[one, "pod_uid"].unique()
    some_disk = mounts.loc[~several, "pod_uid"].unique()
    words = pods["labels"].drop_duplicates()
    said = dict(zip(words, map(_said, words), strict=True))
    rows = pods.assign(
        gpu=pods["pod_uid"].isin(asked),
        zonal=pods["pod_uid"].isin(some_disk).astype("int64") + pods["pod_uid"].isin(one_zone),
        said=pods["labels"].map(said),
    )
    by = rows.sort_values("day", kind="stable").groupby(list(WORKLOAD), as_index=False)
    out: pd.DataFrame = by.agg(
        gpu=("gpu", "any"), zonal=("zonal", "max"), said=("said", "last"), day=("day", "last")
    )
    return out.assign(zonal=out["zonal"].map({0: "", 1: "unknown", 2: "yes"}).astype("str"))


def all_traits(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Several windows: what pods held on any day, and the last word of their owner."""
    import pandas as pd

    rows = pd.concat(parts, ignore_index=True).sort_values("day", kind="stable")
    by = rows.groupby(list(WORKLOAD), as_index=False)
    # `yes` comes after `unknown`, which comes after nothing.
    return by.agg(
        gpu=("gpu", "any"), zonal=("zonal", "max"), said=("said", "last"), day=("day", "last")
    )


def _said(labels: str) -> str:
    value = json.loads(labels or "{}").get(LABEL, "")
    return value if value in ("true", "false") else ""
