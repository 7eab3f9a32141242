"""What a perfect metrics source would observe of a world, as the five frames of one UTC day."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.lab.compute import node_asset
from tests.lab.network import balancer_asset
from tests.lab.rates import INSTANCES
from tests.lab.spans import HOUR, by_hour, cut, observed
from tests.lab.storage import volume_asset
from tests.lab.things import Interval, Pod, World

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

EMPTY = {
    **dict.fromkeys(("provider_id", "region", "zone", "instance_type", "capacity_type", "os"), ""),
    **dict.fromkeys(("arch", "namespace", "owner_name", "pod_uid"), ""),
    **dict.fromkeys(("cpu_cores", "cpu_allocatable", "memory_gib", "memory_allocatable"), 0.0),
    **dict.fromkeys(("gpu_count", "storage_gib"), 0.0),
}


def frames(
    world: World, day: int, label_keys: tuple[str, ...] = (), *, part: tuple[int, int] = (0, 24)
) -> dict[str, pd.DataFrame]:
    """Inventory, presence, pods, usage and mounts of one day.

    Args:
        world: what to observe.
        day: UTC days after the day the world starts on.
        label_keys: labels to keep.
        part: the hours of that day to observe.
    """
    import pandas as pd

    midnight = world.start.replace(hour=0) + timedelta(days=day)
    offset = int((midnight - world.start).total_seconds())
    first, last = (offset + hour * HOUR for hour in part)
    window = (max(first, 0), min(last, world.hours * HOUR))
    stamp = pd.Timestamp(midnight).as_unit("us")
    assets, presence = _assets(world, window, stamp)
    pods, usage, mounts = [], [], []
    nodes = {node.name: node_asset(world, node) for node in world.nodes}
    handles = {volume.name: volume_asset(volume) for volume in world.volumes}
    for pod in world.pods:
        hour, seconds = _filled(world, pod.alive, window)
        if not len(hour):
            continue
        kept = {k: v for k, v in sorted(pod.labels) if k in label_keys}
        pods.append(
            (
                pod.uid,
                stamp,
                world.cluster,
                pod.namespace,
                pod.name,
                pod.kind,
                pod.workload,
                json.dumps(kept),
            )
        )
        usage.append(_usage(world, pod, nodes[pod.node], hour, seconds / HOUR))
        mounts += [(pod.uid, handles[name], stamp) for name in pod.volumes if handles[name]]
    columns = [
        "pod_uid",
        "day",
        "cluster",
        "namespace",
        "pod",
        "workload_kind",
        "workload",
        "labels",
    ]
    blank = _usage(world, None, "", *_filled(world, None, window))
    return {
        "inventory": pd.DataFrame(assets),
        "presence": pd.concat(presence, ignore_index=True),
        "pods": _stamped(pd.DataFrame(pods, columns=columns)),
        "usage": pd.concat([blank, *usage], ignore_index=True),
        "mounts": _stamped(pd.DataFrame(mounts, columns=["pod_uid", "asset_id", "day"])),
    }


def _filled(world: World, seen: Interval | None, window: Interval) -> tuple[np.ndarray, np.ndarray]:
    """Hours in the window in which something was observed, and for how many seconds."""
    import numpy as np

    pieces = observed(world, seen, window)
    filled = np.zeros(world.hours, "int64")
    for piece in pieces:
        hour, seconds = by_hour(piece, world.hours)
        filled[hour] += seconds
    at = np.flatnonzero(filled)
    return at, filled[at]


def _assets(
    world: World, window: Interval, stamp: pd.Timestamp
) -> tuple[list[dict[str, Any]], list[pd.DataFrame]]:
    rows: list[dict[str, Any]] = []
    presence = [_hours(world, "", *_filled(world, None, window))]

    def add(asset: str, seen: Interval | None, **facts: Any) -> None:
        hour, seconds = _filled(world, seen, window)
        if len(hour):
            base = EMPTY | {"asset_id": asset, "day": stamp, "cluster": world.cluster}
            rows.append(base | {"region": world.region, "hours": seconds.sum() / HOUR} | facts)
            presence.append(_hours(world, asset, hour, seconds))

    for node in world.nodes:
        size = INSTANCES[node.instance_type]
        add(
            node_asset(world, node),
            node.seen,
            kind="node",
            name=node.name,
            provider_id=f"aws:///{node.zone}/{node.instance_id}",
            zone=node.zone,
            instance_type=node.instance_type,
            capacity_type="spot" if node.spot else "on_demand",
            os="linux",
            arch=size.arch,
            cpu_cores=float(size.cores),
            cpu_allocatable=size.cores - 0.08,
            memory_gib=float(size.memory_gib),
            memory_allocatable=size.memory_gib * 0.9375,
            gpu_count=float(size.gpus),
            owner_name=node.pool,
            **({"x_pods": float(node.slots)} if node.slots else {}),
        )
    for volume in world.volumes:
        asset = volume_asset(volume)
        add(
            asset,
            volume.seen,
            kind="volume",
            name=volume.name,
            provider_id=asset.removeprefix("volume/"),
            zone=volume.zone,
            instance_type=volume.disk,
            storage_gib=_mean_size(world, volume.sizes, volume.seen, window),
            namespace=volume.namespace,
            owner_name=volume.claim,
        )
    for one in world.balancers:
        add(
            balancer_asset(one),
            one.seen,
            kind="load_balancer",
            name=one.service,
            provider_id=one.hostname,
            namespace=one.namespace,
            owner_name=one.service,
        )
    return rows, presence


def _mean_size(
    world: World, sizes: tuple[tuple[int, int, int], ...], seen: Interval | None, window: Interval
) -> float:
    """Capacity averaged over the time observed."""
    total = seconds = 0
    for start, end, gib in sizes:
        part = cut(seen, (start, end)) if seen else None
        here = sum(b - a for a, b in observed(world, part, window))
        total, seconds = total + here * gib, seconds + here
    return total / seconds if seconds else 0.0


def _hours(world: World, asset: str, hour: np.ndarray, seconds: np.ndarray) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({"asset_id": asset, "hour": _stamps(world, hour), "hours": seconds / HOUR})


def _usage(
    world: World, pod: Pod | None, asset: str, hour: np.ndarray, hours: np.ndarray
) -> pd.DataFrame:
    import pandas as pd

    one = pod or Pod("", "", "", "", "", "", (0, 0))
    mib = one.network_mib_hour / 1024
    return pd.DataFrame(
        {
            "pod_uid": one.uid,
            "asset_id": asset,
            "hour": _stamps(world, hour),
            "hours": hours.astype("float64"),
            "cpu_request": hours * one.cpu,
            "cpu_used": hours * one.cpu_used,
            "cpu_p95": one.cpu_used,
            "memory_request": hours * one.memory_gib,
            "memory_used": hours * one.memory_used_gib,
            "memory_p95": one.memory_used_gib,
            "memory_max": one.memory_used_gib,
            "gpu_request": hours * one.gpus,
            "network_receive": hours * mib,
            "network_transmit": hours * mib / 2,
        }
    )


def _stamps(world: World, hour: np.ndarray) -> pd.DatetimeIndex:
    import pandas as pd

    base = pd.Timestamp(world.start).as_unit("us")
    return base + pd.to_timedelta(hour, unit="h").as_unit("us")


def _stamped(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return frame.assign(day=pd.to_datetime(frame["day"], utc=True).astype("datetime64[us, UTC]"))
