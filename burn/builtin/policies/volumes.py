"""Who holds a volume: the pods that mount it, hour by hour; else the namespace of its claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import MountsFrame, UsageFrame
from burn.builtin.policies.parts import HOURS, NOBODY, Part, Seen, remainder, sums

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def volume_parts(seen: Seen, usage: UsageFrame, mounts: MountsFrame) -> list[Part]:
    """Parts of every volume.

    A volume's day is cut by its presence into hours. An hour belongs to the pods that mount
    the volume, by how long each ran in it; when they ran less than the volume was there, the
    rest is the claim's, as its own row. A volume without a claim is idle.
    """
    import numpy as np

    is_volume = seen.is_a("volume") & (seen.hours > 0)
    pod = seen.pods.find(mounts["pod_uid"], mounts["day"])
    volume = seen.assets.find(mounts["asset_id"], mounts["day"])
    known = (pod >= 0) & (volume >= 0) & np.append(is_volume, False)[volume]
    pod, volume = pod[known], volume[known]
    mounting, row = np.unique(pod, return_inverse=True)
    ran = _pod_hours(seen, usage, mounting)[row]
    cell = volume[:, None] * HOURS + np.arange(HOURS)
    mounted = sums(cell.ravel(), ran.ravel(), seen.present.size).reshape(seen.present.shape)
    hour_part = seen.present / np.where(seen.hours > 0, seen.hours, 1.0)[:, None]
    price = np.divide(
        hour_part,
        np.maximum(mounted, seen.present),
        out=np.zeros_like(hour_part),
        where=seen.present > 0,
    )
    held = (ran * price[volume]).sum(axis=1)
    rest = remainder(sums(volume, held, len(seen.inventory)))
    its = np.flatnonzero(is_volume & (seen.claim != NOBODY))
    nobodys = np.flatnonzero(is_volume & (seen.claim == NOBODY))
    return [
        Part("storage", "direct", volume, seen.who[pod], held),
        Part("storage", "direct", its, seen.claim[its], rest[its]),
        Part("storage", "idle", nobodys, seen.claim[nobodys], rest[nobodys]),
    ]


def _pod_hours(seen: Seen, usage: UsageFrame, pods: NDArray[np.int64]) -> NDArray[np.float64]:
    """How much of each hour each of these pods ran, 0 to 1, as a table of pod × hour."""
    import numpy as np

    row_of = np.full(len(seen.who) + 1, -1)  # the last place answers for unknown pods
    row_of[pods] = np.arange(len(pods))
    row = row_of[seen.pod]
    mine = row >= 0
    cell = row[mine] * HOURS + seen.hour[mine]
    ran = sums(cell, usage["hours"].to_numpy()[mine], len(pods) * HOURS)
    return ran.clip(0.0, 1.0).reshape(-1, HOURS)
