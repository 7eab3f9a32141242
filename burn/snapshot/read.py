"""Reads observed days back, any number of them as one observation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from burn.api import Coverage, Observation, Outline, Window, schemas
from burn.api.coverage import together
from burn.api.join import joined
from burn.api.stack import stack
from burn.snapshot.marker import FRAMES, OPTIONAL, coverage_of
from burn.snapshot.store import Kept, Store, choose

if TYPE_CHECKING:
    import pandas as pd


def read_days(root: Path | str, cluster: str | None, window: Window) -> Observation:
    """Read the days of a window, or the hours of them that it asks for.

    Frames have their schemas' columns, and the values that were written.

    Args:
        root: a folder, or a URI that pyarrow.fs knows (`s3://…`, `gs://…`).
        cluster: its name; None when the store holds one cluster.
        window: any length.

    Raises:
        DataError: a day, or some of its hours, were never collected; a file is damaged.
        UsageError: several clusters are stored and none was named.
    """
    store = Store(root)
    kept = store.kept(choose(store, cluster), window)
    return joined([_observation(store, days) for days in _runs(kept)])


def outline(root: Path | str, cluster: str | None, window: Window) -> Outline:
    """What is stored of a window, without reading what its pods did.

    Args:
        root, cluster, window: as for `read_days`.

    Raises:
        DataError, UsageError: as `read_days`.
    """
    store = Store(root)
    kept = store.kept(choose(store, cluster), window)
    inventories: list[pd.DataFrame] = []
    coverages: list[tuple[Coverage, bool]] = []
    for days in _runs(kept):
        if days[0].whole:
            inventories.append(store.frame(schemas.INVENTORY, days))
            coverages.append((_coverage(days), bool(len(inventories[-1]))))
        else:
            seen = _observation(store, days)
            inventories.append(seen.inventory)
            coverages.append((seen.coverage, bool(len(seen.inventory))))
    return Outline(
        inventory=schemas.INVENTORY.completed(stack(inventories)),
        coverage=together(coverages),
        rows=tuple(one.rows(schemas.USAGE.name) for one in kept),
    )


def require_days(root: Path | str, cluster: str | None, window: Window) -> None:
    """Whether `read_days` would find every hour, told by markers alone.

    Args:
        root, cluster, window: as for `read_days`.

    Raises:
        DataError, UsageError: as `read_days`, but for damaged files.
    """
    store = Store(root)
    store.kept(choose(store, cluster), window)


def _runs(kept: Sequence[Kept]) -> list[list[Kept]]:
    """Neighbours that are asked for whole; each of the others alone."""
    runs = groupby(enumerate(kept), key=lambda one: -1 if one[1].whole else one[0])
    return [[day for _, day in run] for _, run in runs]


def _observation(store: Store, days: Sequence[Kept]) -> Observation:
    frames = {schema.name: store.frame(schema, days) for schema in FRAMES}
    held = {schema: [day for day in days if day.has(schema.name)] for schema in OPTIONAL}
    frames |= {schema.name: store.frame(schema, some) for schema, some in held.items() if some}
    checked = all(day.digest(schema.name) for day in days for schema in FRAMES)
    seen = Observation(**frames, coverage=_coverage(days), as_written=checked)
    return seen if days[0].whole else _part(seen, days[0].asked)


def _coverage(days: Sequence[Kept]) -> Coverage:
    return together(
        [(coverage_of(one.marker), one.rows(schemas.INVENTORY.name) > 0) for one in days]
    )


def _part(whole: Observation, day: Window) -> Observation:
    """Only the hours of `day`; assets and pods that were not there in them go.

    Facts of containers and workloads are of a day, and say nothing of its hours.
    """
    presence, usage = _hours(whole.presence, day), _hours(whole.usage, day)
    hours = presence.groupby("asset_id")["hours"].sum()
    inventory = whole.inventory[whole.inventory["asset_id"].isin(hours.index)].copy()
    inventory["hours"] = inventory["asset_id"].map(hours).astype("float64")
    pods = _counted(whole.pods[whole.pods["pod_uid"].isin(usage["pod_uid"])], whole.usage, usage)
    mounts = whole.mounts[
        whole.mounts["pod_uid"].isin(usage["pod_uid"])
        & whole.mounts["asset_id"].isin(inventory["asset_id"])
    ]
    cut = [(max(a, day.start), min(b, day.end)) for a, b in whole.coverage.gaps]
    gaps = tuple((a, b) for a, b in cut if a < b)
    missing = sum((b - a).total_seconds() for a, b in gaps) / 3600
    return Observation(
        inventory=schemas.INVENTORY.validate(inventory, author="burn"),
        presence=schemas.PRESENCE.validate(presence, author="burn"),
        pods=schemas.PODS.validate(pods, author="burn"),
        usage=schemas.USAGE.validate(usage, author="burn"),
        mounts=schemas.MOUNTS.validate(mounts, author="burn"),
        coverage=replace(whole.coverage, hours_missing=missing, gaps=gaps),
    )


def _counted(pods: pd.DataFrame, whole: pd.DataFrame, part: pd.DataFrame) -> pd.DataFrame:
    """With hours in which a pod's bytes were counted of the part: known if those of the day were all or none."""
    import numpy as np

    if "x_network_hours" not in pods:
        return pods
    there, still = (
        pods["pod_uid"]
        .map(usage.groupby("pod_uid", observed=True)["hours"].sum())
        .astype("float64")
        for usage in (whole, part)
    )
    counted = pods["x_network_hours"]
    known = np.where(counted >= there - 1e-6, still, np.where(counted == 0, 0.0, np.nan))
    return pods.assign(x_network_hours=known)


def _hours(frame: pd.DataFrame, day: Window) -> pd.DataFrame:
    return frame[(frame["hour"] >= day.start) & (frame["hour"] < day.end)]
