"""How full volumes were, as the kubelets measured it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from burn.builtin.metrics.common.grid import Grid, by

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.common.grid import Matrix
    from burn.builtin.metrics.prometheus.objects.pods import Pods
    from burn.builtin.metrics.prometheus.objects.volumes import Volumes

GIB = 2.0**30
_OWN = (0.8, 1.05)
"""Size of a file system as a part of its volume's. What is far from 1 is another's: a share of NFS
shows all of it, a folder its disk's, and a volume that just grew has not grown its file system."""
_MOUNTED = 0.5
"""Hours from which on a pod must have mounted, and the kubelet measured, what it asked for."""


def filled(
    stats: Grid, claims: Grid, mounts: pd.DataFrame, volumes: Volumes, pods: Pods
) -> Volumes:
    """The volumes with `x_used_gib`: the most that each held; null when unknown.

    Known is what was measured in every hour in which a pod mounted it. A raw block device has no
    file system: kubelets report that it holds 0 bytes, which no file system does.

    Args:
        stats: bytes by claim, `fact` used or capacity.
        claims: counts of kube_persistentvolumeclaim_info.
        mounts: columns `pod_uid`, `asset_id`.
        volumes: of the day.
        pods: of the day.
    """
    import numpy as np
    import pandas as pd

    about = volumes.inventory
    row = pd.Series(np.arange(len(about)), index=about["asset_id"])

    def levels(fact: str) -> Matrix:
        some = stats.keep(stats.labels["fact"] == fact)
        series = some.labels.assign(series=np.arange(len(some.labels)))
        bound = claims.labels.assign(claim=np.arange(len(claims.labels)))
        pairs = bound.merge(series, on=["namespace", "persistentvolumeclaim"])
        codes = pairs["volumename"].map(volumes.asset_of).map(row).fillna(-1)
        # A claim's name may pass to a new volume within the day.
        held = np.nan_to_num(claims.values[pairs["claim"]]) > 0
        values = np.where(held, some.values[pairs["series"]], np.nan)
        return by(codes, values, len(about), "max")

    used, size = levels("used"), levels("capacity")
    whole = (about["storage_gib"] * GIB).to_numpy()[:, None]
    own = (size >= _OWN[0] * whole) & (size <= _OWN[1] * whole)
    measured = own & (used > 0)
    uids = pd.Series(np.arange(len(pods.about)), index=pods.about["uid"])
    there = pods.presence[mounts["pod_uid"].map(uids).to_numpy(dtype=np.int64)]
    mounted = by(mounts["asset_id"].map(row), there, len(about), "max") >= _MOUNTED
    known = (measured | ~mounted).all(axis=1) & measured.any(axis=1)
    most = np.where(measured, used, 0.0).max(axis=1, initial=0.0)
    with_use = about.assign(x_used_gib=np.where(known, most / GIB, np.nan))
    return replace(volumes, inventory=with_use)
