"""What a bill holds, counted a second way: by file, by fate, by invoice."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCount:
    """One file of a bill, or a table, counted by itself from its own columns: one month of it.

    Attributes:
        file: its name, below the place that holds the bill.
        month: billing month, `YYYY-MM`.
        currency: of the amount.
        rows: lines.
        priced: lines with an amount.
        amount: their sum.
    """

    file: str
    month: str
    currency: str
    rows: int
    priced: int
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounted:
    """What became of lines of one file: each line of a file that was read is in one of these.

    Attributes:
        file: as in `FileCount`.
        fate: one of `schemas.FATES`.
        currency: of the amount.
        rows: lines.
        amount: their sum, as in the file.
        inside: the part of it that is in the window and on the bill; 0 for every other fate.
    """

    file: str
    fate: str
    currency: str
    rows: int
    amount: Decimal
    inside: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoiced:
    """What lines say of one invoice: all in scope, whatever time they are for.

    Attributes:
        month: the billing month, `YYYY-MM`.
        issuer: who sends it.
        invoice: its id; empty while the month is open.
        rows: lines.
        amount: their sum.
        inside: the part of it that is billed in the window; over all invoices, `billed`.
    """

    month: str
    issuer: str
    invoice: str
    rows: int
    amount: Decimal
    inside: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlTotal:
    """The bill counted a second way: straight from the rows in scope, with no rules applied.

    The ledger must reach `billed` to the cent and `lines` to the line. Where `files` are given,
    `accounted` must hold each of their rows and amounts, see `burn.validation.rows_accounted`.
    """

    lines: int
    billed: Decimal
    currency: str
    invoice: Decimal | None = None
    """What the export itself says was invoiced for these rows, when it says so."""
    files: tuple[FileCount, ...] = ()
    """Each file that was read, counted before it was; see `burn.api.bills.checks.census`."""
    accounted: tuple[Accounted, ...] = ()
    """What became of each file's lines, as the reader says."""
    invoices: tuple[Invoiced, ...] = ()
    """The invoices of the window's billing months and of those beside them, whole."""
    unread: tuple[str, ...] = ()
    """Files of the place that were left out (an earlier delivery, another month), a sentence each."""
