"""Rows in, rows accounted for: each line of each file of a bill, and its amount, has a fate.

The files' own counts and what the reader says became of their lines come from separate queries,
so that a line lost between the file and the frame is missing on one side.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from burn.api import Accounted, ContractError, ControlTotal, DataError, FileCount, schemas

NEAR = Decimal("0.0001")
"""How far sums of millions of amounts, each rounded to twelve digits, may lie apart."""


def require_accounted(control: ControlTotal, author: str) -> None:
    """Every file's rows and amounts are all accounted for; nothing to check without `files`.

    Args:
        control: of the bill.
        author: distribution and version of the provider.

    Raises:
        DataError: rows or amounts of a file are lost or doubled; names file, rows and amount.
        ContractError: the provider uses a word for a fate that burn does not know.
    """
    if not control.files:
        return
    odd = sorted({one.fate for one in control.accounted} - set(schemas.FATES))
    if odd:
        raise ContractError(
            f"{author} accounts for lines as {', '.join(odd)}",
            hint=f"use one of {', '.join(schemas.FATES)}",
        )
    counted, accounted = _sums(control.files), _sums(control.accounted)
    for key in sorted(counted.keys() | accounted.keys()):
        rows, amount = counted.get(key, (0, Decimal(0)))
        known_rows, known = accounted.get(key, (0, Decimal(0)))
        if rows != known_rows or abs(amount - known) > NEAR:
            file, currency = key
            raise DataError(
                f"{file} holds {rows:,} lines of {amount:,.2f} {currency}, but {author} accounts"
                f" for {known_rows:,} of {known:,.2f}",
                hint="the bill was not read whole; report it to the plugin's author",
            )
    taken = [one for one in control.accounted if one.fate == "window"]
    rows, inside = sum(one.rows for one in taken), sum((o.inside for o in taken), Decimal(0))
    if rows != control.lines or abs(inside - control.billed) > NEAR:
        raise DataError(
            f"{author} counts {control.lines:,} lines of {control.billed:,.2f}"
            f" {control.currency} in the window, but takes {rows:,} of {inside:,.2f} from the files",
            hint="its author finds `ControlTotal` in docs/reference/api.md",
        )


def _sums(
    counts: Iterable[FileCount] | Iterable[Accounted],
) -> dict[tuple[str, str], tuple[int, Decimal]]:
    """Rows and amount by file and currency."""
    sums: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for one in counts:
        rows, amount = sums.get((one.file, one.currency), (0, Decimal(0)))
        sums[one.file, one.currency] = rows + one.rows, amount + one.amount
    return sums
