"""What a line says, as SQL: names, time and resource, the same whatever the format.

Names are text that many lines share; they can as well be worked out of lines summed by them.
Rules by charge type and pricing model are in docs/reference/azure-bill.md, each with its source.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from collections.abc import Sequence

from burn.api import Window
from burn.api.bills.queries import span, terms
from burn.api.bills.queries.sql import literal
from burn_azure.bill.charges.costs import amounts
from burn_azure.bill.lines.table import Table
from burn_azure.keys import arm_id_sql, resource_key_sql
from burn_azure.scope import AzureScope

UNUSED = ("UnusedReservation", "UnusedSavingsPlan", "UnusedBenefit")
CHARGES = ("Usage", "Purchase", "Tax", "Credit", "Refund", "Adjustment", "RoundingAdjustment")
"""Charge types besides the unused ones; compared without case, and written so from here on."""
SKU = "CASE WHEN size <> '' THEN size || ' | ' || meter ELSE meter END"
"""What names a product, over the facts of a line: the VM size, if any, and the meter."""
HELD = ("reservation", "savingsplan", "committed", "commitmentbased")
MODELS = (*HELD, "spot", "dynamic", "ondemand", "standard", "other")
"""Pricing models as `priced` writes them; the first are commitments."""
LONG = ("Usage", *UNUSED)
"""Charge types of one day; others may have a service period of their own."""


def charge(table: Table) -> str:
    """The charge type in Azure's own words; FOCUS names are translated."""
    said = table.text("charge")
    arms = " ".join(
        f"WHEN {literal(name.lower())} THEN {literal(name)}" for name in (*CHARGES, *UNUSED)
    )
    named = f"CASE LOWER({said}) {arms} WHEN '' THEN 'Usage' ELSE {said} END"
    if table.format.family == "cost":
        return named
    plan = f"{table.text('benefit_type')} ILIKE '%savings%'"
    kind = f"LOWER({table.text('charge_kind')})"
    unused = f"LOWER({status(table)}) = 'unused' OR STARTS_WITH({kind}, 'unused')"
    corrected = f"LOWER({table.text('charge_class')}) = 'correction'"
    # The preview of FOCUS 1.0 says in ChargeSubcategory what an adjustment is.
    return (
        f"CASE WHEN {unused} THEN CASE WHEN {plan} "
        "THEN 'UnusedSavingsPlan' ELSE 'UnusedReservation' END "
        f"WHEN LOWER({said}) = 'tax' THEN 'Tax' WHEN {corrected} OR {kind} = 'refund' THEN 'Refund' "
        f"WHEN {kind} = 'credit' THEN 'Credit' "
        f"WHEN {kind} = 'rounding error' THEN 'RoundingAdjustment' ELSE {named} END"
    )


def status(table: Table) -> str:
    """FOCUS: whether a commitment's line is used or unused.

    Versions that leave the status empty show what is unused as usage of nothing: no quantity,
    nothing billed, but a part of the fee.
    """
    said = table.text("status")
    if not all(map(table.has, ("benefit", "quantity", "cost", "effective"))):
        return said
    nothing = " AND ".join(f"COALESCE({table.number(f)}, 0) = 0" for f in ("quantity", "cost"))
    idle = (
        f"{said} = '' AND {table.text('benefit')} <> '' AND {nothing} "
        f"AND COALESCE({table.number('effective')}, 0) <> 0"
    )
    return f"CASE WHEN {idle} THEN 'Unused' ELSE {said} END"


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


def month_at(table: Table) -> str:
    """The first instant of the month that bills a line.

    A purchase's date is the day that it is charged; FOCUS has the billing period beside the term.
    """
    if table.format.family == "focus" and table.has("month"):
        return f"COALESCE({table.day('month')}, DATE_TRUNC('month', {table.day('date')}))"
    return f"DATE_TRUNC('month', {table.day('date')})"


def billing_month(table: Table) -> str:
    """A day of the month whose invoice a line is on, as the export says it."""
    at = month_at(table)
    return f"COALESCE({table.day('month')}, {at})" if table.has("month") else at


def charged_at(table: Table) -> str:
    """When money with a term is charged, see `terms.charged`: Azure's own exports have its date."""
    start, end = period(table)
    usage = f"{charge(table)} IN ({', '.join(map(literal, LONG))})"
    once = f"{table.text('frequency')} IN ('OneTime', 'One-Time')"
    at = terms.charged(month_at(table), once=once, usage=usage, start=start, end=end)
    if table.format.family == "focus":
        return at
    return f"CASE WHEN ({at}) IS NOT NULL THEN {table.day('date')} END"


