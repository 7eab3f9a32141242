"""The one query that reads a bill: lines → placed → classed → day × resource × class."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see typed.py)
from __future__ import annotations

from burn.api import Window, schemas
from burn.api.bills import span
from burn.api.bills.rows import COSTS, KEYS
from burn.api.bills.sql import MONEY, literal
from burn_azure.bill.classes import line_class, quantity, usage_class
from burn_azure.bill.facts import SKU, UNUSED, Role, lines
from burn_azure.bill.place import placed
from burn_azure.bill.typed import Table
from burn_azure.scope import AzureScope

CATEGORY = {
    "Purchase": "Purchase",
    "Tax": "Tax",
    "Credit": "Credit",
    "Usage": "Usage",
    **dict.fromkeys(UNUSED, "Usage"),
}


def bill_query(
    table: Table, scope: AzureScope, window: Window, keys: str, currency: str, role: Role
) -> str:
    """Day × resource × class for the cluster, day × service × class for the rest.

    Args:
        table: the source.
        scope: subscriptions, and what makes a line the cluster's.
        window: charges that overlap it; one that crosses its border counts in part.
        keys: relation of resource keys.
        currency: the bill's.
        role: see `facts.Role`.
    """
    return (
        f"WITH lines AS ({lines(table, scope, window, role)}), "
        f"placed AS ({placed(scope, keys)}), classed AS ({_classed(window, role)}) "
        f"{_final(currency, role)}"
    )


def _classed(window: Window, role: Role) -> str:
    """The class decides the quantity, and that accounting is at what was billed."""
    disk = (
        "CASE WHEN usage_class = 'volume' AND place <> '' AND NOT is_asset AND NOT is_claim "
        "THEN 'node_disk' WHEN usage_class = 'volume' AND place = '' THEN 'other' "
        "ELSE usage_class END"
    )
    day = f"DATE_TRUNC('day', GREATEST(start_at, {span.instant(window.start)}))"
    first = (
        f"SELECT *, {span.share(window)} AS share, {day} AS day, {usage_class()} AS usage_class, "
        f"{line_class()} AS line_class FROM placed"
    )
    second = (
        f"SELECT *, COALESCE(line_class, {disk}) AS cost_class, "
        f"24 * DAY(LAST_DAY(day)) AS hours_in_month FROM ({first}) AS first_pass"
    )
    cash = f"cost_class IN ({', '.join(map(literal, schemas.ACCOUNTING_CLASSES))})"
    third = f"SELECT *, {cash} AS is_cash FROM ({second}) AS second_pass"
    # Beside the actual export, the amortised one repeats what is cash: it is counted there.
    whose = {"alone": "billed_cost", "cash": "billed_cost", "amortized": "0"}[role]
    costs = ", ".join(
        f"{span.within(f'CAST(CASE WHEN is_cash THEN {whose} ELSE {cost} END AS {MONEY})', crossing=True)}"
        f" AS {cost}"
        for cost in COSTS
    )
    amount = span.within(f"CAST({quantity()} AS {MONEY})", crossing=True)
    return (
        "SELECT day, resource_key, place, service, account, region, charge, commitment, size, "
        "category, subcategory, meter, resource_name, cost_class, "
        "CASE WHEN is_cash THEN '' ELSE model END AS pricing, "
        f"{amount} AS amount, {costs} FROM ({third}) AS third_pass"
    )


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
        "commitment_discount_type": (
            "CASE WHEN commitment = '' THEN '' WHEN charge = 'UnusedSavingsPlan' "
            "THEN 'savings plan' ELSE 'reservation or savings plan' END"
        ),
        "x_charge_kind": "charge",
        "x_cost_class": "cost_class",
        "billing_currency": literal(currency),
    }
    items = ", ".join(f"{named.get(name, name)} AS {name}" for name in KEYS)
    outputs = {"x_public_cost" if c == "public_cost" else c: c for c in COSTS}
    sums = ", ".join(f"SUM({inner}) AS {name}" for name, inner in outputs.items())
    numbers = ", ".join(str(at + 1) for at in range(len(KEYS)))
    counted = "0" if role == "amortized" else "COUNT(*)"
    return (
        f"SELECT {items}, MAX(CASE WHEN {inside} THEN resource_name END) AS resource_name, {sums}, "
        f"SUM(amount) AS quantity, CAST({counted} AS BIGINT) AS x_lines "
        f"FROM classed GROUP BY {numbers}"
    )
