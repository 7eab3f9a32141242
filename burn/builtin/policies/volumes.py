"""Who holds a volume: the pods that mount it, hour by hour; else the namespace of its claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import Observation
from burn.api.stack import stack
from burn.builtin.policies.parts import (
    CARRIER,
    HOURS,
    Carriers,
    codes,
    parts_frame,
    presence_grid,
    remainder,
    sums,
)

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


def volume_parts(day: Observation) -> pd.DataFrame:
    """Parts of every volume; they add up to 1.

    A volume's day is cut by its presence into hours. An hour belongs to the pods that mount
    the volume, by how long each ran in it; when they ran less than the volume was there, the
    rest is the claim's, as its own row. A volume without a claim is idle.
    """
    import numpy as np
    import pandas as pd

    volumes = day.inventory[day.inventory["kind"] == "volume"]
    assets = pd.Index(volumes["asset_id"].astype("str"))
    present = presence_grid(day.presence, assets)
    hours = present.sum(axis=1)
    hour_part = present / np.where(hours > 0, hours, 1.0)[:, None]
    carriers = Carriers.of(day.pods)

    pod = codes(day.mounts["pod_uid"], carriers.pods)
    volume = codes(day.mounts["asset_id"], assets)
    known = (pod >= 0) & (volume >= 0)
    pod, volume = pod[known], volume[known]
    mounting, row = np.unique(pod, return_inverse=True)
    ran = _pod_hours(day, carriers, mounting)[row]
    cell = volume[:, None] * HOURS + np.arange(HOURS)
    mounted = sums(cell.ravel(), ran.ravel(), present.size).reshape(present.shape)
    part_of_hour = np.divide(
        hour_part,
        np.maximum(mounted, present),
        out=np.zeros_like(present),
        where=present > 0,
    )
    held = (ran * part_of_hour[volume]).sum(axis=1)
    rest = remainder(sums(volume, held, len(assets)))

    seen = hours > 0
    claimed = (volumes["namespace"] != "").to_numpy()
    claim = pd.DataFrame(
        {
            "namespace": volumes["namespace"],
            "workload_kind": "PersistentVolumeClaim",
            "workload": volumes["owner_name"],
            "labels": "{}",
        },
        columns=CARRIER,
    )
    its, nobodys = np.flatnonzero(seen & claimed), np.flatnonzero(seen & ~claimed)
    return stack(
        [
            parts_frame(
                assets, volume, "storage", held, who=carriers.who.iloc[carriers.number[pod]]
            ),
            parts_frame(assets, its, "storage", rest[its], who=claim.iloc[its]),
            parts_frame(assets, nobodys, "storage", rest[nobodys], kind="idle"),
        ]
    )


def _pod_hours(
    day: Observation, carriers: Carriers, pods: NDArray[np.int64]
) -> NDArray[np.float64]:
    """How much of each hour each of these pods ran, 0 to 1, as a table of pod × hour."""
    import numpy as np

    row_of = np.full(len(carriers.pods) + 1, -1)  # the last place answers for unknown pods
    row_of[pods] = np.arange(len(pods))
    row = row_of[codes(day.usage["pod_uid"], carriers.pods)]
    mine = row >= 0
    cell = row[mine] * HOURS + day.usage["hour"].dt.hour.to_numpy()[mine]
    ran = sums(cell, day.usage["hours"].to_numpy()[mine], len(pods) * HOURS)
    return ran.clip(0.0, 1.0).reshape(-1, HOURS)
