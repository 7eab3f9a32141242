"""Heads of large files: the columns of the whole file, and lines that are whole."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from burn.api.bills.engine.duck import DuckDbEngine
from burn.api.bills.files.heads import HEAD, Heads
from burn.api.bills.files.local import Entry, LocalFiles
from burn.api.bills.files.scratch import Scratch

LINES = 200_000


class Bucket:
    """A place that is not local, and counts the bytes that are asked of it."""

    def __init__(self, folder: Path, scratch: Scratch) -> None:
        self._files = LocalFiles(folder, scratch, "bill")
        self.root = "s3://bucket"
        self.bytes = 0

    def entries(self) -> list[Entry]:
        return self._files.entries()

    def read(self, entry: Entry) -> bytes:
        return self._files.read(entry)

    def part(self, entry: Entry, start: int, size: int) -> bytes:
        found = self._files.part(entry, start, size)
        self.bytes += len(found)
        return found

    def fetch(self, entries: Sequence[Entry]) -> list[Path]:
        raise AssertionError(f"{entries} are fetched whole")


def test_a_few_bytes_tell_the_columns_of_large_files(tmp_path: Path) -> None:
    scratch, folder = Scratch(), tmp_path / "bill"
    folder.mkdir()
    text = "id,note,cost\n" + "".join(f'{at},"a\nb",0.5\n' for at in range(LINES))
    (folder / "plain.csv").write_text(text)
    (folder / "packed.csv.gz").write_bytes(gzip.compress(text.encode(), 0))
    table = pa.table({"id": list(range(LINES)), "cost": [at / 7 for at in range(LINES)]})
    pq.write_table(table, folder / "typed.parquet", compression="none")
    bucket = Bucket(folder, scratch)
    assert all(entry.size > HEAD for entry in bucket.entries())
    source = DuckDbEngine(scratch).open(Heads(bucket, scratch).fetch(bucket.entries()), ())
    assert bucket.bytes < 4 * HEAD
    assert {part.kind: list(part.columns) for part in source.parts} == {
        "csv": ["id", "note", "cost"],
        "parquet": ["id", "cost"],
    }
    assert set(source.files.values()) >= {"plain.csv", "packed.csv.gz", "typed.parquet"}
    sql = f"SELECT COUNT(*) AS n, MIN(note) AS a, MAX(note) AS z FROM {source.relation}"
    (seen,) = source.engine.query(sql).to_pylist()
    assert (seen["a"], seen["z"]) == ("a\nb", "a\nb")
    assert 0 < seen["n"] < 2 * LINES
