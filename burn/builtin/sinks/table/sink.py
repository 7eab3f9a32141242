"""Writes a report as tables on a terminal or into a text file."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING

from burn.api import AlertRequest, WriteRequest
from burn.api.standard_output import standard_output
from burn.builtin.sinks.settings import TableSettings
from burn.builtin.sinks.table import alerts, screen, without_bill
from burn.builtin.sinks.target import write_text
from burn.view import analysis
from burn.view.summary import Limits, summarise

if TYPE_CHECKING:
    from typing import TextIO

    from rich.console import Console

    from burn.api import Report
    from burn.view.summary import Summary

LEAST_WIDTH = 80
"""Also where the width is unknown: a pipe, a file. With less, figures would have to be cut."""


class TableSink:
    """See the module."""

    def __init__(self, settings: TableSettings) -> None:
        self._settings = settings

    def write(self, request: WriteRequest) -> None:
        """Write the report; colour only on a terminal that wants it (NO_COLOR is honoured)."""
        self._write(request.target, lambda console: self._draw(console, request.report))

    def alert(self, request: AlertRequest) -> None:
        """Write what `burn check` found."""
        self._write(request.target, lambda console: alerts.draw(console, request.alerts))

    def _write(self, target: str | None, draw: Callable[[Console], None]) -> None:
        # The console looks at its file for colour and width, and writes to it even what it keeps.
        with standard_output() if target is None else nullcontext(io.StringIO()) as file:
            console = self._console(file)
            with console.capture() as captured:
                draw(console)
        lines = captured.get().splitlines()
        # Padding to full width is noise in a file and in a mail.
        write_text("\n".join(line.rstrip() for line in lines) + "\n", target)

    def _draw(self, console: Console, report: Report) -> None:
        chosen, currency = self._settings, report.info.currency
        if report.control is None:
            most = None if chosen.detail else without_bill.KINDS
            limits = analysis.Limits(most, chosen.namespaces, chosen.workloads, chosen.findings)
            made = analysis.analysed(report, limits)
            (without_bill.draw_all if chosen.detail else without_bill.draw)(console, made, currency)
            return
        shown = Limits(chosen.services, chosen.namespaces, chosen.workloads, chosen.findings)
        summary = summarise(report, shown)
        (draw if chosen.detail else screen.draw)(console, summary, currency)

    def _console(self, file: TextIO) -> Console:
        from rich.console import Console

        console = Console(file=file, highlight=False, markup=False, emoji=False)
        # A pipe has no width of its own, but whoever reads it may state one.
        known = console.width if console.is_terminal else _columns()
        console.width = max(LEAST_WIDTH, self._settings.width or known)
        return console


def _columns() -> int:
    stated = os.environ.get("COLUMNS", "")
    return int(stated) if stated.isdecimal() else LEAST_WIDTH


def draw(console: Console, summary: Summary, currency: str) -> None:
    """Everything, in reading order."""
    from burn.builtin.sinks.table import commitments, findings, header, notes, owners, waterfall

    wide = console.width >= waterfall.WIDE
    bars = console.encoding.lower().startswith("utf")
    parts = [
        *header.parts(summary),
        *waterfall.parts(summary.waterfall, currency, wide=wide, blocks=bars),
        *owners.parts(summary, currency),
        *commitments.parts(summary, currency),
        *findings.parts(summary, currency),
        *notes.parts(summary, currency),
    ]
    for part in parts:
        console.print(part)
