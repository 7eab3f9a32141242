"""Values that lines must have and lack: on which lines, in which column, and which figure suffers.

A format's dictionary says which columns are filled on which lines; the provider writes that down
as `Gap`s, and the query that counts its bill counts them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from burn.api.errors import DataError


@dataclass(frozen=True, slots=True)
class Gap:
    """Lines that lack a value.

    Attributes:
        column: what they lack, under its own name.
        test: SQL that is true on them.
        lines: what they are called, in the plural.
        harm: which figure suffers; empty: they cannot be read, and the run stops.
        has: what they have instead of a value.
    """

    column: str
    test: str
    lines: str
    harm: str = ""
    has: str = "nothing"


def counters(gaps: Sequence[Gap]) -> dict[str, str]:
    """Alias → SQL that is true on lines with the gap, for the SELECT that is summed."""
    return {f"gap_{at}": f"({gap.test})" for at, gap in enumerate(gaps)}


def notes_on(
    rows: Iterable[Mapping[str, Any]], gaps: Sequence[Gap], names: Mapping[str, str]
) -> list[str]:
    """What is said of the gaps, a sentence each.

    Args:
        rows: of the query that counts, with how many lines have each gap under the names of
            `counters`, and their file under `file`.
        gaps: that were looked for.
        names: each file → its name, for messages.

    Raises:
        DataError: lines lack what none can be read without; names file, column and how many.
    """
    rows = list(rows)
    notes = []
    for at, gap in enumerate(gaps):
        by_file: dict[str, int] = {}
        for row in rows:
            if many := int(row[f"gap_{at}"]):
                file = names.get(str(row["file"]), "")
                by_file[file] = by_file.get(file, 0) + many
        if by_file:
            notes.append(_told(gap, by_file))
    return notes


def bare(
    rows: Iterable[Mapping[str, Any]],
    filled: str,
    column: str,
    harm: str,
    names: Mapping[str, str],
    *,
    lines: str = "x_lines",
) -> list[str]:
    """A note of files none of whose lines has a value that most lines may lack; nothing: there are none.

    Args:
        rows: of the query that counts, with the `file`.
        filled: the rows' number of lines with a value.
        column: under its own name.
        harm: which figure suffers.
        names: each file → its name, for messages.
        lines: the rows' number of lines.
    """
    sums: dict[str, list[int]] = {}
    for row in rows:
        so_far = sums.setdefault(names.get(str(row["file"]), ""), [0, 0])
        so_far[0] += int(row[lines])
        so_far[1] += int(row[filled])
    empty = {file: many for file, (many, with_value) in sums.items() if not with_value}
    if not empty:
        return []
    told = f"none of {sum(empty.values()):,} lines has anything in `{column}`: {harm}"
    return [f"{_where(empty)}{told}"]


def untagged(lines: int, amount: float, tag: str, column: str) -> list[str]:
    """A note of lines without the cluster's tag, of resources that have it on others; of 0, none.

    Args:
        lines: how many.
        amount: what they cost.
        tag: as the cloud calls it.
        column: that has the tags, under its own name.
    """
    if not lines:
        return []
    return [
        f"{lines:,} lines ({amount:,.2f}) lack the cluster's tag (`{tag}` in `{column}`), which"
        " others of the same resources have: they stay outside"
    ]


def _told(gap: Gap, by_file: Mapping[str, int]) -> str:
    lacks = (
        f"{_where(by_file)}{sum(by_file.values()):,} {gap.lines} have {gap.has} in `{gap.column}`"
    )
    if not gap.harm:
        raise DataError(
            lacks, hint="deliver the export again with this column whole; burn does not guess it"
        )
    return f"{lacks}: {gap.harm}"


def _where(by_file: Mapping[str, int]) -> str:
    file = min(by_file)
    more = f" (and {len(by_file) - 1} more files)" if len(by_file) > 1 else ""
    return f"{file}{more}: " if file else ""
