"""Files that lack a column which other files of their month have: told, as their lines read without."""

# ruff: noqa: S608 (identifiers are quoted, SQL is the provider's)
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from burn.api.bills.engine.unite import FILE, Part
from burn.api.bills.queries.sql import quoted
from burn.api.counted import FileCount

if TYPE_CHECKING:
    from burn.api.bills.engine.source import Source

SHOWN = 5
"""How many columns a sentence lists."""

Facts = Callable[[Part], Mapping[str, tuple[str, str]]]
"""What files of equal columns know: fact → own name of its column, and SQL of it."""


def of_layout(part: Part) -> dict[str, tuple[str, str]]:
    """What a part's layout says."""
    known = part.layout.columns if part.layout else {}
    return {fact: (own[0], quoted(own[0])) for fact, own in known.items()}


def uneven(source: Source, counts: Iterable[FileCount], facts: Facts = of_layout) -> list[str]:
    """A sentence for each file and month.

    Args:
        source: that was opened with layouts.
        counts: of its files, for their months.
        facts: what a part's files know.
    """
    own: dict[str, Mapping[str, str]] = {}
    for part in source.parts:
        for file, known in _known(source, part, facts(part)).items():
            own[source.files[file]] = known
    months: dict[str, set[str]] = {}
    for one in counts:
        months.setdefault(one.month, set()).add(one.file)
    told = []
    for month, files in sorted(months.items()):
        all_facts = {fact: name for file in files for fact, name in own.get(file, {}).items()}
        for file in sorted(files & own.keys()):
            lacks = [name for fact, name in sorted(all_facts.items()) if fact not in own[file]]
            if lacks:
                told.append(
                    f"{file} lacks {_listed(lacks)}, which other files of {month} have: its lines"
                    " are read without"
                )
    return told


def _known(
    source: Source, part: Part, facts: Mapping[str, tuple[str, str]]
) -> dict[str, dict[str, str]]:
    """File → its facts and their columns. Lines of JSON are read together, and leave out what is null."""
    names = {fact: name for fact, (name, _) in facts.items()}
    if part.kind != "json" or len(part.files) == 1 or not facts:
        return dict.fromkeys(part.files, names)
    counts = ", ".join(f"COUNT({sql}) AS n{at}" for at, (_, sql) in enumerate(facts.values()))
    rows = source.engine.query(f"SELECT {FILE}, {counts} FROM {part.relation} GROUP BY 1")
    return {
        str(row[FILE]): {fact: names[fact] for at, fact in enumerate(facts) if row[f"n{at}"]}
        for row in rows.to_pylist()
    }


def _listed(columns: Sequence[str]) -> str:
    named = ", ".join(f"`{column}`" for column in columns[:SHOWN])
    rest = len(columns) - SHOWN
    return named + (f" and {rest} more columns" if rest > 0 else "")
