"""CSV: one frame to a file or standard output, or all of them into a directory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from burn.builtin.sinks.frames import TABLES, table
from burn.builtin.sinks.settings import FrameSettings
from burn.builtin.sinks.target import directory, means_directory, write_text
from burn.view.clean import clean

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import Report

FORMULA = ("=", "+", "-", "@")
"""How a cell begins that a spreadsheet would run (OWASP, CSV injection)."""


class CsvSink:
    """See the module."""

    def __init__(self, settings: FrameSettings) -> None:
        self._table = settings.table

    def write(self, report: Report, target: str | None) -> None:
        """Write the frame `sink.csv.table`, or every frame as NAME.csv when target is a directory."""
        if target is None or not means_directory(target):
            write_text(csv_text(table(report, self._table)), target)
            return
        folder = directory(Path(target))
        for name in TABLES:
            write_text(csv_text(table(report, name)), str(folder / f"{name}.csv"))


def csv_text(frame: pd.DataFrame) -> str:
    """RFC 4180 fields with plain line ends.

    Text that a spreadsheet would run gets a `'` before it; control characters are written out.
    """
    texts = frame.select_dtypes(exclude=["number", "bool", "datetimetz"]).columns
    safe = {}
    for name in texts:
        values = frame[name].astype("object")
        safe[name] = values.map({value: _safe(str(value)) for value in values.unique()})
    return frame.assign(**safe).to_csv(
        index=False, lineterminator="\n", date_format="%Y-%m-%dT%H:%M:%SZ"
    )


def _safe(text: str) -> str:
    text = clean(text)
    return f"'{text}" if text.startswith(FORMULA) else text
