"""Persistent volumes, their claims, and which pods mounted them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from burn.builtin.metrics.common.grid import Grid, by, codes_of, rows_where, text
from burn.builtin.metrics.common.zones import zones_of_drivers

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.common.grid import Matrix
    from burn.builtin.metrics.common.nodes import Nodes
    from burn.builtin.metrics.prometheus.objects.pods import Pods
    from burn.builtin.metrics.prometheus.presence.scrapes import Clocks

GIB = 2.0**30
# The CSI handle, else the id an in-tree plugin had.
_IDS = ("csi_volume_handle", "ebs_volume_id", "gce_persistent_disk_name", "azure_disk_name")


@dataclass(frozen=True, slots=True)
class Volumes:
    """One row per asset; and the PersistentVolume names that are it."""

    inventory: pd.DataFrame
    presence: Matrix
    asset_of: pd.Series[str]


def volumes_of(found: Grid, sizes: Grid, claims: Grid, claim_refs: Grid, clocks: Clocks) -> Volumes:
    """Put a day's volumes together; a released one still exists and still costs.

    Args:
        found: counts of kube_persistentvolume_info.
        sizes: bytes of capacity.
        claims: counts of kube_persistentvolumeclaim_info.
        claim_refs: counts of kube_persistentvolume_claim_ref, which outlives the claim.
        clocks: what a count is worth.
    """
    import numpy as np
    import pandas as pd

    labels = found.labels
    handle = pd.Series("", index=labels.index, dtype="str")
    for name in _IDS:
        handle = handle.where(handle != "", labels[name])
    named = handle.where(handle != "", labels["persistentvolume"])
    rows = labels.assign(asset_id="volume/" + named, provider_id=handle)
    codes, keys = codes_of(rows, ["asset_id"])
    presence = clocks.presence(found, codes, len(keys))
    about = keys.merge(rows.drop_duplicates("asset_id"), on="asset_id", how="left")
    owners = _owners(claims, claim_refs).reindex(about["persistentvolume"], fill_value="")
    inventory = pd.DataFrame(
        {
            "asset_id": about["asset_id"],
            "kind": "volume",
            "name": about["persistentvolume"],
            "provider_id": about["provider_id"],
            "instance_type": about["storageclass"],
            "storage_gib": _sizes(about["persistentvolume"], presence, sizes) / GIB,
            "namespace": owners["namespace"].to_numpy(),
            "owner_name": owners["name"].to_numpy(),
            "csi_driver": about["csi_driver"],
        }
    )
    names = rows.drop_duplicates("persistentvolume").set_index("persistentvolume")["asset_id"]
    return Volumes(inventory, np.asarray(presence), names)


def mounts_of(mounts: Grid, claims: Grid, volumes: Volumes, pods: Pods) -> pd.DataFrame:
    """Which pod mounted which volume: columns `pod_uid`, `asset_id`.

    A claim's name may pass to a new volume within the day, so claim and pod must share an hour.
    """
    import numpy as np
    import pandas as pd

    width = pods.presence.shape[1]
    daily = Grid(mounts.labels, np.repeat(mounts.values, width, axis=1))
    rows, series, _ = pods.attach(daily, "level")
    mounted = pd.DataFrame(
        {
            "row": rows,
            "namespace": mounts.labels["namespace"].to_numpy()[series],
            "persistentvolumeclaim": mounts.labels["persistentvolumeclaim"].to_numpy()[series],
        }
    )
    bound = claims.labels.assign(claim=np.arange(len(claims.labels)))
    pairs = mounted.merge(bound, on=["namespace", "persistentvolumeclaim"])
    there = (pods.presence[pairs["row"]] > 0) & (np.nan_to_num(claims.values[pairs["claim"]]) > 0)
    pairs = rows_where(pairs, there.any(axis=1))
    out = pd.DataFrame(
        {
            "pod_uid": pods.about["uid"].to_numpy()[pairs["row"]],
            "asset_id": pairs["volumename"].map(volumes.asset_of).to_numpy(),
        }
    )
    return out.dropna().drop_duplicates()


def zoned(inventory: pd.DataFrame, mounts: pd.DataFrame, pods: Pods, nodes: Nodes) -> pd.DataFrame:
    """Volumes with their zones, as far as their drivers, their ids and who mounted them tell.

    Args:
        inventory: of `volumes_of`.
        mounts: of `mounts_of`.
        pods: the day's pods.
        nodes: with their zones.
    """
    where = nodes.about.drop_duplicates("node", keep="last").set_index("node")["zone"]
    zone = pods.about.set_index("uid")["node"].map(where).reindex(mounts["pod_uid"])
    seen = mounts.assign(zone=text(zone.reset_index(drop=True)).to_numpy())
    by = seen[seen["zone"] != ""].groupby("asset_id")["zone"].agg(["first", "nunique"])
    only = text(inventory["asset_id"].map(by.loc[by["nunique"] == 1, "first"]))
    zones = zones_of_drivers(inventory["csi_driver"], inventory["provider_id"], only)
    return inventory.drop(columns="csi_driver").join(zones)


def _owners(claims: Grid, claim_refs: Grid) -> pd.DataFrame:
    """PersistentVolume → namespace and name of its claim: the one bound longest."""
    import numpy as np
    import pandas as pd

    refs = claim_refs.labels.rename(columns={"claim_namespace": "namespace"})
    bound = claims.labels.rename(
        columns={"volumename": "persistentvolume", "persistentvolumeclaim": "name"}
    )
    both = pd.concat(
        [
            refs.assign(seen=np.nansum(claim_refs.values, axis=1)),
            bound.assign(seen=np.nansum(claims.values, axis=1)),
        ]
    ).sort_values(["seen", "namespace", "name"], kind="stable")
    last = both[both["name"] != ""].drop_duplicates("persistentvolume", keep="last")
    return last.set_index("persistentvolume")[["namespace", "name"]]


def _sizes(names: pd.Series[str], presence: Matrix, sizes: Grid) -> Matrix:
    """Bytes, averaged over the hours present: a volume grown at noon counts half as grown."""
    import numpy as np
    import pandas as pd

    index = pd.Series(np.arange(len(names)), index=names)
    index = index[~index.index.duplicated()]
    rows = sizes.labels["persistentvolume"].map(index).fillna(-1).to_numpy(dtype=np.int64)
    levels = by(rows, sizes.values, len(names), "max")
    weight = np.where(np.isnan(levels), 0.0, presence)
    total = weight.sum(axis=1)
    summed: Matrix = (np.nan_to_num(levels) * weight).sum(axis=1)
    return np.asarray(np.divide(summed, total, out=np.zeros(len(total)), where=total > 0))
