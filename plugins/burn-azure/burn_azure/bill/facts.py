"""What a line says, as SQL: names, time and resource, the same whatever the format.

Names are text that many lines share; they can as well be worked out of lines summed by them.
Rules by charge type and pricing model are in docs/reference/azure-bill.md, each with its source.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see typed.py)
from __future__ import annotations

from collections.abc import Sequence

from burn.api import Window
from burn.api.bills import span
from burn.api.bills.sql import literal
from burn_azure.bill.amounts import amounts
from burn_azure.bill.typed import Table
from burn_azure.keys import arm_id_sql, resource_key_sql
from burn_azure.scope import AzureScope

UNUSED = ("UnusedReservation", "UnusedSavingsPlan", "UnusedBenefit")
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


def names(table: Table) -> dict[str, str]:
    """Fact → SQL for what lines have in common."""
    start, end = period(table)
    held = f"COALESCE(NULLIF({table.text('benefit')}, ''), {table.text('reservation')})"
    return {
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
        "commitment_type": _commitment_type(table, held),
    }


def resource(table: Table) -> dict[str, str]:
    """Fact → SQL for what a line is about; `keyed` makes the key of them."""
    return {
        "arm": arm_id_sql(table.plain("resource_id")),
        "info": table.plain("info"),
        "resource_name": table.text("resource_name"),
        "tags": table.plain("tags"),
    }


VM_SIZE = 'REGEXP_EXTRACT(info, \'"ServiceType"\\s*:\\s*"([^"]*)"\', 1)'
"""The size of a VM, over a line's `info`."""


def keyed(lines: str) -> str:
    """SELECT over lines with `arm` and `info`: each with its `resource_key`."""
    vm = 'REGEXP_EXTRACT(info, \'"VMName"\\s*:\\s*"([^"]*)"\', 1)'
    return f"SELECT *, {resource_key_sql('arm', vm)} AS resource_key FROM ({lines}) AS unkeyed"


def lines(table: Table, scope: AzureScope, window: Window, more: Sequence[str] = ()) -> str:
    """SELECT over the relation: every line in scope with its facts and raw amounts.

    Args:
        table: source and format.
        scope: subscriptions.
        window: see `span.overlaps`.
        more: further select items over the relation.
    """
    facts = names(table) | resource(table) | amounts(table)
    items = ", ".join([*(f"{sql} AS {name}" for name, sql in facts.items()), *more])
    found = keyed(
        f"SELECT {items} FROM {table.source.relation} WHERE {in_scope(table, scope, window)}"
    )
    return f"SELECT *, {VM_SIZE} AS size FROM ({found}) AS keyed"


def _service(table: Table) -> str:
    if table.has("service"):
        return table.text("service")
    names = (table.text("category"), table.text("consumed_service"))
    return f"COALESCE(NULLIF({names[0]}, ''), {names[1]})"


def _commitment_type(table: Table, held: str) -> str:
    """Savings plans are Microsoft.BillingBenefits; reservations Microsoft.Capacity, or a bare id."""
    charged = charge(table)
    plan = (
        f"{held} ILIKE '%/microsoft.billingbenefits/%' OR {table.text('pricing')} = 'SavingsPlan' "
        f"OR {charged} IN ('UnusedSavingsPlan', 'UnusedBenefit') "
        f"OR {table.text('benefit_type')} ILIKE '%savings%'"
    )
    reserved = f"{held} <> '' OR {charged} = 'UnusedReservation'"
    return f"CASE WHEN {plan} THEN 'savings plan' WHEN {reserved} THEN 'reservation' ELSE '' END"


def _model(table: Table) -> str:
    """FOCUS pricing category. FOCUS calls spot Dynamic, and a commitment Committed."""
    said = table.text("pricing")
    covered = f"{said} IN ('Reservation', 'SavingsPlan', 'Committed')"
    return (
        f"CASE WHEN {covered} THEN 'Committed' WHEN {said} IN ('Spot', 'Dynamic') THEN 'Dynamic' "
        f"ELSE 'Standard' END"
    )
