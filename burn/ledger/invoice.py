"""From what was billed for a window to the invoices of its billing months."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from burn.api import ControlTotal, Invoiced, LedgerFrame, ToleranceError, Totals, Window, schemas

if TYPE_CHECKING:
    import pandas as pd

GROUP = "invoice"


@dataclass(frozen=True, slots=True)
class InvoiceWalk:
    """The steps; `billed` + `added` − `elsewhere` = `total`, exactly.

    Attributes:
        months: the window's billing months, `YYYY-MM`.
        invoices: what the bill has of these months, one per invoice.
        others: invoices of other months that hold money of the window.
        total: the sum of `invoices`.
    """

    months: tuple[str, ...]
    invoices: tuple[Invoiced, ...]
    others: tuple[Invoiced, ...]
    total: Decimal

    @property
    def added(self) -> Decimal:
        """On these invoices, for time outside the window."""
        return sum((one.amount - one.inside for one in self.invoices), Decimal(0))

    @property
    def elsewhere(self) -> Decimal:
        """Of the window, on invoices of other months."""
        return sum((one.inside for one in self.others), Decimal(0))


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
    return InvoiceWalk(
        months=months,
        invoices=ours,
        others=tuple(one for one in invoices if one.month not in months and one.inside),
        total=sum((one.amount for one in ours), Decimal(0)),
    )


def with_invoices(ledger: LedgerFrame, control: ControlTotal, window: Window) -> LedgerFrame:
    """The ledger with the rows that lead from BILLED to the invoices of the window's months."""
    import pandas as pd

    rows = invoice_rows(control.invoices, window)
    if rows.empty:
        return ledger
    return schemas.LEDGER.validate(pd.concat([ledger, rows], ignore_index=True), author="burn")


def invoice_rows(invoices: Sequence[Invoiced], window: Window) -> pd.DataFrame:
    """The walk as ledger rows, one per step and invoice; they follow `accounting`."""
    import pandas as pd

    steps = invoice_walk(invoices, window)
    if steps is None:
        return pd.DataFrame(columns=schemas.LEDGER.names)
    rows = [("other_time", one, one.amount - one.inside) for one in steps.invoices]
    rows += [("other_invoices", one, -one.inside) for one in steps.others]
    rows = sorted(rows, key=lambda row: (row[0], -abs(row[2]), invoice_name(row[1])))
    return pd.DataFrame(
        [
            {
                "group": GROUP,
                "driver": driver,
                "subject": f"{one.month} {invoice_name(one)}",
                "name": invoice_name(one),
                "amount": float(amount),
                "lines": one.rows,
                "observed": float("nan"),
                "billed": float("nan"),
                "unit": "",
                "method": "",
                "confidence": "high",
            }
            for driver, one, amount in rows
            if amount
        ],
        columns=schemas.LEDGER.names,
    )


def invoice_name(one: Invoiced) -> str:
    """Who sends it, and its id."""
    return " ".join(part for part in (one.issuer, one.invoice or "(no invoice id)") if part)


def require_invoiced(ledger: LedgerFrame, found: Totals, tolerance: float) -> None:
    """Stop a ledger whose steps after BILLED do not reach the invoices' own sum.

    Raises:
        ToleranceError: with both sums.
    """
    steps = ledger.loc[ledger["group"] == GROUP, "amount"]
    if found.invoice is None or steps.empty:
        return
    reached = math.fsum([found.billed, *steps])
    if abs(reached - found.invoice) > tolerance:
        raise ToleranceError(
            f"the ledger does not reach the invoices: from {found.billed:,.4f} billed it comes to"
            f" {reached:,.4f} where their lines add up to {found.invoice:,.4f}",
            hint="this is a defect in burn or a plugin; run with --format json and report it",
        )


def _months(window: Window) -> tuple[str, ...]:
    at, months = window.start.replace(day=1, hour=0, minute=0), []
    while at < window.end:
        months.append(f"{at:%Y-%m}")
        at = (at + timedelta(days=32)).replace(day=1)
    return tuple(months)
