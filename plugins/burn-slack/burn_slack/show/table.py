"""A table whose rows add up: what does not fit is summed in a row of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from burn.api import figure
from burn_slack.show.limits import CELLS, ROWS, cut

_NAME = 120
_MORE = 16
"""Characters that the sum of what is cut off may be longer than that of all."""
_REST = 2
"""Rows that are not of the list: what is omitted, and the total."""


@dataclass(frozen=True, slots=True)
class Row:
    """Amounts under a name.

    Attributes:
        cents: one a column, in whole cents; None: not known, which is shown as nothing.
        note: what stands after them.
    """

    name: str
    cents: tuple[int | None, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows, how many are left out and what they come to, and the total of both.

    Attributes:
        heads: of the name, of each amount, and of the note if there is one.
        signed: which amounts carry their sign.
        left: how many rows are left out before it is cut to size.
        rest: amounts of those.
        total: the last row; None: the rows have no sum that means anything.
    """

    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    signed: tuple[bool, ...]
    left: int = 0
    rest: tuple[int | None, ...] = ()
    total: Row | None = None

    def lines(self, rows: int = ROWS, characters: int = CELLS) -> list[list[str]]:
        """Cells as text, of at most so many rows and characters; what is cut off is in the rest."""
        most = min(len(self.rows), rows - _REST - 1)
        room = characters - _size(self._cells(0)) - _MORE * len(self.heads)
        for number, row in enumerate(self.rows[:most]):
            room -= _size([self._cell(row)])
            if room < 0:
                return self._cells(number)
        return self._cells(most)

    def block(self, characters: int = CELLS) -> dict[str, Any]:
        """The block. Its cells are raw: Slack reads nothing into them."""
        settings = [{"align": "left"}, *({"align": "right"} for _ in self.signed)]
        return {
            "type": "table",
            "rows": [
                [{"type": "raw_text", "text": cell or "–"} for cell in line]
                for line in self.lines(characters=characters)
            ],
            "column_settings": [{"align": one["align"], "is_wrapped": False} for one in settings],
        }

    def text(self, characters: int) -> str:
        """The same in columns of text, for where there are no tables."""
        rows = ROWS
        while True:
            lines = self.lines(rows, characters)
            widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
            each = sum(widths) + 2 * len(widths)
            if each * len(lines) <= characters or len(lines) <= _REST + 1:
                break
            rows = min(len(lines) - 1, characters // each) + 1
        return "\n".join(
            "  ".join(map(self._aligned, range(len(widths)), line, widths)).rstrip()
            for line in lines
        )

    def _cells(self, shown: int) -> list[list[str]]:
        """The head, so many rows, the rest where there is one, and the total."""
        cut_off = self.rows[shown:]
        rows = [*self.rows[:shown]]
        if rest := self.left + len(cut_off):
            parts = [
                _sum([self._rest(at), *(one.cents[at] for one in cut_off)])
                for at in range(len(self.signed))
            ]
            rows.append(Row(f"{rest:,} more", tuple(parts)))
        if self.total:
            rows.append(self.total)
        return [list(self.heads), *map(self._cell, rows)]

    def _cell(self, row: Row) -> list[str]:
        pairs = zip(row.cents, self.signed, strict=True)
        amounts = ["" if one is None else figure(one, sign=sign) for one, sign in pairs]
        noted = len(self.heads) > 1 + len(self.signed)
        return [cut(row.name, _NAME), *amounts, *([cut(row.note, _NAME)] if noted else [])]

    def _rest(self, at: int) -> int | None:
        return self.rest[at] if self.rest else 0

    def _aligned(self, at: int, cell: str, width: int) -> str:
        return cell.rjust(width) if 0 < at <= len(self.signed) else cell.ljust(width)


def _sum(amounts: Sequence[int | None]) -> int | None:
    known = [one for one in amounts if one is not None]
    return sum(known) if len(known) == len(amounts) else None


def _size(lines: Sequence[Sequence[str]]) -> int:
    return sum(len(cell) for line in lines for cell in line)
