"""`burn explain invoice`: from what was billed to each invoice of the window's months."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from burn.api.money import cents, count, figure, money
from burn.cli import console
from burn.ledger.invoice import invoice_walk
from burn.text.clean import clean

if TYPE_CHECKING:
    from burn.api import Report
    from burn.ledger.invoice import InvoiceWalk

NAME = "invoice"
_COLUMNS = ("month", "issuer", "invoice", "lines", "amount", "in the window")
_WHY = (
    "All lines in scope by the invoice they are on, whatever their time, and the part of each that "
    "is billed in the window. Over all of them that part is what was billed."
)
_NONE = "The lines of this bill name no billing month, so that none can be put on an invoice."


def explain_invoice(report: Report, limit: int, *, as_json: bool) -> None:
    """The invoices of a run: those of the window's months, and of the months beside them."""
    steps = invoice_walk(report.counted.invoices, report.info.window)
    if as_json:
        _print_json(report, steps)
    elif steps is None:
        console.prose(_NONE)
    else:
        _print(report, steps, limit)


def _print_json(report: Report, steps: InvoiceWalk | None) -> None:
    from burn.builtin.sinks.json_sink import plain

    facts = {
        "window": str(report.info.window),
        "currency": report.info.currency,
        "months": list(steps.months) if steps else [],
        "billed": report.counted.billed,
        "other_time": steps.added if steps else None,
        "other_invoices": -steps.elsewhere if steps else None,
        "invoice": steps.total if steps else None,
        "invoices": [asdict(one) for one in report.counted.invoices],
    }
    console.data_json(plain(facts))


def _print(report: Report, steps: InvoiceWalk, limit: int) -> None:
    currency = report.info.currency
    total = money(cents(float(steps.total)), currency)
    console.data(f"Invoices of {', '.join(steps.months)}: {total}")
    billed = figure(cents(float(report.counted.billed)))
    added, less = (figure(cents(float(one)), sign=True) for one in (steps.added, -steps.elsewhere))
    console.data(f"{billed} billed in {report.info.window}, other time {added},")
    console.data(f"other invoices {less}\n")
    console.prose(_WHY)
    console.data("")
    invoices = report.counted.invoices
    rows = [
        (
            one.month,
            clean(one.issuer),
            clean(one.invoice),
            f"{one.rows:,}",
            figure(cents(float(one.amount))),
            figure(cents(float(one.inside))),
        )
        for one in invoices[:limit]
    ]
    console.table(_COLUMNS, rows, right=_COLUMNS[3:])
    if len(invoices) > limit:
        rest = figure(cents(float(sum(one.amount for one in invoices[limit:]))))
        console.data(f"and {count(len(invoices) - limit, 'more invoice')}, {rest}; see --limit")
