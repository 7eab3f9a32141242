"""The bill counted straight from its rows, before any rule is applied."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see typed.py)
from __future__ import annotations

from burn.api import Window
from burn.api.bills import span, terms
from burn.api.bills.sql import MONEY, quoted
from burn_azure.bill.facts import charged_at, in_scope, month_at, period
from burn_azure.bill.summed import TIMES, over, raw
from burn_azure.bill.typed import Table
from burn_azure.scope import AzureScope


def control_query(table: Table, scope: AzureScope, window: Window) -> str:
    """Per currency: lines, the sum of their cost in the window, and lines without an invoice.

    Lines are first summed by what their time, subscription and currency are written as.
    """
    facts = raw(table, (*TIMES, "status", "benefit_type", "account", "currency", "invoice"))
    items = ", ".join(f"{sql} AS {quoted(fact)}" for fact, sql in facts.items())
    numbers = ", ".join(str(at + 1) for at in range(len(facts)))
    cost = f"COALESCE({table.money('cost')}, CAST(0 AS {MONEY}))"
    summed = over(
        table,
        f"(SELECT {items}, COUNT(*) AS lines, SUM({cost}) AS cost FROM {table.source.relation} "
        f"GROUP BY {numbers}) AS summed",
        facts,
    )
    start, end = period(summed)
    named = (
        f"SELECT {summed.text('currency')} AS currency, {summed.text('invoice')} AS invoice, lines, "
        f"cost, {start} AS start_at, {end} AS end_at, {month_at(summed)} AS month_at, "
        f"{charged_at(summed)} AS charged_at FROM {summed.source.relation} "
        f"WHERE {in_scope(summed, scope, window)}"
    )
    cash = terms.shares(window)["cash"]
    timed = f"SELECT *, {cash} AS cash FROM ({named}) AS named"
    return (
        "SELECT currency, CAST(SUM(lines) AS BIGINT) AS lines, "
        f"SUM({span.within('cost', crossing=True, share='cash')}) AS billed, "
        "CAST(SUM(CASE WHEN invoice = '' THEN lines ELSE 0 END) AS BIGINT) AS open_lines "
        f"FROM ({timed}) AS timed GROUP BY 1 ORDER BY 1"
    )
