"""DuckDB over the files of a bill: Parquet, CSV and JSON of several months as one relation."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from burn.api.bills.alike import Group, alike, globbed, short_names
from burn.api.bills.engine import Source
from burn.api.bills.files import damaged, gunzip, kind_of
from burn.api.bills.layout import Recognise, of_file, require_one_family
from burn.api.bills.scratch import Scratch
from burn.api.bills.sql import literal
from burn.api.bills.unite import FILE, Part, united
from burn.api.errors import AccessError, BurnError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

RELATION = '"bill"'
MEMORY = "1GB"
"""What DuckDB may hold before it spills to disk; a run stays below 1.5 GB with the frames."""
UNPACKED = 16 << 20
"""Bytes of a gzipped CSV from which it is unpacked: DuckDB holds all of such a file while it reads."""

_ALL = f"filename = '{FILE}', hive_partitioning = false"
_READERS = {
    "parquet": f"read_parquet({{}}, {_ALL})",
    "csv": f"read_csv({{}}, {_ALL}, header = true, all_varchar = true, {{}})",
    "json": f"read_json({{}}, {_ALL}, format = 'newline_delimited', union_by_name = true, "
    "sample_size = -1, map_inference_threshold = -1, convert_strings_to_integers = false)",
}
_COMMAS = "delim = ',', quote = '\"', escape = '\"'"


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
        with _explained(sql):
            return self._db.sql(sql).to_arrow_table()

    def register(self, name: str, table: pa.Table) -> bool:
        """Make a table known by name."""
        self._db.register(name, table)
        return True

    def save(self, sql: str, path: Path) -> None:
        """Write a query's rows to a Parquet file, a block at a time.

        Raises:
            AccessError: there is no room for it.
            DataError: a file is damaged, or a value does not fit its column.
        """
        with _explained(sql):
            self._db.execute(f"COPY ({sql}) TO {literal(str(path))} (FORMAT parquet)")

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
        with _explained("reading the files"):
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
        files = [str(path) for path in group.opened]
        with _explained(f"reading {first}", file=first):
            listed = ", ".join(literal(globbed(file)) for file in files)
            lines = _READERS[group.kind].format(f"[{listed}]", _COMMAS)
            self._db.execute(f"CREATE OR REPLACE VIEW {relation} AS FROM {lines}")
            described = self._db.execute(f"DESCRIBE {relation}").fetchall()
        columns = {str(name): str(kind).lower() for name, kind, *_ in described}
        columns.pop(FILE)
        for path, file in zip(group.paths, files, strict=True):
            names[file] = names[str(path)]
        layout = None if recognise is None else of_file(first, columns, recognise)
        return Part(relation, group.kind, tuple(files), columns, layout)

    def _prepared(self, path: Path) -> Path:
        """What the engine opens: the file, or an unpacked copy of it."""
        return path if kind_of(path.name) in {"parquet", "json"} else self._unpacked(path)

    def _unpacked(self, path: Path) -> Path:
        large = path.name.lower().endswith(".gz") and path.stat().st_size >= UNPACKED
        return gunzip(path, self._scratch.path / "unpacked") if large else path


@contextmanager
def _explained(sql: str, file: str = "") -> Iterator[None]:
    import duckdb

    try:
        yield
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise BurnError(
            f"DuckDB ran out of its {MEMORY} of memory and disk for spilling",
            hint="free space in the temporary folder, or shorten --window",
        ) from error
    except duckdb.BinderException as error:
        raise DataError(f"the bill lacks a column that is needed: {_line(error)}") from error
    except duckdb.IOException as error:
        if "Permission" in str(error) or "Cannot open" in str(error):
            raise AccessError(f"a bill file cannot be opened: {_line(error)}") from error
        raise damaged(_line(error, file)) from error
    except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
        raise damaged(_line(error, file)) from error
    except duckdb.Error as error:
        raise DataError(f"the bill cannot be read ({_short(sql)}): {_line(error)}") from error


def _line(error: Exception, file: str = "") -> str:
    text: Any = str(error).strip().splitlines()
    line = str(text[0])[:300] if text else type(error).__name__
    return line if not file or file in line else f"{file}: {line}"


def _short(sql: str) -> str:
    return " ".join(sql.split())[:60]
