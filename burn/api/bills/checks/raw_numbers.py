"""What is a number, a second time: for the count that checks what `sql.amount` reads.

One grammar, which a test holds both to: what the engine's cast to a decimal takes, and thousands
between commas where a point follows, `1,234.56`. `1,234` alone may be 1.234, and is no number.
"""

from __future__ import annotations

from burn.api.bills.queries.sql import MONEY, literal

DIGITS = "0123456789"
_SHAPES = tuple("0" * first + ",000" * more for more in range(1, 9) for first in (1, 2, 3))
"""Whole parts with thousands, each digit a zero; a decimal has no more."""


def counted(value: str) -> str:
    """A value, text or number, as an exact decimal; NULL for what is none. In DuckDB's dialect."""
    text = f"CAST({value} AS VARCHAR)"
    whole, fraction = (f"SPLIT_PART({text}, '.', {n})" for n in (1, 2))
    unsigned = (
        f"CASE WHEN SUBSTR({text}, 1, 1) IN ('+', '-') THEN SUBSTR({whole}, 2) ELSE {whole} END"
    )
    shape = f"TRANSLATE({unsigned}, {literal(DIGITS)}, '0000000000')"
    grouped = (
        f"{shape} IN ({', '.join(map(literal, _SHAPES))}) AND {fraction} <> ''"
        f" AND TRANSLATE({fraction}, {literal(DIGITS)}, '') = ''"
        f" AND {text} = CONCAT({whole}, '.', {fraction})"
    )
    plain = f"TRY_CAST(REPLACE({text}, ',', '') AS {MONEY})"
    return (
        f"COALESCE(TRY_CAST({value} AS {MONEY}),"
        f" CASE WHEN {text} LIKE '%,%' AND {grouped} THEN {plain} END)"
    )
