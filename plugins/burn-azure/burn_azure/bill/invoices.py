"""What the invoices of the billing months say, as the control query counts them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from burn.api import Invoiced
from burn_azure.bill.typed import Table


def invoices(
    rows: Iterable[Mapping[str, Any]], table: Table, currency: str
) -> tuple[Invoiced, ...]:
    """All lines of the subscriptions by billing month, issuer and invoice, whatever their time.

    Nothing where the export names no invoice and no billing period.

    Args:
        rows: of a `control_query` of the lines that are cash.
        table: those lines.
        currency: the window's; a month beside it may be in another.
    """
    if not (table.has("invoice") or table.has("month")):
        return ()
    sums: dict[tuple[str, str, str], tuple[int, Decimal, Decimal]] = {}
    for row in rows:
        if row["fate"] not in ("window", "other period") or str(row["currency"]) != currency:
            continue
        key = (str(row["month"]), str(row["issuer"]), str(row["invoice"]))
        lines, amount, inside = sums.get(key, (0, Decimal(0), Decimal(0)))
        part = Decimal(str(row["billed"])) if row["fate"] == "window" else Decimal(0)
        sums[key] = (
            lines + int(row["lines"]),
            amount + Decimal(str(row["amount"])),
            inside + part,
        )
    return tuple(
        Invoiced(month=month, issuer=issuer, invoice=name, rows=lines, amount=a, inside=b)
        for (month, issuer, name), (lines, a, b) in sorted(sums.items())
    )
