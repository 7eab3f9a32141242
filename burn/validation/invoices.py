"""The invoices of a bill: together they hold each line in scope once, and what was billed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from burn.api import ContractError, ControlTotal, DataError, Invoiced
from burn.validation.rows_accounted import NEAR

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
TIMED = ("window", "other period")
"""Fates of the lines that an invoice counts: all in scope, whatever time they are for."""
SHOWN = 5


def require_invoices(control: ControlTotal, author: str) -> None:
    """The invoices add up to what is billed in the window; nothing to check without `invoices`.

    Args:
        control: of the bill.
        author: distribution and version of the provider.

    Raises:
        DataError: their parts in the window are not `billed`, or their lines not those that are in
            scope; names the invoices with both amounts.
        ContractError: an invoice has no month, or is there twice.
    """
    invoices = control.invoices
    if not invoices:
        return
    _require_names(invoices, author)
    inside = sum((one.inside for one in invoices), Decimal(0))
    if abs(inside - control.billed) > NEAR:
        raise DataError(
            f"{author} bills {control.billed:,.2f} {control.currency} in the window, but its"
            f" invoices hold {inside:,.2f} of it: {_listed(invoices)}",
            hint="its author finds `ControlTotal` in docs/reference/api.md",
        )
    rows = sum(one.rows for one in invoices)
    known = sum(
        one.rows
        for one in control.accounted
        if one.fate in TIMED and one.currency == control.currency
    )
    if control.accounted and rows != known:
        raise DataError(
            f"{author} accounts for {known:,} lines in scope, but its invoices hold {rows:,}:"
            f" {_listed(invoices)}",
            hint="its author finds `ControlTotal` in docs/reference/api.md",
        )


def unnumbered(control: ControlTotal) -> list[str]:
    """A note of each billing month some of whose lines name an invoice and others none."""
    notes = []
    for month in sorted({one.month for one in control.invoices}):
        here = [one for one in control.invoices if one.month == month]
        bare = [one for one in here if not one.invoice]
        if len(bare) == len(here) or not any(one.amount for one in bare):
            continue
        rows, amount = sum(one.rows for one in bare), sum(one.amount for one in bare)
        notes.append(
            f"{rows:,} lines of {month}, {amount:,.2f} {control.currency}, name no invoice where"
            " others do: the walk to the invoice shows them apart"
        )
    return notes


def _require_names(invoices: Sequence[Invoiced], author: str) -> None:
    for one in invoices:
        if not MONTH.fullmatch(one.month):
            raise ContractError(
                f"{author} has an invoice `{one.invoice}` of {one.issuer} of month `{one.month}`",
                hint="write the billing month as YYYY-MM",
            )
    many = Counter((one.month, one.issuer, one.invoice) for one in invoices)
    (key, times), *_ = many.most_common(1)
    if times > 1:
        raise ContractError(
            f"{author} has the invoice `{key[2]}` of {key[1]} of {key[0]} {times} times",
            hint="sum its lines to one",
        )


def _listed(invoices: Sequence[Invoiced]) -> str:
    """The largest of them, with their amounts."""
    largest = sorted(invoices, key=lambda one: -abs(one.amount))
    told = [
        f"{' '.join(filter(None, (one.month, one.issuer, one.invoice)))} {one.amount:,.2f}, of it"
        f" {one.inside:,.2f}"
        for one in largest[:SHOWN]
    ]
    rest = len(largest) - SHOWN
    return "; ".join(told) + (f"; and {rest:,} more" if rest > 0 else "")
