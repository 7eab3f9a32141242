"""What the invoices of the billing months say, as the control query counts them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from burn.api import Invoiced


def invoices(rows: Iterable[Mapping[str, Any]], currency: str) -> tuple[Invoiced, ...]:
    """All lines of the projects by `invoice.month`, whatever their time; credits are in them.

    Google's lines name the month of their invoice, not its number.

    Args:
        rows: of a control query.
        currency: the window's; a month beside it may be in another.
    """
    sums: dict[str, tuple[int, Decimal, Decimal]] = {}
    for row in rows:
        if row["fate"] not in ("window", "other period") or str(row["currency"]) != currency:
            continue
        lines, amount, inside = sums.get(str(row["month"]), (0, Decimal(0), Decimal(0)))
        sums[str(row["month"])] = (
            lines + int(row["x_lines"]),
            amount + Decimal(str(row["amount"])),
            inside + Decimal(str(row["billed"])),
        )
    return tuple(
        Invoiced(
            month=month,
            issuer="Google Cloud",
            invoice="",
            rows=lines,
            amount=amount,
            inside=inside,
        )
        for month, (lines, amount, inside) in sorted(sums.items())
    )
