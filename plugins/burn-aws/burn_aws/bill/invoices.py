"""What the invoices of the months that were read say, as the control query counts them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from burn.api import Invoiced
from burn_aws.bill.months import Month

if TYPE_CHECKING:
    import pyarrow as pa


def invoices(result: pa.Table, months: Iterable[Month], currency: str) -> tuple[Invoiced, ...]:
    """All lines in scope by billing month, invoice and who issued it, whatever their time.

    Args:
        result: of a `control_query`.
        months: which of them are net. A month without a line in the window is net where it has
            net costs and the others are.
        currency: the window's; a month beside it may be in another.
    """
    months = list(months)
    net = {month.month: month.is_net for month in months}
    sums: dict[tuple[str, str, str], list[Decimal]] = {}
    for row in result.to_pylist():
        if row["fate"] not in ("window", "other period") or str(row["currency"]) != currency:
            continue
        is_net = net.get(str(row["month"]), any(net.values())) and int(row["net_lines"]) > 0
        amount = Decimal(str(row["net_amount" if is_net else "amount"]))
        inside = Decimal(0)
        if row["fate"] == "window":
            inside = Decimal(str(row["net_billed" if is_net else "billed"]))
        key = (str(row["month"]), str(row["issuer"]), str(row["invoice"]))
        so_far = sums.setdefault(key, [Decimal(0)] * 3)
        sums[key] = [so_far[0] + int(row["lines"]), so_far[1] + amount, so_far[2] + inside]
    return tuple(
        Invoiced(month=month, issuer=issuer, invoice=name, rows=int(rows), amount=a, inside=b)
        for (month, issuer, name), (rows, a, b) in sorted(sums.items())
    )
