"""Where the ledger lands, and whether it closes."""

from __future__ import annotations

import math

from burn.api import ControlTotal, LedgerFrame, ToleranceError, Totals, Window
from burn.ledger.invoice import invoice_walk

TO_CLUSTER = ("report", "observation", "rate", "unmodelled", "waste")
"""The ledger's groups that add up to the cluster's effective cost, in the order they are walked."""


def totals(ledger: LedgerFrame, control: ControlTotal, window: Window | None = None) -> Totals:
    """Sum the groups in the order they are walked; the invoice is that of the window's months."""
    groups = ledger.groupby("group")["amount"].apply(math.fsum)

    def through(*names: str) -> float:
        return math.fsum(float(groups.get(name, 0.0)) for name in names)

    report = through("report")
    cluster = through(*TO_CLUSTER)
    account = through(*TO_CLUSTER, "outside")
    billed = through(*TO_CLUSTER, "outside", "accounting")
    return Totals(
        report=report,
        cluster_effective=cluster,
        account_effective=account,
        billed=billed,
        residual=float(control.billed) - billed,
        cluster_billed=cluster * billed / account if account else cluster,
        invoice=_invoice(control, window),
    )


def _invoice(control: ControlTotal, window: Window | None) -> float | None:
    steps = invoice_walk(control.invoices, window) if window else None
    stated = control.invoice if steps is None else steps.total
    return None if stated is None else float(stated)


def require_closed(found: Totals, control: ControlTotal, tolerance: float) -> None:
    """Stop a ledger that does not reach the control total.

    Raises:
        ToleranceError: with the residual; `burn explain` cannot help, this is a defect.
    """
    if abs(found.residual) > tolerance:
        raise ToleranceError(
            f"the ledger does not close: it reaches {found.billed:,.4f} where the bill says"
            f" {control.billed:,.4f} {control.currency} ({found.residual:+,.4f})",
            hint="this is a defect in burn or a plugin; run with --format json and report it",
        )
