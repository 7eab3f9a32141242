"""What the invoices of the months that were read say, as the control query counts them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from burn.api import Invoiced
from burn.api.bills.checks import settled
from burn_aws.bill.checks.months import Month


def invoices(
    control: Iterable[dict[str, Any]], months: Iterable[Month], currency: str
) -> tuple[Invoiced, ...]:
    """All lines in scope by billing month, invoice and who issued it, whatever their time.

    Args:
        control: of a `control_query`, with the window's parts.
        months: which of them are net. A month without a line in the window is net where it has
            net costs and the others are.
        currency: the window's; a month beside it may be in another.
    """
    net = {month.month: month.is_net for month in months}

    def told(row: dict[str, Any]) -> dict[str, Any]:
        is_net = net.get(str(row["month"]), any(net.values())) and int(row["net_lines"]) > 0
        return row | {"amount": row["net_amount"], "billed": row["net_billed"]} if is_net else row

    return settled.invoices(map(told, control), currency)
