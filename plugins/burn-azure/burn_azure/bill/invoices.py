"""What the invoices of the billing months say: a query of its own over the raw lines."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see typed.py)
from __future__ import annotations

from decimal import Decimal

from burn.api import Invoiced, Window
from burn.api.bills import span, terms
from burn.api.bills.sql import MONEY
from burn_azure.bill.facts import charged_at, in_scope, month_at, of_account, period
from burn_azure.bill.typed import Table
from burn_azure.scope import AzureScope


def invoices(table: Table, scope: AzureScope, window: Window) -> tuple[Invoiced, ...]:
    """All lines of the subscriptions by billing month, issuer and invoice, whatever their time.

    Nothing where the export names no invoice and no billing period.
    """
    if not (table.has("invoice") or table.has("month")):
        return ()
    month = month_at(table)
    if table.has("month"):
        month = f"COALESCE({table.day('month')}, {month})"
    start, end = period(table)
    cost = f"COALESCE({table.money('cost')}, CAST(0 AS {MONEY}))"
    facts = {
        "month": f"STRFTIME({month}, '%Y-%m')",
        "issuer": table.text("issuer"),
        "invoice": table.text("invoice"),
        "held": in_scope(table, scope, window),
        "start_at": start,
        "end_at": end,
        "month_at": month_at(table),
        "charged_at": charged_at(table),
        "cost": cost,
    }
    items = ", ".join(f"{sql} AS {name}" for name, sql in facts.items())
    named = f"SELECT {items} FROM {table.source.relation} WHERE {of_account(table, scope)}"
    timed = f"SELECT *, {terms.shares(window)['cash']} AS cash FROM ({named}) AS named"
    part = span.within("cost", crossing=True, share="cash")
    rows = table.source.engine.query(
        "SELECT month, issuer, invoice, COUNT(*) AS lines, SUM(cost) AS amount, "
        f"SUM(CASE WHEN held THEN {part} ELSE 0 END) AS inside "
        f"FROM ({timed}) AS timed GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    ).to_pylist()
    return tuple(
        Invoiced(
            month=str(row["month"]),
            issuer=str(row["issuer"]),
            invoice=str(row["invoice"]),
            rows=int(row["lines"]),
            amount=Decimal(str(row["amount"])),
            inside=Decimal(str(row["inside"])),
        )
        for row in rows
    )
