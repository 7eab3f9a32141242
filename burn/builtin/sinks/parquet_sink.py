"""Parquet: a directory of frames, or one frame as one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import UsageError, WriteRequest
from burn.builtin.sinks.frames import TABLES, known, table
from burn.builtin.sinks.settings import ParquetSettings
from burn.builtin.sinks.target import refuse_terminal, within, write_binary, write_file

if TYPE_CHECKING:
    import pandas as pd


class ParquetSink:
    """See the module."""

    def __init__(self, settings: ParquetSettings) -> None:
        self._table = settings.table and known(settings.table)

    def write(self, request: WriteRequest) -> None:
        """Write every frame as NAME.parquet into target, or `sink.parquet.table` as one file.

        Raises:
            UsageError: no target for a directory, or standard output is a terminal.
        """
        report, target = request.report, request.target
        if target is None:
            refuse_terminal("parquet")
            if not self._table:
                raise UsageError(
                    "format `parquet` writes a directory and needs a place for it",
                    hint="use --output DIR, or one frame with --set sink.parquet.table=allocation",
                )
            write_binary(parquet_bytes(table(report, self._table)))
        elif self._table:
            write_file([parquet_bytes(table(report, self._table))], target)
        else:
            for name in TABLES:
                write_file([parquet_bytes(table(report, name))], within(target, f"{name}.parquet"))


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """The frame as one Parquet file; text columns as dictionaries, no pandas metadata."""
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq

    arrow = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    buffer = io.BytesIO()
    pq.write_table(arrow, buffer, compression="zstd")
    return buffer.getvalue()