def in_scope(table: Table, scope: AzureScope, window: Window) -> str:
    """The predicate of every query: subscriptions and the window.

    A purchase can be charged before or after its service period.
    """
    start, end = period(table)
    tests = [span.overlaps(window, start, end)]
    if table.has("service_start") and table.has("service_end"):
        tests[0] += f" OR ({terms.is_charged_in(window, charged_at(table))})"
    tests.append(of_account(table, scope))
    return " AND ".join(f"({test})" for test in tests)


def fate(table: Table, scope: AzureScope, window: Window) -> str:
    """What becomes of a line, one of `schemas.FATES`, by the time it is for.

    `control.counted` moves what is charged in the window. Written out beside `in_scope`, not made of it: the counts by fate check what that leaves out.
    """
    start, end = period(table)
    first, last = span.instant(window.start), span.instant(window.end)
    cases = []
    if scope.subscriptions:
        listed = ", ".join(literal(name) for name in scope.subscriptions)
        account = f"REGEXP_EXTRACT(LOWER({table.text('account')}), '[^/]*$')"
        cases.append(f"WHEN {account} NOT IN ({listed}) THEN 'out of scope'")
    cases.append(f"WHEN {start} >= {last} THEN 'other period'")
    cases.append(f"WHEN {start} < {first} AND {end} <= {first} THEN 'other period'")
    return f"CASE {' '.join(cases)} ELSE 'window' END"


def of_account(table: Table, scope: AzureScope) -> str:
    """Whether a line is of the subscriptions, whatever its time."""
    if not scope.subscriptions:
        return "TRUE"
    listed = ", ".join(literal(name) for name in scope.subscriptions)
    # FOCUS writes a subscription as its ARM id.
    return f"REGEXP_EXTRACT(LOWER({table.text('account')}), '[^/]*$') IN ({listed})"


def names(table: Table) -> dict[str, str]:
    """Fact → SQL for what lines have in common."""
    start, end = period(table)
    held = f"COALESCE(NULLIF({table.text('benefit')}, ''), {table.text('reservation')})"
    return {
        "start_at": start,
        "end_at": end,
        "month_at": month_at(table),
        "charged_at": charged_at(table),
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


def detail(*keys: str) -> str:
    """A value of a line's `info`, whose keys have any case and, in FOCUS 1.2, an `x_` before them.

    Details that were made JSON twice have a backslash before each quote.
    """
    named = "|".join(keys)
    return (
        f"REGEXP_EXTRACT(info, '\"(?:x_)?(?:{named})\\\\?\"\\s*:\\s*\\\\?\"([^\"\\\\]*)', 1, 'i')"
    )


VM_SIZE = detail("ServiceType", "InstanceType")
"""The size of a VM, over a line's `info`."""


def keyed(lines: str) -> str:
    """SELECT over lines with `arm` and `info`: each with its `resource_key`."""
    return f"SELECT *, {resource_key_sql('arm', detail('VMName'))} AS resource_key FROM ({lines}) AS unkeyed"


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
        f"{held} ILIKE '%/microsoft.billingbenefits/%' OR {priced(table)} = 'savingsplan' "
        f"OR {charged} IN ('UnusedSavingsPlan', 'UnusedBenefit') "
        f"OR {table.text('benefit_type')} ILIKE '%savings%'"
    )
    reserved = f"{held} <> '' OR {charged} = 'UnusedReservation'"
    return f"CASE WHEN {plan} THEN 'savings plan' WHEN {reserved} THEN 'reservation' ELSE '' END"


def _model(table: Table) -> str:
    """FOCUS pricing category. FOCUS calls spot Dynamic, and a commitment Committed.

    A commitment is told by any of its signs: pricing model, its id, its status, the kind of charge.
    """
    said = priced(table)
    signs = [
        f"{said} IN ({', '.join(map(literal, HELD))})",
        *(f"{table.text(fact)} <> ''" for fact in ("benefit", "reservation") if table.has(fact)),
        *([f"LOWER({table.text('status')}) IN ('used', 'unused')"] * table.has("status")),
        *([f"{table.text('charge_kind')} ILIKE '%used commitment'"] * table.has("charge_kind")),
    ]
    return (
        f"CASE WHEN {' OR '.join(signs)} THEN 'Committed' "
        f"WHEN {said} IN ('spot', 'dynamic') THEN 'Dynamic' ELSE 'Standard' END"
    )


def priced(table: Table) -> str:
    """The pricing model in lower case, without blanks and hyphens: `On Demand` is `OnDemand`."""
    return f"REPLACE(REPLACE(LOWER({table.text('pricing')}), ' ', ''), '-', '')"
