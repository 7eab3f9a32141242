"""What the invoices of the billing months say: a query of its own over the raw lines."""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

from decimal import Decimal

from burn.api import Invoiced, Window
from burn.api.bills import span
from burn_gcp.bill.facts import gross, loaded, of_projects
from burn_gcp.bill.summing import ask
from burn_gcp.bill.typed import ZERO, Table
from burn_gcp.scope import GcpScope


def invoices(table: Table, scope: GcpScope, window: Window) -> tuple[Invoiced, ...]:
    """All lines of the projects by `invoice.month`, whatever their time; credits are in them.

    Google's lines name the month of their invoice, not its number.
    """
    facts = {
        "month": table.month(),
        "held": table.overlaps(window),
        "share": table.share(window),
        "total": f"(COALESCE({gross(table)}, {ZERO}) + {table.credit(())})",
    }
    if table.format.focus:
        facts["total"] = f"COALESCE({table.money('cost')}, {ZERO})"
    items = ", ".join(f"{sql} AS {name}" for name, sql in facts.items())
    tests = [*loaded(table, window), *of_projects(table, scope)] or ["1 = 1"]
    where = " AND ".join(f"({test})" for test in tests)
    inner = f"SELECT {items} FROM {table.source.relation} WHERE {where}"
    part = span.within("total", crossing=True)
    rows = ask(
        table.source,
        "SELECT month, COUNT(*) AS x_lines, SUM(total) AS amount, "
        f"SUM(CASE WHEN held THEN {part} ELSE {ZERO} END) AS inside "
        f"FROM ({inner}) AS facts GROUP BY 1 ORDER BY 1",
    ).to_pylist()
    return tuple(
        Invoiced(
            month=str(row["month"]),
            issuer="Google Cloud",
            invoice="",
            rows=int(row["x_lines"]),
            amount=Decimal(str(row["amount"])),
            inside=Decimal(str(row["inside"])),
        )
        for row in rows
    )
