"""The rows of a count added up: what became of each file's lines, and what each invoice holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from burn.api.counted import Accounted, Invoiced

Row = Mapping[str, Any]
"""Of a count: file, fate, currency, month, issuer, invoice, its number of lines; their `amount`, and
`billed`, the part of it that is in the window, see `border.with_parts`."""


def accounted(
    rows: Iterable[Row], names: Mapping[str, str], *, lines: str = "lines"
) -> tuple[Accounted, ...]:
    """By file, fate and currency.

    Args:
        rows: of the count.
        names: a row's `file` → the file's name.
        lines: what the rows call their number of lines.
    """
    keyed = (((names[str(row["file"])], row["fate"], row["currency"] or ""), row) for row in rows)
    return tuple(
        Accounted(file=file, fate=word, currency=money, rows=many, amount=amount, inside=inside)
        for (file, word, money), (many, amount, inside) in _sums(keyed, lines)
    )


def invoices(rows: Iterable[Row], currency: str, *, lines: str = "lines") -> tuple[Invoiced, ...]:
    """By billing month, issuer and invoice: all lines in scope, whatever time they are for.

    Args:
        rows: of the count.
        currency: the window's; a month beside it may be in another.
        lines: what the rows call their number of lines.
    """
    keyed = (
        ((str(row["month"]), row["issuer"] or "", row["invoice"] or ""), row)
        for row in rows
        if row["fate"] in ("window", "other period") and row["currency"] == currency
    )
    return tuple(
        Invoiced(month=month, issuer=issuer, invoice=name, rows=many, amount=amount, inside=inside)
        for (month, issuer, name), (many, amount, inside) in _sums(keyed, lines)
    )


def _sums(
    keyed: Iterable[tuple[tuple[str, str, str], Row]], lines: str
) -> list[tuple[tuple[str, str, str], tuple[int, Decimal, Decimal]]]:
    sums: dict[tuple[str, str, str], tuple[int, Decimal, Decimal]] = {}
    for key, row in keyed:
        many, amount, inside = sums.get(key, (0, Decimal(0), Decimal(0)))
        sums[key] = (
            many + int(row[lines]),
            amount + Decimal(str(row["amount"])),
            inside + Decimal(str(row["billed"])),
        )
    return sorted(sums.items())
