"""The bill counted straight from its rows, before any rule is applied."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see typed.py)
from __future__ import annotations

from burn.api import Window
from burn.api.bills import span
from burn.api.bills.sql import MONEY
from burn_azure.bill.facts import in_scope, period
from burn_azure.bill.typed import Table
from burn_azure.scope import AzureScope


def control_query(table: Table, scope: AzureScope, window: Window) -> str:
    """Per currency: lines, the sum of their cost in the window, and lines without an invoice."""
    start, end = period(table)
    facts = {
        "start_at": start,
        "end_at": end,
        "currency": table.text("currency"),
        "invoice": table.text("invoice"),
        "cost": f"COALESCE({table.money('cost')}, CAST(0 AS {MONEY}))",
    }
    items = ", ".join(f"{sql} AS {name}" for name, sql in facts.items())
    where = in_scope(table, scope, window)
    timed = (
        f"SELECT *, {span.share(window)} AS share "
        f"FROM (SELECT {items} FROM {table.source.relation} WHERE {where}) AS facts"
    )
    return (
        f"SELECT currency, COUNT(*) AS lines, SUM({span.within('cost', crossing=True)}) AS billed, "
        "SUM(CASE WHEN invoice = '' THEN 1 ELSE 0 END) AS open_lines "
        f"FROM ({timed}) AS timed GROUP BY 1 ORDER BY 1"
    )


def undated_query(table: Table) -> str:
    """How many lines have no date that can be read."""
    return (
        f"SELECT COUNT(*) AS lines FROM {table.source.relation} WHERE {table.day('date')} IS NULL"
    )
