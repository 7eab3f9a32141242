"""CSV: one frame to a file or standard output, or all of them into a directory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from burn.api import Alert, AlertRequest, WriteRequest
from burn.builtin.sinks.frames import TABLES, known, table
from burn.builtin.sinks.rows import rows
from burn.builtin.sinks.settings import FrameSettings
from burn.builtin.sinks.target import means_directory, within, write_text
from burn.text.clean import clean

if TYPE_CHECKING:
    import pandas as pd


FORMULA = ("=", "+", "-", "@")
"""How a cell begins that a spreadsheet would run (OWASP, CSV injection)."""
SPECIAL = re.compile('[,"]')
"""What makes quotes necessary; line breaks are written out before."""


class CsvSink:
    """See the module."""

    def __init__(self, settings: FrameSettings) -> None:
        self._table = known(settings.table)

    def write(self, request: WriteRequest) -> None:
        """Write the frame `sink.csv.table`, or every frame as NAME.csv when target is a directory."""
        report, target = request.report, request.target
        if target is None or not means_directory(target):
            write_text(csv_text(table(report, self._table)), target)
            return
        for name in TABLES:
            write_text(csv_text(table(report, name)), within(target, f"{name}.csv"))

    def alert(self, request: AlertRequest) -> None:
        """Write what `burn check` found, a row each."""
        import pandas as pd

        names = [field.name for field in fields(Alert)]
        found = [{**asdict(one), "told": one.told or ""} for one in request.alerts]
        write_text(csv_text(pd.DataFrame(found, columns=names)), request.target)


def csv_text(frame: pd.DataFrame) -> Iterator[str]:
    """RFC 4180 fields with plain line ends, a line at a time.

    Text that a spreadsheet would run gets a `'` before it; control characters are written out.
    """
    yield ",".join(map(_field, frame.columns)) + "\n"
    yield from rows(frame, ",".join(["%s"] * len(frame.columns)) + "\n", _field, "")


def _field(value: object) -> str:
    if not isinstance(value, str):
        return str(value)
    text = clean(value)
    text = f"'{text}" if text.startswith(FORMULA) else text
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if SPECIAL.search(text) else text
