"""A bill's files counted by the kit's own code: rows and amounts, with nothing else looked at."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

Amount = str | Callable[[Mapping[str, Any]], Decimal]
"""Of a row: the name of its column, or what works it out."""


def counted(path: Path, amount: Amount, columns: Sequence[str] = ()) -> tuple[int, Decimal]:
    """The rows of a Parquet, CSV or JSON-lines file, plain or gzipped, and the sum of their amounts.

    Args:
        path: the file.
        amount: of a row.
        columns: those that `amount` looks at, where it is no name.
    """
    rows, total = 0, Decimal(0)
    names = [amount] if isinstance(amount, str) else list(columns)
    for row in _rows(path, names):
        value = row[amount] if isinstance(amount, str) else amount(row)
        rows += 1
        total += Decimal(str(value or 0))
    return rows, total


def _rows(path: Path, columns: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    name = path.name.lower().removesuffix(".gz")
    if name.endswith(".parquet"):
        import pyarrow.parquet as pq

        yield from pq.ParquetFile(path).read(columns=list(columns) or None).to_pylist()
        return
    opened = gzip.open if path.name.lower().endswith(".gz") else open
    with opened(path, "rb") as source, io.TextIOWrapper(source, "utf-8-sig", newline="") as text:
        if name.endswith(".csv"):
            yield from csv.DictReader(text)
        else:
            yield from (json.loads(line) for line in text if line.strip())
