"""Collect: what there was on every day of the window, and how well it was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from burn.allocation.pod_billing import with_requests
from burn.api import (
    ContractError,
    Coverage,
    DataError,
    InventoryFrame,
    MetricsSource,
    Observation,
    ObserveRequest,
    Outline,
    PodBilling,
    Scope,
    StoredSource,
    Window,
    schemas,
)
from burn.api.coverage import together
from burn.plugin.chosen import Chosen
from burn.validation.observed import Observed, require_within
from burn.validation.returned import returned
from burn.work.batches import batches
from burn.work.events import Events
from burn.work.in_order import in_order

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Collected:
    """What the window's inventory is, asset × day, and how well it was seen.

    Attributes:
        rows: of the usage frame, day by day.
    """

    inventory: InventoryFrame
    coverage: Coverage
    rows: tuple[int, ...]


def collect(
    source: Chosen[MetricsSource],
    scope: Scope,
    window: Window,
    events: Events,
    keep: Callable[[Window, Observation], None] | None,
    by_pods: PodBilling | None = None,
    *,
    now: bool = False,
    at_once: int = 1,
) -> Collected:
    """Observe the window, day by day.

    Args:
        source: observes the cluster.
        scope: cluster and label keys.
        window: what to observe.
        events: told of each day.
        keep: what to do with a checked day, besides keeping its inventory; None: nothing, so that
            of a stored window no more than the outline is read.
        by_pods: how the provider bills nodes by their pods; None: it bills no node so.
        now: see `ObserveRequest`.
        at_once: days that a source which allows it is asked for at the same time.

    Raises:
        ContractError: the source returned a bad frame.
        DataError: no node was seen in the whole window.
    """
    days = list(window.days())
    events.started("collect", len(days))
    collected = _outlined(source, scope, window) if source.stored and keep is None else None
    if collected is None:
        observed = in_order(Observed(source, scope, now), days, at_once if source.concurrent else 1)
        collected = _observed(observed, days, events, keep, by_pods)
    else:
        if by_pods and _needs_pods(collected.inventory, by_pods):
            collected = replace(
                collected, inventory=_asked_for(source, scope, days, collected.rows, by_pods)
            )
        for _ in days:
            events.advanced("collect")
    nodes = collected.inventory.loc[collected.inventory["kind"] == "node", "asset_id"].nunique()
    if not nodes:
        raise DataError(
            f"no node was seen in {window} by `{source.name}`",
            hint="check the window, the cluster name and the source with `burn doctor`",
        )
    for note in collected.coverage.notes:
        events.warning(note)
    assets = collected.inventory["asset_id"].nunique()
    events.finished("collect", f"{len(days)} days, {nodes} nodes, {assets} assets")
    return collected


def _outlined(source: Chosen[MetricsSource], scope: Scope, window: Window) -> Collected:
    stored = cast("StoredSource", source.made)
    outline = stored.outline(ObserveRequest(scope=scope, window=window))
    outlined = returned(outline, Outline, source.author, "outline")
    days = sum(1 for _ in window.days())
    if len(outlined.rows) != days:
        raise ContractError(
            f"{source.author} returned the rows of {len(outlined.rows)} days of {window}, which has"
            f" {days}",
            hint="its author finds `Outline` in burn.api",
        )
    inventory = schemas.INVENTORY.validate(outlined.inventory, author=source.author)
    require_within(inventory, window, source.author)
    return Collected(inventory, outlined.coverage, outlined.rows)


def _needs_pods(inventory: InventoryFrame, by_pods: PodBilling) -> bool:
    """Whether the provider must know what the pods on some node asked for."""
    return not by_pods.sole_pods or bool((inventory["pod_uid"].astype("str") != "").any())


def _asked_for(
    source: Chosen[MetricsSource],
    scope: Scope,
    days: Sequence[Window],
    rows: Sequence[int],
    by_pods: PodBilling,
) -> InventoryFrame:
    """The inventory of stored days, with what the pods on its nodes asked for; a batch at a time."""
    import pandas as pd

    parts: list[pd.DataFrame] = []
    for window in batches(days, rows):
        seen = Observed(source, scope)(window)
        seen = with_requests(seen, by_pods.free_namespaces, sole=by_pods.sole_pods)
        parts.append(seen.inventory)
        del seen  # before the next one is observed
    return schemas.INVENTORY.validate(pd.concat(parts, ignore_index=True), author=source.author)


def _observed(
    observed: Iterator[Observation],
    days: Sequence[Window],
    events: Events,
    keep: Callable[[Window, Observation], None] | None,
    by_pods: PodBilling | None,
) -> Collected:
    import pandas as pd

    parts: list[pd.DataFrame] = []
    coverages: list[tuple[Coverage, bool]] = []
    rows: list[int] = []
    for day in days:
        seen = next(observed)  # zip would hold the day before
        if by_pods:
            seen = with_requests(seen, by_pods.free_namespaces, sole=by_pods.sole_pods)
        if keep:
            keep(day, seen)
        parts.append(seen.inventory)
        coverages.append((seen.coverage, bool(len(seen.inventory))))
        rows.append(len(seen.usage))
        del seen  # before the next one is taken
        events.advanced("collect")
    inventory = schemas.INVENTORY.validate(pd.concat(parts, ignore_index=True), author="burn")
    return Collected(inventory, together(coverages), tuple(rows))
