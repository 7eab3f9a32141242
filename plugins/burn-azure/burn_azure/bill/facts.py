"""The `lines` query: one row per bill line in scope, the same columns whatever the format.

Rules by charge type and pricing model are in docs/reference/azure-bill.md, each with its source.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see typed.py)
from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from burn.api import Window
from burn.api.bills import span
from burn.api.bills.sql import MONEY, literal
from burn_azure.bill.typed import Table
from burn_azure.keys import resource_key_sql
from burn_azure.scope import AzureScope

Role = Literal["alone", "cash", "amortized"]
"""What a dataset is read for: everything, only what was billed, or all but that."""

UNUSED = ("UnusedReservation", "UnusedSavingsPlan")
SKU = "CASE WHEN size <> '' THEN size || ' | ' || meter ELSE meter END"
"""What names a product, over the facts of a line: the VM size, if any, and the meter."""
LONG = ("Usage", *UNUSED)
"""Charge types of one day; others may have a service period of their own."""


def charge(table: Table) -> str:
    """The charge type in Azure's own words; FOCUS names are translated."""
    if table.format.family == "cost":
        return f"COALESCE(NULLIF({table.text('charge')}, ''), 'Usage')"
    plan = f"{table.text('benefit_type')} ILIKE '%savings%'"
    unused = f"{table.text('status')} = 'Unused' OR {table.text('charge_kind')} LIKE 'Unused%'"
    return (
        f"CASE WHEN {unused} THEN CASE WHEN {plan} "
        "THEN 'UnusedSavingsPlan' ELSE 'UnusedReservation' END "
        f"WHEN {table.text('charge_class')} = 'Correction' AND {table.text('charge')} <> 'Tax' "
        f"THEN 'Refund' ELSE {table.text('charge')} END"
    )


def period(table: Table) -> tuple[str, str]:
    """Start and end of the charge: FOCUS says it, a line of days has them, else the service period."""
    start = table.day("date")
    if table.has("end"):
        return start, table.day("end")
    end = f"{start} + INTERVAL 1 DAY"
    if not (table.has("service_start") and table.has("service_end")):
        return start, end
    first, last = table.day("service_start"), table.day("service_end")
    daily = ", ".join(literal(kind) for kind in LONG)
    held = f"{charge(table)} NOT IN ({daily}) AND {last} > {first}"
    return (
        f"CASE WHEN {held} THEN {first} ELSE {start} END",
        f"CASE WHEN {held} THEN {last} + INTERVAL 1 DAY ELSE {end} END",
    )


def in_scope(table: Table, scope: AzureScope, window: Window) -> str:
    """The predicate of every query: subscriptions and the window."""
    start, end = period(table)
    tests = [span.overlaps(window, start, end)]
    if scope.subscriptions:
        listed = ", ".join(literal(name) for name in scope.subscriptions)
        # FOCUS writes a subscription as its ARM id.
        tests.append(f"REGEXP_EXTRACT(LOWER({table.text('account')}), '[^/]*$') IN ({listed})")
    return " AND ".join(f"({test})" for test in tests)


def lines(
    table: Table, scope: AzureScope, window: Window, role: Role, more: Sequence[str] = ()
) -> str:
    """SELECT over the relation: names, times and the five costs of every line in scope.

    Args:
        table: source and format.
        scope: subscriptions.
        window: see `span.overlaps`.
        role: what the dataset is read for.
        more: further select items over the relation.
    """
    start, end = period(table)
    info = table.text("info")
    vm = f'REGEXP_EXTRACT({info}, \'"VMName"\\s*:\\s*"([^"]*)"\', 1)'
    held = f"COALESCE(NULLIF({table.text('benefit')}, ''), {table.text('reservation')})"
    names = {
        "start_at": start,
        "end_at": end,
        "account": f"REGEXP_EXTRACT(LOWER({table.text('account')}), '[^/]*$')",
        "region": f"REPLACE(LOWER({table.text('region')}), ' ', '')",
        "service": _service(table),
        "category": f"COALESCE(NULLIF({table.text('category')}, ''), {_service(table)})",
        "subcategory": table.text("subcategory"),
        "meter": table.text("meter"),
        "unit": table.text("unit"),
        "family": table.text("family"),
        "product": table.text("product"),
        "publisher": table.text("publisher_type"),
        "charge": charge(table),
        "model": _model(table),
        # Reservations are named by a GUID or by an ARM id that ends in it.
        "commitment": f"REGEXP_EXTRACT(RTRIM(LOWER({held}), '/'), '[^/]*$')",
        "resource_key": resource_key_sql(table.text("resource_id"), vm),
        "size": f'REGEXP_EXTRACT({info}, \'"ServiceType"\\s*:\\s*"([^"]*)"\', 1)',
        "resource_name": table.text("resource_name"),
        "tags": table.text("tags"),
        "quantity": f"COALESCE({table.money('quantity')}, 0)",
        **_amounts(table),
    }
    items = ", ".join([*(f"{sql} AS {name}" for name, sql in names.items()), *more])
    inner = f"SELECT {items} FROM {table.source.relation} WHERE {in_scope(table, scope, window)}"
    costs = ", ".join(f"{sql} AS {name}" for name, sql in _costs(role).items())
    return f"SELECT * REPLACE ({_usage(role)}), {costs} FROM ({inner}) AS facts"


