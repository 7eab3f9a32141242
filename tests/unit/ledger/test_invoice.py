"""From BILLED to the invoices of the window's months, to the cent."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from burn.api import Invoiced, Window
from burn.ledger.invoice import invoice_rows, invoice_walk


def invoiced(month: str, name: str, amount: str, inside: str) -> Invoiced:
    return Invoiced(
        month=month,
        issuer="AWS",
        invoice=name,
        rows=1,
        amount=Decimal(amount),
        inside=Decimal(inside),
    )


BILL = (
    invoiced("2026-10", "A", "86.40", "74.40"),
    invoiced("2026-10", "M", "5.00", "5.00"),
    invoiced("2026-11", "B", "70.00", "-30.00"),
)


def test_from_the_month_to_its_invoice() -> None:
    """49.40 billed, + 12.00 of September on it, + 30.00 that November gave back: 91.40."""
    steps = invoice_walk(BILL, Window.month(2026, 10))
    assert steps is not None
    assert (steps.added, steps.elsewhere) == (Decimal("12.00"), Decimal("-30.00"))
    assert (steps.total, steps.months) == (Decimal("91.40"), ("2026-10",))
    assert [one.invoice for one in steps.invoices] == ["A", "M"]
    billed = sum(one.inside for one in BILL)
    assert billed + steps.added - steps.elsewhere == steps.total


def test_the_ledger_has_a_row_for_each_step_and_invoice() -> None:
    rows = invoice_rows(BILL, Window.month(2026, 10))
    assert rows[["driver", "subject", "amount"]].to_numpy().tolist() == [
        ["other_invoices", "2026-11 AWS B", 30.0],
        ["other_time", "2026-10 AWS A", 12.0],
    ]


def test_a_window_of_two_months_has_the_invoices_of_both() -> None:
    window = Window(datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC))
    steps = invoice_walk(BILL, window)
    assert steps is not None
    assert (steps.total, steps.elsewhere) == (Decimal("161.40"), 0)


def test_a_bill_without_billing_months_has_no_walk() -> None:
    assert invoice_walk((), Window.month(2026, 10)) is None
