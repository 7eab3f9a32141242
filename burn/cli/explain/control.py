"""`burn explain control`: each file of the bill, counted by itself, and what became of its lines."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from burn.api.money import cents, count, figure
from burn.cli import console

if TYPE_CHECKING:
    from burn.api import ControlTotal, Report

NAME = "control"
_COLUMNS = ("file", "fate", "lines", "amount", "in the window")
_WHY = (
    "Each file is counted by itself, from its own columns, before it is read. Every line and amount "
    "must turn up below: in the window, or left out for a stated reason. A run whose counts differ "
    "stops."
)
_NOT_COUNTED = "This provider does not count its files: only lines and amount are counted twice."


def explain_control(report: Report, limit: int, *, as_json: bool) -> None:
    """The control total of a run: files, fates, and what was not read."""
    if as_json:
        from burn.builtin.sinks.json_sink import plain

        head = {"window": str(report.info.window), "residual": report.totals.residual}
        console.data_json({**plain(head), **plain(asdict(report.counted))})
    else:
        _print(report, limit)


def _print(report: Report, limit: int) -> None:
    control = report.counted
    billed = f"{figure(cents(float(control.billed)))} {control.currency}"
    console.data(f"Control total: {count(control.lines, 'line')}, {billed}")
    console.data(f"in {report.info.window}, residual {figure(cents(report.totals.residual))}\n")
    console.prose(_WHY if control.files else _NOT_COUNTED)
    if control.files:
        console.data("")
        _table(control, limit)
        rows = sum(one.rows for one in control.files)
        known = sum(one.rows for one in control.accounted)
        console.data(f"\n{count(rows, 'line')} in the files, {count(known, 'line')} accounted for")
    if control.unread:
        console.data("\nNot read:")
        for one in control.unread:
            console.prose(one, label="  ")


def _table(control: ControlTotal, limit: int) -> None:
    rows = [
        (
            *(one.file, one.fate, f"{one.rows:,}"),
            f"{figure(cents(float(one.amount)))} {one.currency}",
            figure(cents(float(one.inside))) if one.fate == "window" else "",
        )
        for one in control.accounted
    ]
    console.table(_COLUMNS, rows[:limit], right=_COLUMNS[2:])
    if len(rows) > limit:
        rest = control.accounted[limit:]
        lines = count(sum(one.rows for one in rest), "line")
        amount = figure(cents(float(sum(one.amount for one in rest))))
        console.data(f"and {len(rest):,} more rows: {lines}, {amount}; see --limit")
