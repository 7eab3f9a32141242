"""Reconcile: the ledger from what was priced to what was billed, and the costs it implies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from burn.api import Bill, IdentityFrame, InventoryFrame, LedgerFrame, PriceFrame, Totals, Window
from burn.ledger.checks.delivered import Undelivered, undelivered
from burn.ledger.checks.hours import fewer_hours, require_possible
from burn.ledger.costs import Costs, costs_by_basis
from burn.ledger.daily import daily
from burn.ledger.invoice import require_invoiced, with_invoices
from burn.ledger.landing import land, require_nodes
from burn.ledger.totals import require_closed, totals
from burn.ledger.unpaid import unpaid
from burn.ledger.unused import share_by_day
from burn.ledger.unvalued import unvalued
from burn.ledger.walk import walk
from burn.stages.price import require_currency
from burn.work.events import Events

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A closed ledger, its landings, the cluster's cost per basis, days the bill lacks, the ledger by day."""

    ledger: LedgerFrame
    totals: Totals
    costs: Costs
    missing: Undelivered | None = None
    daily: pd.DataFrame | None = None
    paid: pd.DataFrame | None = None
    """Of each observed asset what the report prices too, as the bill has it: asset_id, quantity, cost;
    and before discounts that are lines of their own `modelled`, of which `committed`, `standard`;
    `sustained`, of those discounts, not above 0, the ones for use all month."""


def reconcile(
    inventory: InventoryFrame,
    identities: IdentityFrame,
    prices: PriceFrame,
    bill: Bill,
    window: Window,
    tolerance: float,
    events: Events,
) -> Reconciled:
    """Walk from the report to the bill.

    Raises:
        DataError: no node is on the bill, a node is billed twice, or prices and bill have different currencies.
        ToleranceError: the ledger misses the control total.
    """
    events.started("reconcile")
    require_currency(prices, bill.control.currency)
    landed = land(bill.rows, identities, inventory)
    require_nodes(landed, identities, inventory)
    doubled = require_possible(landed, identities, prices)
    if doubled:
        events.warning(doubled)
    missing = undelivered(landed, identities, prices, inventory)
    if missing:
        events.warning(missing.note)
    since = missing.since if missing else None
    if short := fewer_hours(landed, identities, prices, since):
        events.warning(short)
    if free := unpaid(landed, prices, inventory):
        events.warning(free)
    if lost := unvalued(prices, inventory, landed):
        events.warning(lost)
    names = inventory.drop_duplicates("asset_id").set_index("asset_id")["name"]
    shares = share_by_day(landed, window.start)
    ledger = with_invoices(walk(prices, landed, names, shares), bill.control, window)
    landings = totals(ledger, bill.control, window)
    require_closed(landings, bill.control, tolerance)
    require_invoiced(ledger, landings, tolerance)
    drivers = ledger["driver"].nunique()
    events.finished("reconcile", f"{drivers} drivers, residual {landings.residual:,.2f}")
    costs = costs_by_basis(prices, landed, landings, shares, window.start)
    by_day = daily(prices, landed, shares, window.start)
    return Reconciled(ledger, landings, costs, missing, by_day, _paid(landed))


def _paid(landed: pd.DataFrame) -> pd.DataFrame:
    """What is charged for being there, after its discounts; not what runs through it."""
    rows = landed[landed["landing"].isin(["modelled", "rate"]) & (landed["asset_id"] != "")]
    quantity = rows["quantity"].where(rows["landing"] == "modelled", 0.0)
    rows = rows.assign(quantity=quantity, cost=rows["effective_cost"])
    own = rows["cost"].where(rows["landing"] == "modelled", 0.0)
    rows = rows.assign(modelled=own)
    for name in ("committed", "standard"):
        rows[name] = own.where(rows["pricing_category"] == name.title(), 0.0)
    rows["sustained"] = rows["cost"].where(rows["x_cost_class"] == "sustained_use", 0.0)
    names = ["asset_id", "quantity", "cost", "modelled", "committed", "standard", "sustained"]
    return rows[names].astype({"asset_id": "str"})
