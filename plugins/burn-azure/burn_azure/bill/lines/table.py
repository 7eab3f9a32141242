"""A table's columns as typed SQL: money as exact decimals, dates as naive UTC, text never null.

CSV holds everything as text and is cast here, so that no digit passes through a float.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from burn.api.bills.engine.source import Source
from burn.api.bills.engine.unite import FILE
from burn.api.bills.queries.sql import (
    NO_MONEY,
    amount,
    as_text,
    is_text,
    moment,
    null_words,
    quoted,
    real,
)
from burn_azure.bill.lines.formats import Format, detect, united


@dataclass(frozen=True, slots=True)
class Table:
    """A source whose format is known, with accessors that yield SQL for a fact of a line.

    Attributes:
        source: the lines, or a sum of them.
        format: which column has which fact.
        is_typed: whether texts are without words for nothing already, see `summed.typed`.
        floats: fact → the column that holds its float already, see `with_floats`.
    """

    source: Source
    format: Format
    is_typed: bool = False
    floats: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, source: Source) -> Table:
        """Detect the format, of files that were recognised file by file; DataError when none fits."""
        layouts = [part for part in source.parts if part.layout is not None]
        if layouts:
            return cls(source, united([detect(part.columns) for part in layouts]))
        return cls(source, detect(source.columns))

    def with_floats(self, facts: Sequence[str]) -> Table:
        """The same lines with a column for each fact's float.

        Amounts mention a price many times; planning such SQL costs more than a small bill.
        """
        floats = {fact: quoted(f"burn_float_{fact}") for fact in facts if self.has(fact)}
        if not floats:
            return self
        items = ", ".join(f"{self.number(fact)} AS {column}" for fact, column in floats.items())
        relation = f"(SELECT *, {items} FROM {self.source.relation}) AS with_floats"
        return replace(self, source=replace(self.source, relation=relation), floats=floats)

    @property
    def file(self) -> str:
        """Which file a line is of; an answer of the API is one."""
        return FILE if self.source.parts else "''"

    def has(self, fact: str) -> bool:
        """Whether the export has a column for the fact."""
        return fact in self.format.columns

    def text(self, fact: str) -> str:
        """Text, empty for null or a missing column."""
        if not self.has(fact):
            return "''"
        value = as_text(self.format.columns[fact], self.source.columns)
        return value if self.is_typed else f"COALESCE({null_words(value)}, '')"

    def plain(self, fact: str) -> str:
        """Text as it is, for what is only searched: words for nothing are text like any other."""
        if not self.has(fact):
            return "''"
        return f"COALESCE({as_text(self.format.columns[fact], self.source.columns)}, '')"

    def money(self, fact: str) -> str:
        """An exact decimal, NULL for an empty cell or a missing column."""
        if not self.has(fact):
            return NO_MONEY
        column = self.format.columns[fact]
        return amount(quoted(column), self.source.columns[column])

    def number(self, fact: str) -> str:
        """A float, NULL for an empty cell or a missing column; for prices and what is tested."""
        if not self.has(fact):
            return "CAST(NULL AS DOUBLE)"
        if fact in self.floats:
            return self.floats[fact]
        column = self.format.columns[fact]
        return real(quoted(column), self.source.columns[column])

    def day(self, fact: str) -> str:
        """A date as an instant, naive UTC; NULL for an empty cell, an error of the engine's if odd.

        The API writes 20261001. Exports write 2026-10-01, or 10/01/2026, which files are opened
        without, see `burn.api.bills.files.dates`.
        """
        if not self.has(fact):
            return "CAST(NULL AS TIMESTAMP)"
        column = self.format.columns[fact]
        value, kind = quoted(column), self.source.columns[column]
        if not is_text(kind):
            return moment(value, kind)
        return (
            f"CASE WHEN {value} LIKE '____-__-__' THEN CAST({value} AS TIMESTAMP)"
            f" WHEN {value} LIKE '________' THEN STRPTIME({value}, '%Y%m%d')"
            f" ELSE CAST(CAST({null_words(value)} AS TIMESTAMPTZ) AS TIMESTAMP) END"
        )
