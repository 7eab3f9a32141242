"""Mutations in groups: columns that burn does not read are changed together, and count each.

A figure that no change of a column moved so far is not moved by it together with others either,
but for two changes that cancel out to the cent. A group that comes to anything but the truth is
tried again one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tests.mutations.bill_files import BillFile
from tests.mutations.columns import Mutation
from tests.mutations.outcome import Outcome

SIZE = 12
TELLING = "blank {} all"
"""The change that shows best which columns are read."""
HARMLESS = ("respell", "double-empty")
"""Changes that are mostly read right, whatever the column."""


def outcomes(
    every: Sequence[Mutation], tried: Callable[[Mutation], Outcome]
) -> Iterator[tuple[Mutation, Outcome]]:
    """Each mutation's outcome, by fewer runs than there are mutations."""
    read: set[str] = set()

    def apart(some: Sequence[Mutation]) -> Iterator[tuple[Mutation, Outcome]]:
        for one in some:
            end = tried(one)
            if end.kind != "right":
                read.add(one.column)
            yield one, end

    first = [m for m in every if not m.column or m.name == TELLING.format(m.column)]
    yield from apart(first)
    kinds: dict[str, list[Mutation]] = {}
    for one in every:
        if one not in first:
            kinds.setdefault(one.name.replace(f" {one.column} ", " "), []).append(one)
    for kind, same in kinds.items():
        harmless = kind.startswith(HARMLESS)
        alone = [] if harmless else [one for one in same if one.column in read]
        yield from apart(alone)
        rest = [one for one in same if one not in alone]
        for start in range(0, len(rest), SIZE):
            group = rest[start : start + SIZE]
            end = tried(_all_of(group))
            if end.kind == "right":
                yield from ((one, end) for one in group)
            else:
                yield from apart(group)


def _all_of(group: Sequence[Mutation]) -> Mutation:
    def apply(files: Sequence[BillFile]) -> None:
        for one in group:
            one.apply(files)

    return Mutation(" and ".join(one.name for one in group), apply)
