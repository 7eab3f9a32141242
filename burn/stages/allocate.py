"""Allocate: the policies in the user's order, a batch of days at a time, every cent kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from burn.allocation.assets import held
from burn.allocation.conservation import require_all, require_conserved, sums_of
from burn.allocation.grain import each_pod
from burn.allocation.pod_billing import billed_by_pod, pods_parts
from burn.allocation.seed import seed
from burn.allocation.stray import stray_hours, stray_note
from burn.allocation.traffic import traffic, traffic_note
from burn.api import (
    AllocationFrame,
    AllocationPolicy,
    ApplyRequest,
    ContractError,
    InventoryFrame,
    Observation,
    PriceFrame,
    Window,
    dimensions,
    schemas,
)
from burn.api.join import FRAMES, OPTIONAL
from burn.api.stack import stack
from burn.ledger.costs import Costs
from burn.plugin.chosen import Chosen
from burn.work.events import Events
from burn.work.pool import each

if TYPE_CHECKING:
    import pandas as pd

    from burn.findings.facts import Facts

KEYS = [n for n in schemas.ALLOCATION.names if n not in ("asset_id", "labels", "cost")]


@dataclass(frozen=True, slots=True)
class Allocator:
    """What every batch of a run is allocated with.

    Attributes:
        policies: in the order they are applied.
        read: gives an observed window.
        free: namespaces whose pods are not billed, see `burn.allocation.pod_billing`.
        summarise: keeps of an observed window what findings need; None when nobody does.
        by_pod: whether each pod is its own workload.
        facts: keeps of an observed window what advice needs; None when nobody does.
    """

    policies: Sequence[Chosen[AllocationPolicy]]
    read: Callable[[Window], Observation]
    free: Sequence[str] = ()
    summarise: Callable[[Observation], pd.DataFrame] | None = None
    by_pod: bool = False
    facts: Callable[[Observation], Facts] | None = None

    def __call__(self, batch: Batch) -> Allocated:
        """Read the window and send its cost through the policies, all days and bases at once."""
        seen = self.read(batch.window)
        digest = self.summarise(seen) if self.summarise else None
        facts = self.facts(seen) if self.facts else None
        pods = None
        moves = any(policy.traffic for policy in self.policies)
        if self.by_pod:
            seen = each_pod(seen)
            pods = self.summarise(seen) if self.summarise else None
        rows = billed_by_pod(batch.start, pods_parts(batch.prices, seen, self.free))
        warnings: list[str] = []
        made = self._chain(rows, seen, batch.currency, warnings)
        return Allocated(
            _reduced(made),
            stray_hours(seen),
            digest,
            tuple(warnings),
            held(made),
            pods,
            facts,
            traffic(batch.start, made) if moves else (0.0, 0.0),
        )

    def _chain(
        self, rows: AllocationFrame, seen: Observation, currency: str, warnings: list[str]
    ) -> AllocationFrame:
        early: list[str] = []
        sums = sums_of(rows)
        for policy in self.policies:
            # Copies of its own: what a policy writes into them, nobody else sees.
            given = AllocationFrame(rows.copy(deep=False))
            made = schemas.ALLOCATION.validate(
                policy.made.apply(ApplyRequest(allocation=given, observed=_untouchable(seen))),
                author=policy.author,
            )
            _require_dimensions(made, policy.author)
            before, sums = sums, sums_of(made)
            require_conserved(before, sums, policy, currency)
            if early and _unallocated(made) < _unallocated(rows):
                warnings.append(too_early(early, policy.name))
            if policy.label_keys is not None:
                early.append(policy.name)
            rows = made
        return rows


@dataclass(frozen=True, slots=True)
class Batch:
    """A window of whole days, its cost as nobody carries it yet, and its prices."""

    window: Window
    start: AllocationFrame
    prices: PriceFrame
    currency: str


@dataclass(frozen=True, slots=True)
class Allocated:
    """Of a batch: its cost by owner and day, stray pod-hours and all, its digest and warnings.

    And its list cost by asset, its digest by pod, and what traffic cost nodes and pods carry of it.
    """

    rows: pd.DataFrame
    stray: tuple[float, float]
    digest: pd.DataFrame | None
    warnings: tuple[str, ...]
    held: pd.DataFrame
    pods: pd.DataFrame | None
    facts: Facts | None
    traffic: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Carried:
    """Who carries a window's cost.

    Attributes:
        allocation: by owner and day.
        digests: each batch's, see `burn.findings.digest`.
        held: each batch's list cost by asset, see `burn.allocation.assets`.
        pods: each batch's digest of its pods, where each is its own workload.
        facts: see `burn.findings.facts`; None where nobody keeps them.
    """

    allocation: AllocationFrame
    digests: tuple[pd.DataFrame, ...]
    held: tuple[pd.DataFrame, ...]
    pods: tuple[pd.DataFrame, ...] = ()
    facts: Facts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAllocate:
    """What there is to allocate, of the whole window.

    Attributes:
        bases: whose cost: list, effective, billed.
        costs: the cluster's cost per basis and day.
        prices: asset × day, for the rates that cut a node's price by resource.
        inventory: for assets that cost money on a day nobody saw them.
    """

    bases: Sequence[str]
    costs: Costs
    prices: PriceFrame
    inventory: InventoryFrame


def allocate(
    allocator: Allocator,
    given: ToAllocate,
    windows: Sequence[Window],
    events: Events,
    jobs: int = 1,
) -> Carried:
    """Who carries the cost, per day, owner and resource; adds up to the costs in each basis.

    Args:
        allocator: does the work, a window at a time; one is in memory at a time.
        given: the whole window's cost.
        windows: of whole days, in order; see `burn.work.batches`.
        events: told of each day.
        jobs: processes to do it on.

    Raises:
        ContractError: a policy returned a bad frame, or lost or invented money.
    """
    events.started("allocate", sum(1 for window in windows for _ in window.days()))
    prices = given.prices
    currency = str(prices["currency"].iloc[0]) if len(prices) else ""
    apart = any(policy.traffic for policy in allocator.policies)
    seeds = seed(given.costs, given.bases, given.inventory, prices, apart=apart)
    parts: list[pd.DataFrame] = [seeds.iloc[:0]]
    strays: list[tuple[float, float]] = [(0.0, 0.0)]
    sent: list[tuple[float, float]] = [(0.0, 0.0)]
    digests: list[pd.DataFrame] = []
    by_asset: list[pd.DataFrame] = []
    by_pod: list[pd.DataFrame] = []
    facts: Facts | None = None
    batches = [
        Batch(
            window,
            AllocationFrame(_within(seeds, window)),
            PriceFrame(_within(prices, window)),
            currency,
        )
        for window in windows
    ]
    with closing(each(allocator, batches, jobs)) as results:
        for window, done in zip(windows, results, strict=True):
            parts.append(done.rows)
            strays.append(done.stray)
            sent.append(done.traffic)
            digests += [] if done.digest is None else [done.digest]
            by_asset.append(done.held)
            by_pod += [] if done.pods is None else [done.pods[done.pods["scope"] == "workload"]]
            if done.facts is not None:
                facts = facts.and_later(done.facts) if facts else done.facts
            for text in done.warnings:
                events.warning(text)
            for _ in window.days():
                events.advanced("allocate")
    if note := stray_note(*map(math.fsum, zip(*strays, strict=True))):
        events.warning(note)
    cost, given_on = (math.fsum(amounts) for amounts in zip(*sent, strict=True))
    if note := traffic_note(cost, given_on, currency):
        events.warning(note)
    out = AllocationFrame(_in_order(stack(parts)))
    require_all(given.costs, given.bases, out, currency)
    carried = out[out["namespace"] != ""]
    workloads = carried[["cluster", "namespace", "workload_kind", "workload"]].drop_duplicates()
    namespaces = carried[["cluster", "namespace"]].drop_duplicates()
    events.finished("allocate", f"{len(namespaces)} namespaces, {len(workloads)} workloads")
    return Carried(out, tuple(digests), tuple(by_asset), tuple(by_pod), facts)


def _within(rows: pd.DataFrame, window: Window) -> pd.DataFrame:
    """The rows of the window's days, the first of which may begin before it."""
    import pandas as pd

    first = pd.Timestamp(window.start).normalize()
    return rows[(rows["day"] >= first) & (rows["day"] < window.end)]


