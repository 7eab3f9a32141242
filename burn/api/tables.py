"""Small tables that people keep by hand, as CSV or Parquet: all of it as text, or a clear refusal."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from burn.api.errors import AccessError, DataError

if TYPE_CHECKING:
    import pandas as pd

_DELIMITERS = ",;\t"


def read_table(path: Path) -> pd.DataFrame:
    """The table as text without blanks around it; an empty cell is an empty text.

    Args:
        path: CSV in UTF-8, its columns parted by a comma, a semicolon or a tab; or Parquet.

    Returns:
        Its index is the number of the row, as a spreadsheet counts: the header is row 1.

    Raises:
        AccessError: it cannot be read.
        DataError: it is no table, a column has no name or two have the same.
    """
    try:
        table = _parquet(path) if path.suffix.lower() == ".parquet" else _csv(path)
    except OSError as error:
        raise AccessError(
            f"table {path} cannot be read: {error.strerror or error}",
            hint="a relative path starts where burn runs; `{here}` is the folder of burn.toml",
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(
            f"table {path} is no CSV in UTF-8: {error}", hint="save it again as CSV in UTF-8"
        ) from error
    columns = list(table.columns)
    odd = next((name for name in columns if not name or columns.count(name) > 1), None)
    if odd is not None or not columns:
        what = f"two columns `{odd}`" if odd else "a column without a name"
        raise DataError(f"table {path} has {what}", hint="its first row names the columns")
    return table


def closest(word: str, known: Iterable[str], *, slip: bool = False) -> str:
    """`did you mean …?`, or an empty text.

    Args:
        slip: only where it can hardly be anything else.
    """
    squashed = {re.sub(r"[^a-z0-9]", "", one.lower()): one for one in known}
    plain = re.sub(r"[^a-z0-9]", "", word.lower())
    close = difflib.get_close_matches(plain, squashed, n=1, cutoff=0.85 if slip else 0.6)
    return f"did you mean `{squashed[close[0]]}`?" if close else ""


def _csv(path: Path) -> pd.DataFrame:
    import pandas as pd

    with path.open(encoding="utf-8-sig", newline="") as file:
        head = file.readline()
        file.seek(0)
        delimiter = max(_DELIMITERS, key=head.count)
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        rows = {number: row for number, row in enumerate(reader, start=1) if any(row)}
    if not rows:
        raise DataError(f"table {path} is empty", hint="its first row names the columns")
    names = [name.strip() for name in rows.pop(min(rows))]
    for number, row in rows.items():
        if len(row) != len(names):
            raise DataError(
                f"{path.name}, row {number} has {len(row)} cells where there are {len(names)} columns",
                hint="a cell that holds the delimiter stands in quotes",
            )
    cells = [[cell.strip() for cell in row] for row in rows.values()]
    return pd.DataFrame(cells, index=list(rows), columns=names, dtype="str")


def _parquet(path: Path) -> pd.DataFrame:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
        texts = {}
        for name, column in zip(table.column_names, table.columns, strict=True):
            if pa.types.is_timestamp(column.type):
                midnight = pc.all(pc.equal(column, pc.floor_temporal(column, unit="day"))).as_py()
                form = "%Y-%m-%d" if midnight is not False else "%Y-%m-%dT%H:%M:%S"
                text = pc.strftime(column, format=form)
            else:
                text = column.cast(pa.string())
            texts[name.strip()] = pc.fill_null(text, "").to_pandas()
    except pa.ArrowException as error:
        raise DataError(f"table {path} is no Parquet of plain columns: {error}") from error
    frame = pd.DataFrame(texts, dtype="str")
    return frame.set_axis(range(2, len(frame) + 2), axis="index")
