"""Each line of each file has a fate: a reader that loses one is stopped, with file, rows, amount."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from burn.api import Accounted, ContractError, ControlTotal, DataError, FileCount
from burn.validation.rows_accounted import require_accounted

FILES = (
    FileCount(file="a", month="2026-09", currency="USD", rows=2, priced=2, amount=Decimal(3)),
    FileCount(file="a", month="2026-10", currency="USD", rows=3, priced=3, amount=Decimal(5)),
    FileCount(file="b", month="2026-10", currency="USD", rows=1, priced=1, amount=Decimal("0.1")),
)


def of(file: str, fate: str, rows: int, amount: str, inside: str = "0") -> Accounted:
    return Accounted(
        file=file,
        fate=fate,
        currency="USD",
        rows=rows,
        amount=Decimal(amount),
        inside=Decimal(inside),
    )


RIGHT = ControlTotal(
    lines=4,
    billed=Decimal("4.1"),
    currency="USD",
    files=FILES,
    accounted=(
        of("a", "window", 3, "5", "4"),
        of("a", "other period", 2, "3"),
        of("b", "window", 1, "0.1", "0.1"),
    ),
)


def changed(at: int, change: Callable[[Accounted], Accounted]) -> ControlTotal:
    rows = list(RIGHT.accounted)
    rows[at] = change(rows[at])
    return replace(RIGHT, accounted=tuple(rows))


def test_all_accounted_for() -> None:
    require_accounted(RIGHT, "toy")


@pytest.mark.parametrize(
    ("control", "words"),
    [
        (
            changed(1, lambda one: replace(one, rows=1)),
            "a holds 5 lines of 8.00 USD, but toy accounts for 4 of 8.00",
        ),
        (
            changed(1, lambda one: replace(one, amount=Decimal(2))),
            "a holds 5 lines of 8.00 USD, but toy accounts for 5 of 7.00",
        ),
        (
            replace(RIGHT, accounted=RIGHT.accounted[:2]),
            "b holds 1 lines of 0.10 USD, but toy accounts for 0 of 0.00",
        ),
        (
            changed(2, lambda one: replace(one, file="c")),
            "b holds 1 lines of 0.10 USD, but toy accounts for 0",
        ),
        (
            changed(0, lambda one: replace(one, inside=Decimal(3))),
            "counts 4 lines of 4.10 USD in the window, but takes 4 of 3.10 from the files",
        ),
    ],
)
def test_what_is_lost_is_named(control: ControlTotal, words: str) -> None:
    with pytest.raises(DataError, match=words):
        require_accounted(control, "toy")


def test_a_fate_of_ones_own() -> None:
    with pytest.raises(ContractError, match="accounts for lines as gone"):
        require_accounted(changed(1, lambda one: replace(one, fate="gone")), "toy")