def _usage(role: Role) -> str:
    """Quantity is counted with the amortised lines, so that two datasets count it once."""
    return "0 AS quantity" if role == "cash" else "quantity AS quantity"


def _service(table: Table) -> str:
    if table.has("service"):
        return table.text("service")
    names = (table.text("category"), table.text("consumed_service"))
    return f"COALESCE(NULLIF({names[0]}, ''), {names[1]})"


def _model(table: Table) -> str:
    """FOCUS pricing category. FOCUS calls spot Dynamic, and a commitment Committed."""
    said = table.text("pricing")
    covered = f"{said} IN ('Reservation', 'SavingsPlan', 'Committed')"
    return (
        f"CASE WHEN {covered} THEN 'Committed' WHEN {said} IN ('Spot', 'Dynamic') THEN 'Dynamic' "
        f"ELSE 'Standard' END"
    )


def _amounts(table: Table) -> dict[str, str]:
    """The raw amounts of a line: cost (c), list (l), contracted (k), amortised (e)."""
    cost = f"COALESCE({table.money('cost')}, 0)"
    if table.format.family == "focus":
        return {
            "c": cost,
            "e": f"COALESCE({table.money('effective')}, 0)",
            "l": table.money("list"),
            "k": table.money("contracted"),
        }
    rate = f"COALESCE({table.money('exchange_rate')}, 1)"
    quantity = table.money("quantity")
    block = _block(table)

    def priced(fact: str) -> str:
        price = f"CAST({table.money(fact)} AS DOUBLE)"
        made = f"CAST({quantity} AS DOUBLE) * {price} * CAST({rate} AS DOUBLE) / {block}"
        return f"CASE WHEN {price} <> 0 THEN CAST({made} AS {MONEY}) END"

    return {
        "c": cost,
        "e": cost,
        "l": f"COALESCE(NULLIF({table.money('payg_cost')}, 0), {priced('payg_price')})",
        "k": priced("unit_price"),
    }


def _block(table: Table) -> str:
    """What a price is divided by: 1, or the block's size (`100 Hours`).

    A price is per unit of quantity, unless the line's own cost shows that it is per block.
    """
    if not (table.has("unit") and table.has("effective_price") and table.has("quantity")):
        return "1"
    size = f"TRY_CAST(REGEXP_EXTRACT({table.text('unit')}, '^([0-9]+)', 1) AS DOUBLE)"
    price, quantity, cost = (
        f"CAST({table.money(fact)} AS DOUBLE)" for fact in ("effective_price", "quantity", "cost")
    )
    rate = f"CAST(COALESCE({table.money('exchange_rate')}, 1) AS DOUBLE)"
    whole = f"{quantity} * {price} * {rate}"
    per_block = (
        f"{size} > 1 AND {cost} <> 0 AND ABS({whole} / {size} - {cost}) < ABS({whole} - {cost})"
    )
    return f"CASE WHEN {per_block} THEN {size} ELSE 1 END"


def _costs(role: Role) -> dict[str, str]:
    """The frame's costs.

    A commitment's purchase is cash and covers later usage: nothing but billed. Unused commitment
    is no cash. Usage under a commitment or at a spot price costs what it costs: the export has
    no public price for it beside the list price.
    """
    if role == "cash":
        zero = dict.fromkeys(("list_cost", "public_cost", "contracted_cost", "effective_cost"), "0")
        return zero | {"billed_cost": "c"}
    bought = "charge = 'Purchase' AND commitment <> ''"
    usage = "charge = 'Usage' AND publisher NOT ILIKE '%marketplace%'"
    listed = f"CASE WHEN {bought} THEN 0 WHEN {usage} THEN COALESCE(l, e) ELSE e END"
    paid = "model IN ('Dynamic', 'Committed')"
    public = f"CASE WHEN {bought} THEN 0 WHEN {usage} AND NOT {paid} THEN COALESCE(l, e) ELSE e END"
    contracted = f"CASE WHEN {bought} THEN 0 WHEN {usage} THEN COALESCE(k, e) ELSE e END"
    billed = "0" if role == "amortized" else "c"
    return {
        "list_cost": listed,
        "public_cost": public,
        "contracted_cost": contracted,
        "effective_cost": f"CASE WHEN {bought} THEN 0 ELSE e END",
        "billed_cost": billed,
    }
