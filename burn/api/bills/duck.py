"""DuckDB over the files of a bill: Parquet and CSV of several months as one relation."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from burn.api.bills.engine import Source
from burn.api.bills.files import damaged, gunzip, kind_of
from burn.api.bills.scratch import Scratch
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

_CSV: Any = {
    "union_by_name": True,
    "header": True,
    "all_varchar": True,
    "delimiter": ",",
    "quotechar": '"',
    "escapechar": '"',
    "hive_partitioning": False,
}

_JSON: Any = {
    "format": "newline_delimited",
    "union_by_name": True,
    "sample_size": -1,
    "map_inference_threshold": -1,
    "convert_strings_to_integers": False,
    "hive_partitioning": False,
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

    def open(self, paths: Sequence[Path], origin: Sequence[str]) -> Source:
        """Unite files as the relation `bill`, by column name.

        CSV columns stay text, so that no digit of an amount and no zero of an account is lost.

        Raises:
            DataError: a file is damaged or empty.
        """
        parquet = [str(path) for path in paths if kind_of(path.name) == "parquet"]
        lines_of_json = [str(path) for path in paths if kind_of(path.name) == "json"]
        text = [
            str(self._unpacked(path))
            for path in paths
            if kind_of(path.name) not in {"parquet", "json"}
        ]
        views = []
        with _explained("reading the files"):
            if parquet:
                views.append("parquet_lines")
                lines = self._db.read_parquet(parquet, union_by_name=True, hive_partitioning=False)
                lines.create_view(views[-1])
            if lines_of_json:
                views.append("json_lines")
                self._db.read_json(lines_of_json, **_JSON).create_view(views[-1])
            if text:
                views.append("csv_lines")
                self._db.read_csv(text, **_CSV).create_view(views[-1])
            union = " UNION ALL BY NAME ".join(f"FROM {view}" for view in views)
            self._db.execute(f"CREATE VIEW bill AS {union}")
            described = self._db.execute("DESCRIBE bill").fetchall()
        columns = {str(name): str(kind).lower() for name, kind, *_ in described}
        return Source(self, RELATION, columns, origin=tuple(origin))

    def _unpacked(self, path: Path) -> Path:
        large = path.name.lower().endswith(".gz") and path.stat().st_size >= UNPACKED
        return gunzip(path, self._scratch.path / "unpacked") if large else path


@contextmanager
def _explained(sql: str) -> Iterator[None]:
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
        raise damaged(_line(error)) from error
    except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
        raise damaged(_line(error)) from error
    except duckdb.Error as error:
        raise DataError(f"the bill cannot be read ({_short(sql)}): {_line(error)}") from error


def _line(error: Exception) -> str:
    text: Any = str(error).strip().splitlines()
    return str(text[0])[:300] if text else type(error).__name__


def _short(sql: str) -> str:
    return " ".join(sql.split())[:60]
