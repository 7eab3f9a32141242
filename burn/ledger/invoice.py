"""From what was billed for a window to the invoices of its billing months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from burn.api import Invoiced, Window


@dataclass(frozen=True, slots=True)
class InvoiceWalk:
    """The steps; `billed` + `added` − `elsewhere` = `total`, exactly.

    Attributes:
        months: the window's billing months, `YYYY-MM`.
        invoices: what the bill has of these months, one per invoice.
        added: on these invoices, for time outside the window.
        elsewhere: of the window, on invoices of other months.
        total: the sum of `invoices`.
        whole: whether the window is whole billing months.
    """

    months: tuple[str, ...]
    invoices: tuple[Invoiced, ...]
    added: Decimal
    elsewhere: Decimal
    total: Decimal
    whole: bool


def invoice_walk(invoices: Sequence[Invoiced], window: Window) -> InvoiceWalk | None:
    """The walk from BILLED to the invoices; None where the bill's lines name no billing month.

    Args:
        invoices: of the window's billing months and their neighbours, whole.
        window: the run's.
    """
    if not invoices:
        return None
    months = _months(window)
    ours = tuple(one for one in invoices if one.month in months)
    zero = Decimal(0)
    start, end = window.start, window.end
    return InvoiceWalk(
        months=months,
        invoices=ours,
        added=sum((one.amount - one.inside for one in ours), zero),
        elsewhere=sum((one.inside for one in invoices if one.month not in months), zero),
        total=sum((one.amount for one in ours), zero),
        whole=all((at.day, at.hour, at.minute) == (1, 0, 0) for at in (start, end)),
    )


def _months(window: Window) -> tuple[str, ...]:
    at, months = window.start.replace(day=1, hour=0, minute=0), []
    while at < window.end:
        months.append(f"{at:%Y-%m}")
        at = (at + timedelta(days=32)).replace(day=1)
    return tuple(months)
