"""The query that makes the bill out of summed lines: named → classed → day × resource × class."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from burn.api import Window, schemas
from burn.api.bills.queries import span, terms
from burn.api.bills.queries.rows import COSTS, KEYS
from burn.api.bills.queries.sql import MONEY, literal
from burn_azure.bill.charges.classes import line_class, quantity, usage_class
from burn_azure.bill.charges.costs import Role, costs
from burn_azure.bill.lines.facts import SKU, UNUSED, in_scope, names
from burn_azure.bill.lines.table import Table
from burn_azure.scope import AzureScope

CATEGORY = {
    "Purchase": "Purchase",
    "Tax": "Tax",
    "Credit": "Credit",
    "Usage": "Usage",
    **dict.fromkeys(UNUSED, "Usage"),
}


_KEPT = (
    *("resource_key", "size", "place", "is_asset", "is_claim", "resource_name", "x_tied_to"),
    "x_lines",
    *("quantity", "c", "e", "l", "k"),
)


def bill_query(table: Table, scope: AzureScope, window: Window, currency: str, role: Role) -> str:
    """Day × resource × class for the cluster, day × service × class for the rest.

    Args:
        table: from `summed.summed`.
        scope: subscriptions.
        window: charges that overlap it; one that crosses its border counts in part.
        currency: the bill's.
        role: see `costs.Role`.
    """
    return (
        f"WITH named AS ({_named(table, scope, window)}), "
        f"costed AS (SELECT *, {', '.join(f'{sql} AS {name}' for name, sql in costs(role).items())} "
        f"FROM named), classed AS ({_classed(window, role)}) {_final(currency, role)}"
    )


def _named(table: Table, scope: AzureScope, window: Window) -> str:
    items = ", ".join([*(f"{sql} AS {name}" for name, sql in names(table).items()), *_KEPT])
    return f"SELECT {items} FROM {table.source.relation} WHERE {in_scope(table, scope, window)}"


def _classed(window: Window, role: Role) -> str:
    """The class decides the quantity, and that accounting is at what was billed."""
    disk = (
        "CASE WHEN usage_class = 'volume' AND place <> '' AND NOT is_asset AND NOT is_claim "
        "THEN 'node_disk' WHEN usage_class = 'volume' AND place = '' THEN 'other' "
        "ELSE usage_class END"
    )
    parts = terms.shares(window)
    first = (
        f"SELECT *, {', '.join(f'{sql} AS {name}' for name, sql in parts.items())}, "
        f"DATE_TRUNC('day', {terms.counted_from(window)}) AS day, {usage_class()} AS usage_class, "
        f"{line_class()} AS line_class FROM costed"
    )
    second = (
        f"SELECT *, COALESCE(line_class, {disk}) AS cost_class, "
        f"24 * DAY(LAST_DAY(day)) AS hours_in_month FROM ({first}) AS first_pass"
    )
    cash = f"cost_class IN ({', '.join(map(literal, schemas.ACCOUNTING_CLASSES))})"
    third = f"SELECT *, {cash} AS is_cash FROM ({second}) AS second_pass"
    # Beside the actual export, the amortised one repeats what is cash: it is counted there.
    whose = {"alone": "billed_cost", "cash": "billed_cost", "amortized": "0"}[role]
    made = ", ".join(
        f"CASE WHEN is_cash THEN {_within(whose, 'cash')} "
        f"ELSE {_within(cost, 'cash' if cost == 'billed_cost' else 'share')} END AS {cost}"
        for cost in COSTS
    )
    amount = span.within(f"CAST({quantity()} AS {MONEY})", crossing=True)
    return (
        "SELECT day, resource_key, place, service, account, region, charge, commitment, commitment_type, size, "
        "category, subcategory, meter, resource_name, x_tied_to, cost_class, "
        "CASE WHEN is_cash THEN '' ELSE model END AS pricing, x_lines, "
        f"{amount} AS amount, {made} FROM ({third}) AS third_pass"
    )


def _within(amount: str, share: str) -> str:
    return span.within(f"CAST({amount} AS {MONEY})", crossing=True, share=share)


def _final(currency: str, role: Role) -> str:
    inside = "place <> ''"
    category = " ".join(
        f"WHEN charge = {literal(kind)} THEN {literal(name)}" for kind, name in CATEGORY.items()
    )
    named = {
        "resource_key": f"CASE WHEN {inside} THEN resource_key ELSE '' END",
        "in_cluster": inside,
        "match_method": "place",
        "service_name": "service",
        "sub_account_id": "account",
        "region_id": "region",
        "sku": f"CASE WHEN {inside} THEN {SKU} ELSE '' END",
        "charge_category": f"CASE {category} ELSE 'Adjustment' END",
        "pricing_category": "pricing",
        "commitment_discount_id": "commitment",
        "commitment_discount_type": "commitment_type",
        "x_charge_kind": "charge",
        "x_cost_class": "cost_class",
        "billing_currency": literal(currency),
    }
    items = ", ".join(f"{named.get(name, name)} AS {name}" for name in KEYS)
    outputs = {"x_public_cost" if c == "public_cost" else c: c for c in COSTS}
    sums = ", ".join(f"SUM({inner}) AS {name}" for name, inner in outputs.items())
    numbers = ", ".join(str(at + 1) for at in range(len(KEYS)))
    counted = "0" if role == "amortized" else "SUM(x_lines)"
    return (
        f"SELECT {items}, MAX(CASE WHEN {inside} THEN resource_name END) AS resource_name, "
        f"MAX(x_tied_to) AS x_tied_to, {sums}, SUM(amount) AS quantity, CAST({counted} AS BIGINT) AS x_lines "
        f"FROM classed GROUP BY {numbers}"
    )
