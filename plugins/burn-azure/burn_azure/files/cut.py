"""A delivery of which newer ones cover some days: a copy without the lines of those."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from burn.api.bills.engine.duck import DuckDbEngine
from burn.api.bills.engine.unite import FILE
from burn.api.bills.files.local import kind_of
from burn.api.bills.files.scratch import Scratch
from burn_azure.bill.lines.table import Table
from burn_azure.files.spans import ranges


def cut(
    paths: Sequence[Path], kept: Collection[date], scratch: Scratch
) -> tuple[list[Path], dict[date, int]]:
    """The lines of the kept days, and of those whose date cannot be read: the reader says so.

    Args:
        paths: files of one run.
        kept: days whose lines stay.
        scratch: where the copy is made.

    Returns:
        The copy, and how many lines of which days were left out.
    """
    copies: list[Path] = []
    left: dict[date, int] = {}
    for path in paths:
        copy, gone = _cut(path, kept, scratch)
        copies.append(copy)
        left = {day: left.get(day, 0) + gone.get(day, 0) for day in left.keys() | gone.keys()}
    return copies, left


def _cut(path: Path, kept: Collection[date], scratch: Scratch) -> tuple[Path, dict[date, int]]:
    """One file, in its own columns and in the kind of file that it is."""
    engine = DuckDbEngine(scratch)
    source = engine.open([path], ())
    day = f"CAST({Table.of(source).day('date')} AS DATE)"
    among = " OR ".join(f"{day} BETWEEN '{first}' AND '{last}'" for first, last in ranges(kept))
    target = (
        scratch.path / f"kept-{len(list(scratch.path.iterdir()))}-{path.stem}.{kind_of(path.name)}"
    )
    engine.save(
        f"SELECT * EXCLUDE ({FILE}) FROM {source.relation} WHERE {day} IS NULL OR {among}", target
    )
    left = engine.query(
        f"SELECT {day} AS day, COUNT(*) AS lines FROM {source.relation} WHERE NOT ({among}) GROUP BY 1"
    )
    return target, {row["day"]: int(row["lines"]) for row in left.to_pylist() if row["day"]}
