"""CSV files whose header names more columns at its end than any line has values.

Read strictly, such a file is broken; padded, a truncated one would be taken for whole. So the
header is cut to what the first line has, and all lines must agree with it.
"""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from shutil import copyfileobj
from typing import IO

from burn.api.bills.files.local import kind_of
from burn.api.bills.files.scratch import Scratch


def trimmed(path: Path, scratch: Scratch) -> Path:
    """The file itself, or a copy with a shorter header where its lines leave columns out."""
    if kind_of(path.name) != "csv":
        return path
    with _opened(path) as source, io.TextIOWrapper(source, "utf-8-sig", newline="") as text:
        try:
            rows = csv.reader(text)
            header, first = next(rows, []), next(rows, [])
        except (csv.Error, UnicodeDecodeError, EOFError, OSError):
            return path  # the engine says what is wrong with it
    if not first or len(first) >= len(header):
        return path
    # Its folders say which days it is of.
    above = scratch.path / f"trimmed-{len(list(scratch.path.iterdir()))}"
    target = above.joinpath(*path.parts[-5:-1], f"{path.stem}.csv")
    target.parent.mkdir(parents=True)
    with _opened(path) as source, target.open("wb") as sink:
        source.readline()
        line = io.StringIO()
        csv.writer(line).writerow(header[: len(first)])
        sink.write(line.getvalue().encode())
        copyfileobj(source, sink, 1 << 20)
    return target


def _opened(path: Path) -> IO[bytes]:
    if path.name.lower().endswith(".gz"):
        return gzip.open(path, "rb")  # type: ignore[return-value]
    return path.open("rb")
