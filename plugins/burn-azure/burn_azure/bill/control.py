"""The bill counted straight from its rows, before any rule is applied."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see typed.py)
from __future__ import annotations

from burn.api import Window
from burn.api.bills import span, terms
from burn.api.bills.sql import MONEY, quoted
from burn_azure.bill.facts import billing_month, charged_at, fate, month_at, period
from burn_azure.bill.summed import TIMES, over, raw, typed
from burn_azure.bill.typed import Table
from burn_azure.scope import AzureScope


def control_query(table: Table, scope: AzureScope, window: Window) -> str:
    """Per file, fate, currency, month, issuer, invoice: lines, with tags; cost, its part in the window.

    Lines are first summed by what their time, subscription and currency are written as.
    """
    facts = raw(
        table, (*TIMES, "status", "benefit_type", "account", "currency", "issuer", "invoice")
    )
    items = ", ".join(f"{sql} AS {quoted(fact)}" for fact, sql in facts.items())
    numbers = ", ".join(str(at + 1) for at in range(len(facts) + 1))
    cost = f"COALESCE({table.money('cost')}, CAST(0 AS {MONEY}))"
    sums = (
        f"SELECT {table.file} AS file, {items}, COUNT(*) AS lines, SUM({cost}) AS cost, "
        f"SUM(CASE WHEN {table.plain('tags')} NOT IN ('', '{{}}') THEN 1 ELSE 0 END) AS tagged "
        f"FROM {table.source.relation} GROUP BY {numbers}"
    )
    summed = over(table, f"({typed(table, sums, facts)}) AS summed", facts)
    start, end = period(summed)
    named = (
        f"SELECT file, {fate(summed, scope, window)} AS fate, {summed.text('currency')} AS currency, "
        f"STRFTIME({billing_month(summed)}, '%Y-%m') AS month, {summed.text('issuer')} AS issuer, "
        f"{summed.text('invoice')} AS invoice, lines, tagged, cost, {start} AS start_at, {end} AS end_at, "
        f"{month_at(summed)} AS month_at, {charged_at(summed)} AS charged_at "
        f"FROM {summed.source.relation}"
    )
    cash = terms.shares(window)["cash"]
    timed = f"SELECT *, {cash} AS cash FROM ({named}) AS named"
    return (
        "SELECT file, fate, currency, month, issuer, invoice, CAST(SUM(lines) AS BIGINT) AS lines, "
        f"SUM(cost) AS amount, SUM({span.within('cost', crossing=True, share='cash')}) AS billed, "
        "CAST(SUM(tagged) AS BIGINT) AS tagged "
        f"FROM ({timed}) AS timed GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6"
    )
