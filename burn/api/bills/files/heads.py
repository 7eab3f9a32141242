"""The files of a place by their heads: what `burn doctor` recognises a whole delivery by.

A text's first lines, a Parquet file's schema; a small file is read whole. Of a month of gigabytes
in a bucket, a few megabytes are read.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from burn.api.bills.files.local import Entry, Files, LocalFiles, damaged, kind_of

if TYPE_CHECKING:
    from burn.api.bills.files.scratch import Scratch

HEAD = 1 << 20
"""Bytes of a file that are read; one that is no larger is read whole."""


class Heads:
    """Implements `burn.api.bills.files.local.Files`: fetches heads where the place has large files.

    Archives and lines of JSON have no head that tells their columns, and are fetched whole; so is
    a local Parquet file, which opens by its schema anyway.

    Args:
        store: the place.
        scratch: where heads are kept.
    """

    def __init__(self, store: Files, scratch: Scratch) -> None:
        self._store = store
        self._scratch = scratch
        self.root = store.root

    def entries(self) -> list[Entry]:
        """As of the place."""
        return self._store.entries()

    def read(self, entry: Entry) -> bytes:
        """As of the place."""
        return self._store.read(entry)

    def part(self, entry: Entry, start: int, size: int) -> bytes:
        """As of the place."""
        return self._store.part(entry, start, size)

    def fetch(self, entries: Sequence[Entry]) -> list[Path]:
        """Paths of files with the entries' columns and names, and with some of their lines or none.

        Raises:
            as the place's `fetch`; DataError: a Parquet file's end is damaged.
        """
        folder = self._scratch.path / f"heads-{len(list(self._scratch.path.iterdir()))}"
        return [path for entry in entries for path in self._head(entry, folder)]

    def _head(self, entry: Entry, folder: Path) -> list[Path]:
        if entry.size <= HEAD or kind_of(entry.path) in ("json", "zip"):
            return self._store.fetch([entry])
        start = self._store.part(entry, 0, HEAD)
        if start.startswith(b"PK\x03\x04") or (
            start.startswith(b"PAR1") and isinstance(self._store, LocalFiles)
        ):
            return self._store.fetch([entry])
        target = folder / entry.path
        target.parent.mkdir(parents=True, exist_ok=True)
        if start.startswith(b"PAR1"):
            self._schema(entry, target)
        else:
            target.write_bytes(_first_lines(start))
        return [target]

    def _schema(self, entry: Entry, target: Path) -> None:
        """A Parquet file with the columns of the entry and no line."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            schema = pq.read_schema(pa.PythonFile(_Ranged(self._store, entry), mode="r"))
        except pa.ArrowInvalid as error:
            raise damaged(f"{entry.path}: {str(error).splitlines()[0][:200]}") from error
        pq.write_table(schema.empty_table(), target)


def _first_lines(start: bytes) -> bytes:
    """The whole lines of a file's first bytes; packed if they are."""
    if not start.startswith(b"\x1f\x8b"):
        return _whole_lines(start)
    try:
        unpacked = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(start, HEAD)
    except zlib.error:
        return start  # the reader says what is wrong with it
    return gzip.compress(_whole_lines(unpacked), 1)


def _whole_lines(start: bytes) -> bytes:
    """An open quote does not end a line."""
    if b"\x00" in start[:256]:
        return start[: len(start) // 4 * 4]  # UTF-16 or UTF-32, of which the header is enough
    end = start.rfind(b"\n") + 1
    while end and start.count(b'"', 0, end) % 2:
        end = start.rfind(b"\n", 0, end - 1) + 1
    return start[:end] or start


class _Ranged(io.RawIOBase):
    """A file of a place that is read where it is asked."""

    def __init__(self, store: Files, entry: Entry) -> None:
        self._store, self._entry, self._at = store, entry, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._entry.size}[whence]
        self._at = base + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        left = self._entry.size - self._at
        size = left if size < 0 else min(size, left)
        found = self._store.part(self._entry, self._at, size) if size else b""
        self._at += len(found)
        return found
