"""A table's columns as typed SQL: money as exact decimals, time as naive UTC, text never null.

CSV holds everything as text: it is cast here, so that no digit passes through a float. A column
the export lacks becomes a typed NULL. The text is DuckDB's dialect and transpiles to Athena.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from burn.api.bills.engine.dialect import to_dialect
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
)
from burn_aws.bill.lines.formats import Format, detect

if TYPE_CHECKING:
    import pyarrow as pa


def ask(source: Source, sql: str) -> pa.Table:
    """Run a query written in DuckDB's dialect, in the source's own."""
    return source.engine.query(to_dialect(sql, source.engine.dialect))


@dataclass(frozen=True, slots=True)
class Table:
    """A source whose format is known, with accessors that yield SQL for a fact of a line."""

    source: Source
    format: Format

    @classmethod
    def of(cls, source: Source) -> Table:
        """Detect the format; raises DataError when none fits."""
        return cls(source, detect(source.columns))

    @property
    def file(self) -> str:
        """Which file a line is of; a warehouse's table is one."""
        return FILE if self.source.parts else "''"

    def has(self, fact: str) -> bool:
        """Whether the export has a column for the fact."""
        return fact in self.format.columns

    def text(self, fact: str) -> str:
        """Text, empty for null or a missing column."""
        if not self.has(fact):
            return "''"
        value = as_text(self.format.columns[fact], self.source.columns)
        return f"COALESCE({self._read(value)}, '')"

    def first(self, *facts: str) -> str:
        """The first of these texts that is not empty."""
        known = [fact for fact in facts if self.has(fact)]
        some = [f"NULLIF({self.text(fact)}, '')" for fact in known[:-1]]
        last = self.text(known[-1]) if known else "''"
        return f"COALESCE({', '.join([*some, last])})" if some else last

    def _read(self, value: str) -> str:
        """Text of a CSV, told by its amounts being text, may spell out nothing."""
        amount = self.format.columns["unblended" if self.format.family == "cur" else "billed"]
        return null_words(value) if is_text(self.source.columns[amount]) else value

    def money(self, fact: str) -> str:
        """An exact decimal, NULL for an empty cell or a missing column."""
        if not self.has(fact):
            return NO_MONEY
        column = self.format.columns[fact]
        return amount(quoted(column), self.source.columns[column])

    def lacks(self, fact: str) -> str:
        """Whether a line has no amount: without the cast where the column is one of numbers."""
        column = self.format.columns.get(fact)
        if column is None:
            return "TRUE"
        value = self.money(fact) if is_text(self.source.columns[column]) else quoted(column)
        return f"{value} IS NULL"

    def at(self, fact: str) -> str:
        """An instant, naive UTC; NULL for an empty cell."""
        column = self.format.columns[fact]
        return moment(quoted(column), self.source.columns[column])
