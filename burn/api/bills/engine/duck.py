"""DuckDB over the files of a bill: Parquet, CSV and JSON of several months as one relation."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from burn.api.bills.engine.alike import Group, alike, globbed, short_names, texts_of
from burn.api.bills.engine.layout import Layout, Recognise, of_file, require_one_family
from burn.api.bills.engine.misfit import broken, misfit
from burn.api.bills.engine.source import Source
from burn.api.bills.engine.unite import FILE, Part, united
from burn.api.bills.files.copies import name_of, renamed
from burn.api.bills.files.local import damaged
from burn.api.bills.files.scratch import Scratch
from burn.api.bills.files.styles import Styles, styles
from burn.api.bills.files.texts import Prepared, first_rows, prepare
from burn.api.bills.files.undecided import undecided
from burn.api.bills.queries.sql import literal, quoted
from burn.api.errors import AccessError, BurnError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb
    import pyarrow as pa

RELATION = '"bill"'
MEMORY = "1GB"
"""What DuckDB may hold before it spills to disk; a run stays below 1.5 GB with the frames."""
_LONG = 8_000
"""Characters of SQL from which on planning it takes long."""

_ALL = f"filename = '{FILE}', hive_partitioning = false"
_READERS = {
    "parquet": _ALL,
    "csv": f"{_ALL}, header = true, all_varchar = true, quote = '\"', escape = '\"'",
    "json": f"{_ALL}, format = 'newline_delimited', union_by_name = true, "
    "sample_size = -1, map_inference_threshold = -1, convert_strings_to_integers = false",
}


class DuckDbEngine:
    """Runs SQL in this process; makes no file and needs no network.

    Args:
        scratch: holds what does not fit in memory, and unpacked files; kept as long as this.
    """

    dialect: Literal["duckdb"] = "duckdb"
    bytes_scanned: int | None = None

    def __init__(self, scratch: Scratch) -> None:
        import duckdb

        self._scratch = scratch
        self._files: dict[str, str] = {}
        spill = str(scratch.path / "spill")
        self._db = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": spill})
        self._db.execute("SET TimeZone = 'UTC'")
        self._db.execute("SET preserve_insertion_order = false")
        # Its bar would go to standard output, which is the report's.
        self._db.execute("SET enable_progress_bar = false")

    def query(self, sql: str) -> pa.Table:
        """Run one query.

        Raises:
            DataError: a file is damaged, or a value does not fit its column.
        """
        with _explained(sql, self._files, self._db):
            if len(sql) < _LONG:
                return self._db.sql(sql).to_arrow_table()
            # A relation is planned twice, which takes a long query longer than a copy of its sums.
            with warnings.catch_warnings(action="ignore", category=UserWarning):
                return self._db.execute(sql).to_arrow_table()

    def register(self, name: str, table: pa.Table) -> bool:
        """Make a table known by name."""
        self._db.register(name, table)
        return True

    def save(self, sql: str, path: Path) -> None:
        """Write a query's rows to a Parquet or CSV file, by its ending, a block at a time.

        Raises:
            AccessError: there is no room for it.
            DataError: a file is damaged, or a value does not fit its column.
        """
        with _explained(sql, self._files, self._db):
            self._db.execute(f"COPY ({sql}) TO {literal(str(path))} (FORMAT {path.suffix[1:]})")

    def open(
        self,
        paths: Sequence[Path],
        origin: Sequence[str],
        recognise: Recognise | None = None,
    ) -> Source:
        """Bring files to one relation, `bill`: each by its own columns, united by the bill's.

        CSV columns stay text, so that no digit of an amount and no zero of an account is lost.

        Args:
            paths: the files.
            origin: for the reader to trace, see `Source`.
            recognise: the provider's word for each file's columns; None: they keep their names.

        Raises:
            DataError: a file is damaged or empty, or none that `recognise` knows; two formats.
        """
        names = short_names(paths)
        parts = [
            self._part(number, group, names, recognise)
            for number, group in enumerate(alike(paths, self._prepared))
        ]
        require_one_family(
            {names[part.files[0]]: part.layout for part in parts if part.layout is not None}
        )
        with _explained("reading the files", self._files):
            self._db.execute(f"CREATE OR REPLACE VIEW bill AS {united(parts)}")
            described = self._db.execute("DESCRIBE bill").fetchall()
        columns = {str(name): str(kind).lower() for name, kind, *_ in described}
        columns.pop(FILE)
        return Source(
            self, RELATION, columns, origin=tuple(origin), parts=tuple(parts), files=names
        )

    def _part(
        self, number: int, group: Group, names: dict[str, str], recognise: Recognise | None
    ) -> Part:
        """A view of files with equal columns, and its layout."""
        relation, first = f"part_{number}", names[str(group.paths[0])]
        for path, file in zip(group.paths, group.files, strict=True):
            names[str(file.path)] = names[str(path)]
            self._files[names[str(path)]] = f"({_select([file])})"
        with _explained(f"reading {first}", {first: ""}):
            self._db.execute(f"CREATE OR REPLACE VIEW {relation} AS {_select(group.files)}")
            described = self._db.execute(f"DESCRIBE {relation}").fetchall()
        columns = {str(name): str(kind).lower() for name, kind, *_ in described}
        columns.pop(FILE)
        layout = None if recognise is None else of_file(first, columns, recognise)
        if layout is not None:
            _require_decided(group, names, layout)
        files = tuple(str(file.path) for file in group.files)
        return Part(relation, group.files[0].kind, files, columns, layout)

    def _prepared(self, path: Path) -> list[Prepared]:
        """What the engine opens, with the SQL for what a CSV writes in its own way."""
        found = []
        for file in prepare(path, self._scratch):
            odd = self._styles(file)
            rewrites, both_ways = (tuple(each.items()) for each in (odd.rewrites, odd.undecided))
            found.append(replace(file, rewrites=rewrites, undecided=both_ways))
        return found

    def _styles(self, file: Prepared) -> Styles:
        def ask(items: str) -> dict[str, Any]:
            return self._rows(file, items)[0]

        if file.kind == "csv":
            return styles(first_rows(file), ask, file.name)
        columns = texts_of(file) if file.kind == "parquet" else []
        rows = self._rows(file, ", ".join(map(quoted, columns)), "LIMIT 200") if columns else []
        lines = [[str(row[column] or "") for column in columns] for row in rows]
        return styles([columns, *lines], ask, file.name)

    def _rows(self, file: Prepared, items: str, end: str = "") -> list[dict[str, Any]]:
        with _explained("reading the files", {name_of(file.name): ""}):
            found = self._db.sql(f"SELECT {items} FROM ({_select([file])}) {end}")  # noqa: S608 (ours)
            return list(found.to_arrow_table().to_pylist())


def _require_decided(group: Group, names: Mapping[str, str], layout: Layout) -> None:
    """No date or number that the bill is read by can be taken both ways."""
    raw = layout.raw
    read = {own for columns in layout.columns.values() for own in columns}
    read |= {raw.amount_column, *raw.numbers, *raw.filled}
    for file in group.files:
        for column, text in file.undecided:
            if column in read:
                raise undecided(file, names[str(file.path)], column, text)


def _select(files: Sequence[Prepared]) -> str:
    """SELECT over files that are read alike."""
    listed = ", ".join(literal(globbed(str(file.path))) for file in files)
    first = files[0]
    options = _READERS[first.kind]
    if first.kind != "parquet":
        options += f", compression = '{'gzip' if first.packed else 'none'}'"
    if first.kind == "csv":
        options += f", delim = {literal(first.delimiter)}, skip = {first.skip}"
    odd = ", ".join(f"{sql} AS {quoted(column)}" for column, sql in first.rewrites)
    items = f"* REPLACE ({odd})" if odd else "*"
    return f"SELECT {items} FROM read_{first.kind}([{listed}], {options})"  # noqa: S608 (literals)


@contextmanager
def _explained(
    sql: str, files: Mapping[str, str], db: duckdb.DuckDBPyConnection | None = None
) -> Iterator[None]:
    import duckdb

    try:
        yield
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise BurnError(
            f"DuckDB ran out of its {MEMORY} of memory and disk for spilling",
            hint="free space in the temporary folder, or shorten --window",
        ) from error
    except duckdb.IOException as error:
        if "Permission" in str(error) or "Cannot open" in str(error):
            raise AccessError(f"a bill file cannot be opened: {_line(error)}") from error
        raise damaged(_named(error, files)) from error
    except duckdb.ConversionException as error:
        if db is None:
            raise DataError(f"a value of the bill does not fit: {_line(error)}") from error
        raise misfit(db, error, sql, files) from error
    except duckdb.InvalidInputException as error:
        raise broken(error, files) from error
    except duckdb.BinderException as error:
        raise DataError(f"the bill lacks a column that is needed: {_line(error)}") from error
    except duckdb.Error as error:
        raise DataError(f"the bill cannot be read ({_short(sql)}): {_line(error)}") from error


def _named(error: Exception, files: Mapping[str, str]) -> str:
    line = _line(error)
    if len(files) == 1 and not any(name in line for name in files):
        return f"{next(iter(files))}: {line}"
    return line


def _line(error: Exception) -> str:
    text: Any = renamed(str(error)).strip().splitlines()
    return str(text[0])[:300] if text else type(error).__name__


def _short(sql: str) -> str:
    return " ".join(sql.split())[:60]
