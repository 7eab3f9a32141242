"""A provider's invoices hold each line in scope once, and what is billed; else the run stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from burn.api import Accounted, ContractError, ControlTotal, DataError, Invoiced
from burn.validation.invoices import require_invoices, unnumbered

A = Invoiced(
    month="2026-10", issuer="Toy", invoice="A", rows=3, amount=Decimal(9), inside=Decimal(7)
)
B = Invoiced(
    month="2026-11", issuer="Toy", invoice="B", rows=1, amount=Decimal(2), inside=Decimal(-1)
)


def of(*invoices: Invoiced) -> ControlTotal:
    fates = (("window", 2, 8, 6), ("other period", 2, 3, 0), ("out of scope", 5, 50, 0))
    return ControlTotal(
        lines=2,
        billed=Decimal(6),
        currency="USD",
        accounted=tuple(
            Accounted(
                file="f",
                fate=fate,
                currency="USD",
                rows=rows,
                amount=Decimal(amount),
                inside=Decimal(inside),
            )
            for fate, rows, amount, inside in fates
        ),
        invoices=invoices,
    )


def test_the_invoices_hold_what_is_billed() -> None:
    require_invoices(of(A, B), "toy 1")
    require_invoices(of(), "toy 1")


@pytest.mark.parametrize(
    ("invoices", "words"),
    [
        (
            (A,),
            "bills 6.00 USD in the window, but its invoices hold 7.00 of it: 2026-10 Toy A 9.00",
        ),
        (
            (A, replace(B, rows=2)),
            "accounts for 4 lines in scope, but its invoices hold 5: 2026-10 Toy A 9.00, of it 7.00;"
            " 2026-11 Toy B 2.00, of it -1.00",
        ),
    ],
)
def test_money_or_lines_on_no_invoice(invoices: Sequence[Invoiced], words: str) -> None:
    with pytest.raises(DataError) as caught:
        require_invoices(of(*invoices), "toy 1")
    assert f"toy 1 {words}" in str(caught.value)


@pytest.mark.parametrize(
    ("invoices", "words"),
    [
        ((A, replace(B, month="2026-13")), "an invoice `B` of Toy of month `2026-13`"),
        ((A, B, B), "the invoice `B` of Toy of 2026-11 2 times"),
    ],
)
def test_an_invoice_without_a_name_of_its_own(invoices: Sequence[Invoiced], words: str) -> None:
    with pytest.raises(ContractError) as caught:
        require_invoices(of(*invoices), "toy 1")
    assert words in str(caught.value)


def test_lines_without_an_invoice_beside_others() -> None:
    bare = replace(A, invoice="", rows=2, amount=Decimal("-1.5"))
    free = replace(bare, amount=Decimal(0))
    assert unnumbered(of(bare, B)) == []
    assert unnumbered(of(A, free, B)) == []
    (note,) = unnumbered(of(A, bare, B))
    assert note.startswith("2 lines of 2026-10, -1.50 USD, name no invoice where others do")
