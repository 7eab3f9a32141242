"""Lists that fit: a page of rows, and what is left out counted and summed, so that all adds up."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from burn.questions.figures import Figure, added
from burn.text.clean import clean

TEXT = 160
"""Characters of a name or a sentence in an answer; a citation leads to all of it."""
BYTES = 12_000
"""Of the rows of an answer; what is beside them takes less than 8,000."""
MOST = 100

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Omitted:
    """What a list leaves out; with its rows it adds up to the total.

    Attributes:
        rows: how many.
        next: the `offset` to ask for what follows; null: nothing does.
    """

    rows: int
    amount: Figure
    next: int | None


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Rows that are shown, and the rest."""

    rows: tuple[R, ...]
    left: int
    rest: Decimal
    next: int | None


def page(
    found: Sequence[tuple[Any, Decimal]],
    make: Callable[[Any, Decimal], R],
    offset: int,
    limit: int,
    room: int = BYTES,
) -> Page[R]:
    """Rows from an offset on, as many as were asked for and have room.

    Args:
        found: keys and amounts of all rows, in their order.
        make: the row of a key.
        offset: rows before the page.
        limit: the most rows.
        room: the most bytes of them, as JSON.
    """
    rows: list[R] = []
    for key, amount in found[offset : offset + min(limit, MOST)]:
        row = make(key, amount)
        room -= size(row)
        if room < 0:
            break
        rows.append(row)
    end = offset + len(rows)
    rest = added(a for _, a in found[:offset]) + added(a for _, a in found[end:])
    return Page(tuple(rows), len(found) - len(rows), rest, end if end < len(found) else None)


def size(row: Any) -> int:
    """Bytes of a row as compact JSON."""
    return len(json.dumps(asdict(row), default=str, ensure_ascii=False).encode("utf-8", "replace"))


def text(value: str, most: int = TEXT) -> str:
    """A name as it may be shown, on a line, to a person or a model."""
    shown = clean(value[:most])
    return shown if len(shown) <= most and len(value) <= most else f"{shown[: most - 1]}…"
