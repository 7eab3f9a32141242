"""Collect: observe every day of the window, one at a time, and check what came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from burn.api import (
    Coverage,
    DataError,
    InventoryFrame,
    MetricsSource,
    Observation,
    ObserveRequest,
    PodBilling,
    Scope,
    Window,
    schemas,
    seen_throughout,
)
from burn.events import Events
from burn.plan import Chosen
from burn.stages.pod_billing import with_requests
from burn.stages.returned import returned

if TYPE_CHECKING:
    import pandas as pd

NEAR = 0.01
"""Hours; how far an asset's day may lie from the sum of its hours, each rounded."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What the window's inventory is, asset × day, and how well it was seen."""

    inventory: InventoryFrame
    coverage: Coverage


def collect(
    source: Chosen[MetricsSource],
    scope: Scope,
    window: Window,
    events: Events,
    on_day: Callable[[Window, Observation], None],
    by_pods: PodBilling | None = None,
) -> Collected:
    """Observe the window day by day; `on_day` keeps (or writes) each validated day.

    Args:
        source: observes the cluster.
        scope: cluster and label keys.
        window: what to observe.
        events: told of each day.
        on_day: what to do with a day, besides keeping its inventory.
        by_pods: how the provider bills nodes by their pods; None: it bills no node so.

    Raises:
        ContractError: the source returned a bad frame.
        DataError: no node was seen in the whole window.
    """
    import pandas as pd

    days = list(window.days())
    events.started("collect", len(days))
    parts: list[pd.DataFrame] = []
    coverages: list[Coverage] = []
    watched: list[Coverage] = []
    for day in days:
        seen = checked(
            source.made.observe(ObserveRequest(scope=scope, window=day)), day, source.author
        )
        if by_pods:
            seen = with_requests(seen, by_pods.free_namespaces, sole=by_pods.sole_pods)
        on_day(day, seen)
        parts.append(seen.inventory)
        coverages.append(seen.coverage)
        if len(seen.inventory):  # a day of nothing is missing hours, and says nothing of kinds
            watched.append(seen.coverage)
        del seen  # before the next one is observed
        events.advanced("collect")
    inventory = schemas.INVENTORY.validate(
        pd.concat(parts, ignore_index=True), author=source.author
    )
    nodes = inventory.loc[inventory["kind"] == "node", "asset_id"].nunique()
    if not nodes:
        raise DataError(
            f"no node was seen in {window} by `{source.name}`",
            hint="check the window, the cluster name and the source with `burn doctor`",
        )
    coverage = replace(_sum(coverages), sees=seen_throughout(watched))
    for note in coverage.notes:
        events.warning(note)
    assets = inventory["asset_id"].nunique()
    events.finished("collect", f"{len(days)} days, {nodes} nodes, {assets} assets")
    return Collected(inventory, coverage)


def checked(seen: Observation, day: Window, author: str) -> Observation:
    """The observation with every frame validated and within the day."""
    seen = returned(seen, Observation, author, "observe")
    out = Observation(
        inventory=schemas.INVENTORY.validate(seen.inventory, author=author),
        presence=schemas.PRESENCE.validate(seen.presence, author=author),
        pods=schemas.PODS.validate(seen.pods, author=author),
        usage=schemas.USAGE.validate(seen.usage, author=author),
        mounts=schemas.MOUNTS.validate(seen.mounts, author=author),
        coverage=seen.coverage,
    )
    length = (day.end - day.start).total_seconds() / 3600
    hours_of = out.inventory["hours"]
    impossible = out.inventory[(hours_of < 0) | (hours_of > length + 1e-6)]
    if len(impossible):
        first = impossible.iloc[0]
        raise DataError(
            f"{author} says that {first['asset_id']} was there for {first['hours']:g} hours of"
            f" {day}, which has {length:g} ({len(impossible)} such assets)",
            hint="report it to the plugin's author",
        )
    for name, hours in (("presence", out.presence), ("usage", out.usage)):
        outside = (hours["hour"] < day.start) | (hours["hour"] >= day.end)
        if outside.any():
            raise DataError(
                f"{author} returned {int(outside.sum())} {name} rows outside {day}",
                hint="report it to the plugin's author",
            )
        over = (hours["hours"] < 0) | (hours["hours"] > 1 + 1e-9)
        if over.any():
            raise DataError(
                f"{author} returned {int(over.sum())} {name} rows with more than an hour an hour",
                hint="report it to the plugin's author",
            )
    _require_equal_hours(out, day, author)
    return out


def _require_equal_hours(seen: Observation, day: Window, author: str) -> None:
    """An asset's hours of the day are the sum of its presence: prices take one, shares the other."""
    hours = seen.inventory.groupby("asset_id")["hours"].sum()
    present = seen.presence.groupby("asset_id")["hours"].sum()
    present = present.reindex(hours.index.union(present.index), fill_value=0.0)
    off = (present - hours.reindex(present.index, fill_value=0.0)).abs()
    if (off <= NEAR).all():
        return
    first = str(off.idxmax())
    raise DataError(
        f"{author} says that {first} was there for {hours.get(first, 0.0):g} hours of {day}, and its"
        f" hours one by one add up to {present[first]:g} ({int((off > NEAR).sum())} such assets)",
        hint="report it to the plugin's author",
    )


def _sum(days: list[Coverage]) -> Coverage:
    notes: dict[str, None] = {}
    for day in days:
        notes.update(dict.fromkeys(day.notes))
    return Coverage(
        hours_missing=sum(d.hours_missing for d in days),
        gaps=tuple(gap for d in days for gap in d.gaps),
        queries=sum(d.queries for d in days),
        samples=sum(d.samples for d in days),
        bytes_read=sum(d.bytes_read for d in days),
        notes=tuple(notes),
    )
