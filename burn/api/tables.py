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
    return table.set_axis(range(2, len(table) + 2), axis="index")


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
        rows = [row for row in csv.reader(file, delimiter=delimiter, strict=True) if any(row)]
    if not rows:
        raise DataError(f"table {path} is empty", hint="its first row names the columns")
    names, body = [name.strip() for name in rows[0]], rows[1:]
    for number, row in enumerate(body, start=2):
        if len(row) != len(names):
            raise DataError(
                f"{path.name}, row {number} has {len(row)} cells where there are {len(names)} columns",
                hint="a cell that holds the delimiter stands in quotes",
            )
    cells = [[cell.strip() for cell in row] for row in body]
    return pd.DataFrame(cells, columns=names, dtype="str")


def _parquet(path: Path) -> pd.DataFrame:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table: pd.DataFrame = pq.read_table(path).to_pandas(date_as_object=False)
    except pa.ArrowException as error:
        raise DataError(f"table {path} is no Parquet: {error}") from error
    table = table.rename(columns=lambda name: str(name).strip())
    for name in table.columns:
        if isinstance(table[name].dtype, pd.DatetimeTZDtype) or table[name].dtype.kind == "M":
            midnight = table[name].dropna().dt.normalize().eq(table[name].dropna()).all()
            form = "%Y-%m-%d" if midnight else "%Y-%m-%dT%H:%M:%S"
            table[name] = table[name].dt.strftime(form)
    return table.astype("object").where(table.notna(), "").astype("str")