def _untouchable(seen: Observation) -> Observation:
    """The same in frames of its own; pandas copies a column when somebody writes to it."""
    given = [name for name in (*FRAMES, *OPTIONAL) if getattr(seen, name) is not None]
    frames = {name: getattr(seen, name).copy(deep=False) for name in given}
    return replace(seen, **frames)


def too_early(early: Sequence[str], policy: str) -> str:
    """What looks at labels comes before what makes rows of pods, which have them."""
    names = ", ".join(f"`{name}`" for name in early)
    return (
        f"run.policies has {names} before `{policy}`, which hands cost to pods only then: what"
        f" {names} says of them is lost; put `{policy}` first"
    )


def _unallocated(rows: AllocationFrame) -> int:
    return int((rows["kind"] == "unallocated").sum())


def _require_dimensions(rows: AllocationFrame, author: str) -> None:
    if why := dimensions.fault(rows["dimensions"]):
        raise ContractError(
            f"{author} returned a bad allocation frame: column `dimensions`: {why}",
            hint="its author finds the frame in docs/reference/frames.md#allocation",
        )


def _reduced(rows: AllocationFrame) -> pd.DataFrame:
    """To owners and workloads: no assets, no labels."""
    sums = rows.groupby(KEYS, observed=True, sort=False)["cost"].sum().reset_index()
    return sums.assign(asset_id="", labels="{}")[schemas.ALLOCATION.names]


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Sorted by what the text says, whatever order its categories have."""
    import pandas as pd

    for name in KEYS:
        if isinstance(rows[name].dtype, pd.CategoricalDtype):
            column = rows[name].cat
            rows[name] = column.reorder_categories(sorted(column.categories), ordered=True)
    rows = rows.sort_values(KEYS, ignore_index=True)
    for name in KEYS:
        if isinstance(rows[name].dtype, pd.CategoricalDtype):
            rows[name] = rows[name].cat.as_unordered()
    return rows
