"""Allocate: the policies in the user's order, a day and a basis at a time, every cent kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from burn.api import (
    AllocationFrame,
    AllocationPolicy,
    ContractError,
    InventoryFrame,
    Observation,
    PriceFrame,
    Window,
    schemas,
)
from burn.api.stack import stack
from burn.events import Events
from burn.ledger.costs import Costs
from burn.plan import Chosen
from burn.stages.conservation import amount, gap, require_conserved
from burn.stages.pod_billing import billed_by_pod, pods_parts
from burn.stages.seed import seed
from burn.stages.stray import stray_hours, stray_note

if TYPE_CHECKING:
    import pandas as pd

_FRAMES = ("inventory", "presence", "pods", "usage", "mounts")
KEYS = [n for n in schemas.ALLOCATION.names if n not in ("asset_id", "labels", "cost")]


def allocate(
    policies: Sequence[Chosen[AllocationPolicy]],
    bases: Sequence[str],
    costs: Costs,
    prices: PriceFrame,
    read_day: Callable[[Window], Observation],
    days: Sequence[Window],
    events: Events,
    on_day: Callable[[Observation], None] | None,
    inventory: InventoryFrame,
    free: Sequence[str] = (),
) -> AllocationFrame:
    """Who carries the cost, per day, owner and resource; adds up to `costs` in each basis.

    Args:
        policies: in the order they are applied.
        bases: whose cost: list, effective, billed.
        costs: the cluster's cost per basis and day.
        prices: asset × day, for the rates that cut a node's price by resource.
        read_day: gives an observed day; one is in memory at a time.
        days: the window's days, in order.
        on_day: also sees each day, so that it is read once.
        inventory: the whole window's, for assets that cost money on a day nobody saw them.
        free: namespaces whose pods are not billed, see `burn.stages.pod_billing`.

    Raises:
        ContractError: a policy returned a bad frame, or lost or invented money.
    """
    import pandas as pd

    events.started("allocate", len(days))
    currency = str(prices["currency"].iloc[0]) if len(prices) else ""
    seeds = seed(costs, bases, inventory, prices)
    starts = dict(iter(seeds.groupby(["basis", "day"], observed=True)))
    parts: list[pd.DataFrame] = [seeds.iloc[:0]]
    strays: list[tuple[float, float]] = [(0.0, 0.0)]
    for window in days:
        day = read_day(window)
        if on_day:
            on_day(day)
        strays.append(stray_hours(day))
        midnight = pd.Timestamp(window.start).normalize()
        today = PriceFrame(prices[prices["day"] == midnight])
        pods = pods_parts(today, day, free)
        for basis in bases:
            if (basis, midnight) in starts:
                start = AllocationFrame(starts[basis, midnight])
                rows = billed_by_pod(start, pods)
                parts.append(_reduced(_chain(policies, rows, day, currency, events)))
        del day  # before the next one is read
        events.advanced("allocate")
    if note := stray_note(*map(math.fsum, zip(*strays, strict=True))):
        events.warning(note)
    out = schemas.ALLOCATION.validate(_in_order(stack(parts)), author="burn")
    _require_all(costs, bases, out, currency)
    carried = out[out["namespace"] != ""]
    workloads = carried[["cluster", "namespace", "workload_kind", "workload"]].drop_duplicates()
    namespaces = carried[["cluster", "namespace"]].drop_duplicates()
    events.finished("allocate", f"{len(namespaces)} namespaces, {len(workloads)} workloads")
    return out


def _chain(
    policies: Sequence[Chosen[AllocationPolicy]],
    rows: AllocationFrame,
    day: Observation,
    currency: str,
    events: Events,
) -> AllocationFrame:
    early: list[str] = []
    for policy in policies:
        # Copies of its own: what a policy writes into them, nobody else sees.
        given = AllocationFrame(rows.copy(deep=False))
        made = schemas.ALLOCATION.validate(
            policy.made.apply(given, _untouchable(day)), author=policy.author
        )
        require_conserved(rows, made, policy, currency)
        if early and _unallocated(made) < _unallocated(rows):
            events.warning(too_early(early, policy.name))
        if policy.label_keys is not None:
            early.append(policy.name)
        rows = made
    return rows


def _untouchable(day: Observation) -> Observation:
    """The same day in frames of its own; pandas copies a column when somebody writes to it."""
    frames = {name: getattr(day, name).copy(deep=False) for name in _FRAMES}
    return replace(day, **frames)


def too_early(early: Sequence[str], policy: str) -> str:
    """What looks at labels comes before what makes rows of pods, which have them."""
    names = ", ".join(f"`{name}`" for name in early)
    return (
        f"run.policies has {names} before `{policy}`, which hands cost to pods only then: what"
        f" {names} says of them is lost; put `{policy}` first"
    )


def _unallocated(rows: AllocationFrame) -> int:
    return int((rows["kind"] == "unallocated").sum())


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


def _require_all(costs: Costs, bases: Sequence[str], out: AllocationFrame, currency: str) -> None:
    """Nothing fell between the days: the window's cost is all there, in each basis."""
    import pandas as pd

    for basis in bases:
        given = pd.concat(
            [f.loc[f["basis"] == basis, "cost"] for f in (costs.assets, costs.shared)]
        )
        missed = gap(given, out.loc[out["basis"] == basis, "cost"])
        if missed is not None:
            raise ContractError(
                f"allocation at {basis} cost misses {amount(missed)} {currency} of the cluster's"
                " cost: some of it lies outside the window's days",
                hint="this is a defect in burn or the billing provider; report it",
            )
