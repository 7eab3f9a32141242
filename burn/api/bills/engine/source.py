"""What a bill is read from: an engine that runs SQL, and the one relation that holds the lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

    from burn.api.bills.engine.unite import Part

Dialect = Literal["duckdb", "athena", "bigquery"]


class Engine(Protocol):
    """Runs one query at a time: DuckDB over files, or the warehouse that holds the bill."""

    @property
    def dialect(self) -> Dialect:
        """Which SQL `query` takes."""
        ...

    @property
    def bytes_scanned(self) -> int | None:
        """What all queries so far read, if the engine says."""
        ...

    def query(self, sql: str) -> pa.Table:
        """Run a query in the engine's own dialect.

        Column names are as in the text. Decimals may come as decimal or as text (never float:
        a digit would be lost); timestamps are naive UTC or text. The session's time zone is UTC.

        Raises:
            AccessError: the engine or the data cannot be reached.
            DataError: a file is truncated, or the text does not fit the data.
        """
        ...

    def register(self, name: str, table: pa.Table) -> bool:
        """Make a small table known to later queries; False when the engine has no such thing."""
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """The lines of a bill.

    Attributes:
        engine: runs the queries.
        relation: ready for FROM: a quoted view or table name (files of several months that
            differ in their columns are united by name).
        columns: every column's name → the engine's type, e.g. `varchar`, `double`,
            `map(varchar, varchar)`; partition columns included.
        partitions: names among `columns` that partition the data: `billing_period`, or
            `year` and `month`; a query then carries a predicate on them.
        origin: files, versions or table, for the reader to trace.
        unread: files of the place that are left out, with their size and why.
        parts: the files, in groups of equal columns; none of a warehouse's table. `relation` then
            has a column `burn_file` besides.
        files: a value of `burn_file` → the file's name below the place that holds the bill.
    """

    engine: Engine
    relation: str
    columns: Mapping[str, str]
    partitions: tuple[str, ...] = ()
    origin: tuple[str, ...] = field(default_factory=tuple)
    unread: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)

    def own_name(self, column: str) -> str:
        """What the files call a column, for the reader; its name here where they do not agree."""
        layouts = [part.layout for part in self.parts if part.layout is not None]
        own = {layout.columns[column] for layout in layouts if column in layout.columns}
        names = own.pop() if len(own) == 1 else ()
        return names[0] if len(names) == 1 else column
