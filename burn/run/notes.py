"""What a reader must know about a run besides its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from burn import __version__
from burn.api import Bill, Coverage, InventoryFrame, PriceFrame, RunInfo, Window, schemas
from burn.api.confidence import meaning
from burn.ledger.checks.delivered import Undelivered
from burn.run.plan import Plan

RATIO = (
    "at billed cost the cluster carries its share of the window's accounting, by effective cost: a"
    " ratio, so the parts of two windows need not add up to the part of both"
)


def provisional_from(
    bill: Bill, window: Window, missing: Undelivered | None = None
) -> datetime | None:
    """From where on the bill may still change; None when the whole window is final.

    Days that the bill lacks are not final, whatever the provider says of the month.
    """
    start = bill.final_until or window.start
    if missing:
        start = min(start, missing.since)
    return None if start >= window.end else max(start, window.start)


def run_info(
    plan: Plan,
    window: Window,
    bill: Bill | None,
    missing: Undelivered | None,
    run_id: str,
    prices: PriceFrame,
    read: Sequence[str] = (),
    *,
    types: bool = True,
    no_lists: Sequence[str] = (),
) -> RunInfo:
    """How the report was made; without a bill, in the currency of its prices.

    `read` is what enrichers say that they read; `types`, whether the provider lists types of machines;
    `no_lists`, which price lists a plan was made without.
    """
    currency = str(prices["currency"].iloc[0]) if bill is None else bill.control.currency
    return RunInfo(
        run_id=run_id,
        burn_version=__version__,
        window=window,
        cluster=plan.scope.cluster,
        provider=plan.provider.name,
        source=plan.source.name,
        policies=tuple(policy.name for policy in plan.policies),
        basis=plan.basis,
        currency=currency,
        provisional_from=None if bill is None else provisional_from(bill, window, missing),
        plugins=tuple(sorted({c.author for c in plan.chosen()})),
        origin=(*(() if bill is None else bill.origin), *plan.inputs, *read),
        by=plan.by,
        paid=plan.paid.run_id if plan.paid else "",
        no_types=() if types else (plan.provider.name,),
        no_lists=tuple(no_lists),
    )


def guessed_gpus(inventory: InventoryFrame, prices: PriceFrame) -> str:
    """Nodes with GPUs whose price is a guess that knows no GPU: it is most likely too low."""
    blind = prices["gpu_rate"] == 0
    blind &= meaning(prices["price_source"], schemas.PRICE_SOURCES, "low") == "low"
    having = inventory[(inventory["gpu_count"] > 0) & (inventory["kind"] == "node")]
    mine = having[having["asset_id"].isin(prices.loc[blind, "asset_id"])]
    types = sorted(mine["instance_type"].astype(str).unique())
    if not types:
        return ""
    return (
        f"the price of {', '.join(types)} is guessed by its cores and memory, and its GPUs are not in"
        " it: the true price is likely much higher; allow the price list, or state its price"
    )


def loose_ingresses(seen: InventoryFrame, kept: InventoryFrame) -> str:
    """Ingresses whose address the metrics do not show: only a bill could say what they cost."""
    lost = seen[~seen["asset_id"].isin(kept["asset_id"])]
    names = lost["name"].astype(str).unique()
    if not len(names):
        return ""
    return (
        f"{len(names):,} of the cluster's Ingresses show no address ({', '.join(names[:3])}"
        f"{', …' if len(names) > 3 else ''}): a balancer of their own would not be in this report"
    )


def notes(
    coverage: Coverage,
    prices: PriceFrame,
    window: Window,
    missing: Undelivered | None,
    warnings: Sequence[str],
    basis: str = "",
    guessed: str | None = None,
) -> tuple[str, ...]:
    """Sentences in order of weight: what can make a number wrong comes first.

    Args:
        coverage, prices, window: of the report.
        missing: days that the bill lacks.
        warnings: of the stages.
        basis: the report's.
        guessed: without a bill, which prices are likely far off, else nothing; None: there is a bill.
    """
    out = [text for text in (missing.note if missing else "", guessed) if text]
    if coverage.hours_missing:
        lost = "is not in the report"
        then = "shows as uptime (billed, not observed)" if guessed is None else lost
        out.append(
            f"metrics are missing for {coverage.hours_missing:,.1f} of {window.hours} hours;"
            f" what ran then {then}"
        )
    unsure = prices[meaning(prices["price_source"], schemas.PRICE_SOURCES, "low") == "low"]
    if len(unsure):
        out.append(
            f"{unsure['asset_id'].nunique()} assets are priced from the built-in fallback table"
            f" ({unsure['list_cost'].sum():,.2f} of the report)"
        )
    last = [RATIO] if basis == "billed" else []
    return tuple(dict.fromkeys([*out, *warnings, *last]))
