"""The same lines twice: a file under two names, overlapping deliveries, an export that was run again.

All lines are compared, by a hash of the columns that make a line itself. Nothing is left out of
the bill for it: which copy is right, only the user knows.
"""

# ruff: noqa: S608 (identifiers are quoted, SQL is the provider's)
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from burn.api.bills.unite import FILE
from burn.api.errors import DataError

if TYPE_CHECKING:
    from burn.api.bills.engine import Source

FEW = 0.01
"""Of the lines: fewer repeats are told, more are an error. Two equal lines of one hour can be."""


def require_single(
    source: Source, few: Sequence[str], line: Sequence[str], where: str = "TRUE"
) -> list[str]:
    """Stop when a part of the bill's lines is there twice; of a few, say so.

    Args:
        source: files; a warehouse's table is not looked at.
        few: SQL of what nearly makes a line itself, quick to read: time, resource, SKU, amount.
            Only where lines are alike in it, the whole is compared.
        line: the same with all that makes a line itself, such as its tags.
        where: which lines are compared: those that cost something, of the window.

    Returns:
        A note of the lines that are repeated; none: none are.

    Raises:
        DataError: names the two files, how many lines they share, and of how many.
    """
    if not source.parts:
        return []
    total, alike = (int(n) for n in _ask(source, _counts(source, few, where))[0].values())
    if alike == total:
        return []
    rows = _ask(source, _repeats(source, line, where))
    if not rows:
        return []
    repeats = sum(int(row["repeats"]) for row in rows)
    one, other = (source.files[str(rows[0][name])] for name in ("one", "other"))
    place = f"in {one}" if one == other else f"in {one} and in {other}"
    told = f"{repeats:,} of {total:,} lines are there more than once, most of them {place}"
    if repeats <= FEW * total:
        return [f"{told}; they are counted each time"]
    raise DataError(
        f"the same lines twice: {told}",
        hint="keep one copy: two deliveries of one month, or one file under two names, double it",
    )


def _counts(source: Source, few: Sequence[str], where: str) -> str:
    """How many lines, and how many different ones."""
    return (
        f"SELECT COUNT(*) AS x_lines, COUNT(DISTINCT HASH({', '.join(few)})) AS alike "
        f"FROM {source.relation} WHERE {where}"
    )


def _repeats(source: Source, line: Sequence[str], where: str) -> str:
    lines = f"SELECT {FILE}, HASH({', '.join(line)}) AS line FROM {source.relation} WHERE {where}"
    each = (
        f"SELECT COUNT(*) AS times, MIN({FILE}) AS one, MAX({FILE}) AS other "
        f"FROM ({lines}) AS lines GROUP BY line"
    )
    return (
        f"SELECT one, other, SUM(times - 1) AS repeats FROM ({each}) AS each_line "
        "WHERE times > 1 GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"
    )


def _ask(source: Source, sql: str) -> list[dict[str, Any]]:
    return list(source.engine.query(sql).to_pylist())
