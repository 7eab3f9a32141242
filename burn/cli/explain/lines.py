"""Bill lines for a person: what all of them share is said once, what differs is a table."""

from __future__ import annotations

import math
import shutil
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from burn.cli import console
from burn.text.clean import clean

if TYPE_CHECKING:
    import pandas as pd

_GAP = 3


def show(lines: pd.DataFrame) -> None:
    """Print raw bill lines; there are at most `--limit` of them, so not data to compute with.

    A bill has many columns and a terminal few: columns without a value are left out, columns
    with one value come first, and when the rest is still too wide each line becomes a record.
    """
    columns = [str(column) for column in lines.columns]
    cells = [[cell(value) for value in row] for row in lines.itertuples(index=False, name=None)]
    values = {name: {row[i] for row in cells} for i, name in enumerate(columns)}
    same = [name for name in columns if len(cells) > 1 and len(values[name]) == 1]
    _pairs([(name, next(iter(values[name]))) for name in same])
    vary = [i for i, name in enumerate(columns) if name not in same and values[name] != {""}]
    if vary and same:
        console.data("")
    if vary:
        numbers = {str(c) for c in lines.columns if lines[c].dtype.kind in "fi"}
        _rows([columns[i] for i in vary], [[row[i] for i in vary] for row in cells], numbers)


def _rows(names: list[str], rows: list[list[str]], numbers: set[str]) -> None:
    """A table where the terminal is wide enough, else a record a line."""
    if _width(names, rows) <= shutil.get_terminal_size().columns:
        console.table(names, rows, right=[name for name in names if name in numbers])
        return
    for at, row in enumerate(rows):
        if at:
            console.data("")
        _pairs(list(zip(names, row, strict=True)))


def cell(value: Any) -> str:
    """One value of a frame as text; nothing for null."""
    if value is None or (isinstance(value, (float, Decimal)) and math.isnan(value)):
        return ""
    if isinstance(value, (float, Decimal)):  # a decimal(38,12) is full of noughts
        return f"{value:,.6f}".rstrip("0").rstrip(".")
    if isinstance(value, (str, int)):
        return clean(str(value))
    import pandas as pd  # for what only a frame holds: a kept ledger is read without

    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d" if value == value.normalize() else "%Y-%m-%dT%H:%M:%S")
    return clean(str(value))


def _pairs(pairs: list[tuple[str, str]]) -> None:
    longest = max((len(name) for name, value in pairs if value), default=0)
    for name, value in pairs:
        if value:
            console.prose(value, label=f"{name:<{longest}}  ")


def _width(names: list[str], rows: list[list[str]]) -> int:
    widths = [max(len(text) for text in column) for column in zip(names, *rows, strict=True)]
    return sum(widths) + _GAP * (len(widths) - 1)
