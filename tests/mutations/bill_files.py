"""A bill as tables of its files: read from what the lab wrote, changed, and written back."""

from __future__ import annotations

import gzip
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass
class BillFile:
    """One file: its path and its lines. CSV is text; Parquet and JSON lines keep their types."""

    path: Path
    table: pa.Table

    @property
    def form(self) -> str:
        name = self.path.name.removesuffix(".gz")
        return name.rpartition(".")[2]

    @property
    def frame(self) -> pd.DataFrame:
        """The lines of a CSV as text."""
        return self.table.to_pandas().fillna("")

    def beside(self, label: str) -> Path:
        """Another name in the same folder."""
        return self.path.with_name(f"{label}-{self.path.name}")

    def write(self) -> None:
        write_table(self.path, self.table, self.form)


def read_files(root: Path) -> list[BillFile]:
    """All data files below a folder."""
    paths = sorted(p for p in root.rglob("*") if p.is_file() and not p.name.endswith("ifest.json"))
    return [BillFile(path, _read(path)) for path in paths]


def split_in_two(root: Path) -> list[BillFile]:
    """Each file's lines in two files, every other line in each, and no manifests."""
    for manifest in root.rglob("*ifest.json"):
        manifest.unlink()
    files: list[BillFile] = []
    for whole in read_files(root):
        rows = range(whole.table.num_rows)
        for part in (0, 1):
            path = whole.path.with_name(f"part{part}-{whole.path.name}")
            piece = BillFile(path, whole.table.take(list(rows[part::2])))
            piece.write()
            files.append(piece)
        whole.path.unlink()
    return files


def _read(path: Path) -> pa.Table:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    if path.suffix == ".parquet":
        return pq.read_table(path)
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    if ".json" in path.name:
        return pa.Table.from_pylist([json.loads(line) for line in content.splitlines()])
    frame = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    return pa.Table.from_pandas(frame, preserve_index=False)


def write_table(path: Path, table: pa.Table, form: str) -> None:
    """Write in the format that the file's name has."""
    import pyarrow.parquet as pq

    if form == "parquet":
        pq.write_table(table, path, store_schema=False)
        return
    if form == "json":
        rows = [{k: v for k, v in row.items() if v is not None} for row in table.to_pylist()]
        content = "".join(json.dumps(row, default=str) + "\n" for row in rows).encode()
    else:
        content = table.to_pandas().fillna("").to_csv(index=False).encode()
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
