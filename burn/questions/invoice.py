"""From what was billed in the window to the invoices of its months."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from burn.api import setting
from burn.ledger.invoice import invoice_name, invoice_walk
from burn.questions.cite import cite
from burn.questions.desk import About, Desk, Seen
from burn.questions.figures import Figure, added, exact, one
from burn.questions.kind import CLUSTER, LIMIT, OFFSET, RUN, Kind, Limit, Name, Offset
from burn.questions.paging import Omitted, page, text

_NONE = "the lines of this bill name no billing month, so that none can be put on an invoice"


@dataclass(frozen=True, slots=True)
class Takes:
    """Parameters of `invoice`."""

    run: Name = setting("latest", help=RUN)
    cluster: Name = setting("", help=CLUSTER)
    limit: Limit = setting(20, help=LIMIT)
    offset: Offset = setting(0, help=OFFSET)


@dataclass(frozen=True, slots=True)
class Row:
    """An invoice.

    Attributes:
        name: who sends it, and its id.
        figure: the part of it that is billed in the window.
        whole: all of it, whatever its time.
    """

    month: str
    name: str
    lines: int
    figure: Figure
    whole: Figure


@dataclass(frozen=True, slots=True)
class Invoice:
    """billed + other_time + other_invoices = invoiced; rows and omitted add up to the total.

    Attributes:
        months: the window's billing months.
        total: of all invoices that part which is billed in the window: billed, where any is known.
        other_time: on their invoices, for time outside the window; null: no invoice is known.
        other_invoices: of the window, on invoices of other months, negative.
        invoiced: the invoices of these months, whole.
    """

    about: About
    months: tuple[str, ...]
    billed: Figure
    other_time: Figure | None
    other_invoices: Figure | None
    invoiced: Figure | None
    rows: tuple[Row, ...]
    omitted: Omitted
    total: Figure
    notes: tuple[str, ...]


def steps(seen: Seen) -> dict[str, Figure]:
    """The steps of the walk, by name; `billed` alone where no invoice is known."""
    control = seen.facts.counted
    walk = invoice_walk(control.invoices, seen.kept.window)
    amounts = {"billed": one(control.billed)}
    if walk:
        amounts["invoiced"] = one(walk.total)
        amounts["other_invoices"] = one(-walk.elsewhere)
        amounts["other_time"] = amounts["invoiced"] - amounts["billed"] - amounts["other_invoices"]
    where = ("run", seen.kept.name, "invoice")
    return {
        name: seen.figure(amount, "billed", cite(*where, name)) for name, amount in amounts.items()
    }


def parts(seen: Seen) -> list[tuple[int, Decimal]]:
    """What of the window is on each invoice, by its place; a decimal each, that add up."""
    invoices = seen.facts.counted.invoices
    total = sum((each.inside for each in invoices), Decimal(0))
    inside = exact([float(each.inside) for each in invoices], one(total))
    return list(enumerate(inside))


def whole(seen: Seen, number: int) -> Figure:
    """An invoice by its place."""
    where = cite("run", seen.kept.name, "invoice", str(number), "whole")
    return seen.figure(one(seen.facts.counted.invoices[number].amount), "billed", where)


def _answer(desk: Desk, takes: Takes) -> Invoice:
    seen = desk.seen(takes.run, takes.cluster, by=("driver",))
    invoices = seen.facts.counted.invoices
    walked, found = steps(seen), parts(seen)
    where = ("run", seen.kept.name, "invoice")

    def row(number: int, inside: Decimal) -> Row:
        it = invoices[number]
        figure = seen.figure(inside, "billed", cite(*where, str(number)))
        return Row(text(it.month), text(invoice_name(it)), it.rows, figure, whole(seen, number))

    made = page(found, row, takes.offset, takes.limit)
    but = cite(*where, but=f"{takes.offset}..{takes.offset + len(made.rows)}")
    walk = invoice_walk(invoices, seen.kept.window)
    return Invoice(
        about=seen.about,
        months=walk.months if walk else (),
        billed=walked["billed"],
        other_time=walked.get("other_time"),
        other_invoices=walked.get("other_invoices"),
        invoiced=walked.get("invoiced"),
        rows=made.rows,
        omitted=Omitted(made.left, seen.figure(made.rest, "billed", but), made.next),
        total=seen.figure(added(inside for _, inside in found), "billed", cite(*where)),
        notes=() if walk else (_NONE,),
    )


KIND = Kind(
    "invoice",
    "From the bill to the invoices",
    "Which invoices the billed amount is on, and how what was billed in the window leads to the invoices of"
    " its months.",
    Takes,
    Invoice,
    _answer,
)
