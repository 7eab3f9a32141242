"""What a reader must know about a run besides its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from burn import __version__
from burn.api import Bill, Coverage, InventoryFrame, PriceFrame, RunInfo, Window, schemas
from burn.api.words import meaning
from burn.ledger.delivered import Undelivered
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
) -> RunInfo:
    """How the report was made; without a bill, in the currency of its prices.

    `read` is what enrichers say that they read.
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
    *,
    billed: bool = True,
) -> tuple[str, ...]:
    """Sentences in order of weight: what can make a number wrong comes first."""
    out = [missing.note] if missing else []
    if coverage.hours_missing:
        then = "shows as uptime (billed, not observed)" if billed else "is not in the report"
        out.append(
            f"metrics are missing for {coverage.hours_missing:,.1f} of {window.hours} hours;"
            f" what ran then {then}"
        )
    guessed = prices[meaning(prices["price_source"], schemas.PRICE_SOURCES, "low") == "low"]
    if len(guessed):
        out.append(
            f"{guessed['asset_id'].nunique()} assets are priced from the built-in fallback table"
            f" ({guessed['list_cost'].sum():,.2f} of the report)"
        )
    last = [RATIO] if basis == "billed" else []
    return tuple(dict.fromkeys([*out, *warnings, *last]))
