"""`burn trend`: cost over time, out of kept reports, as a table with sparklines, a page, JSON or CSV."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from burn.api import UsageError, Window
from burn.api.dimensions import problem
from burn.api.money import cents, count, figure, percent
from burn.cli import console, report_store
from burn.history.trend import BY, DRIVER, EVERY, TOTAL
from burn.plugin.messages import did_you_mean
from burn.text.clean import clean
from burn.view.waterfall import known

if TYPE_CHECKING:
    import pandas as pd

    from burn.cli.options import Flags
    from burn.history.trend import Trend

BLOCKS, PLAIN = "▁▂▃▄▅▆▇█", "_.,-=+*#"
SHOWN = 31
"""Periods of a sparkline, the newest."""
LABEL = 22
"""Of a name, so that a row is one line; JSON and CSV have all of it."""
_HEADS = ("", "trend", "previous", "latest", "change")


def trend(flags: Flags, by: str, every: str, limit: int, as_of: str | None, form: str) -> None:
    """What each day cost, by the newest final report of it, else the newest."""
    from burn.history.trend import trend as made

    if by not in BY and problem(by):
        _known("by", by, BY)
    if every:
        _known("every", every, EVERY)
    store = report_store.configured(flags)
    kept = report_store.listed(store)
    window = Window.parse(flags.window, now=datetime.now(UTC)) if flags.window else None
    over_time = made(store, report_store.asked(flags, as_of).of(kept), by, every, window)
    if form == "table":
        _print(over_time, by, limit)
        return
    if form == "html":
        _page(over_time, by, limit)
        return
    rows = _rows(over_time)
    if form == "csv":
        from burn.builtin.sinks.csv_sink import csv_text

        console.data("".join(csv_text(rows)).rstrip("\n"))
        return
    from burn.builtin.sinks.json_sink import plain

    head = {
        "by": by,
        "every": over_time.every,
        "currency": over_time.currency,
        "notes": list(over_time.notes),
    }
    console.data_json({**head, "rows": plain(rows.to_dict("records"))})


def _known(option: str, word: str, words: Sequence[str]) -> None:
    if word not in words:
        meant = did_you_mean(word, list(words))
        hint = f"{meant} it takes {', '.join(words)}".strip()
        raise UsageError(f"`--{option} {word}` is not known", hint=hint)


def _rows(found: Trend) -> pd.DataFrame:
    """period, name, amount, complete, final: one row a name and period."""
    long = found.amounts.melt(ignore_index=False, var_name="at", value_name="amount").reset_index()
    long = long.sort_values(["at", "name"], ignore_index=True)
    whose = [found.periods[at] for at in long["at"]]
    return long.assign(
        period=[f"{one.start:%Y-%m-%d}" for one in whose],
        complete=[one.complete for one in whose],
        final=[one.final for one in whose],
    )[["period", "name", "amount", "complete", "final"]]


def _print(found: Trend, by: str, limit: int) -> None:
    periods = found.periods
    first, last = periods[0].start, periods[-1].start
    console.data(
        f"{count(len(periods), found.every)} from {first:%Y-%m-%d} to that of {last:%Y-%m-%d},"
        f" {found.currency}\n"
    )
    lines = [_line(name, amounts, found) for name, amounts in _named(found, by, limit, LABEL)]
    marks = "".join(" " if one.final and one.complete else _mark(one) for one in periods[-SHOWN:])
    if marks.strip():
        lines.append(["", marks, "", "", ""])
    console.table(_HEADS, lines, right=_HEADS[2:])
    if any(not one.final for one in periods):
        console.prose("? the bill of these days can still change.")
    if any(not one.complete for one in periods):
        console.prose("~ not every day of it is kept.")
    for note in found.notes:
        console.prose(f"{note[:1].upper()}{note[1:]}.")


def _page(found: Trend, by: str, limit: int) -> None:
    from burn.builtin.sinks.html.trend import Line, Point, trend_page
    from burn.builtin.sinks.target import write_text

    points = [Point(one.start.date(), one.complete, one.final) for one in found.periods]
    lines = [
        Line(name, tuple(cents(float(one)) for one in amounts))
        for name, amounts in _named(found, by, limit)
    ]
    write_text(trend_page(by, found.every, found.currency, points, lines, found.notes), None)


def _named(found: Trend, by: str, limit: int, longest: int = 0) -> list[tuple[str, pd.Series[Any]]]:
    """The rows to show, the largest first; the rest of them summed."""
    order = (
        found.amounts.abs().sum(axis="columns").sort_values(ascending=False, kind="stable").index
    )
    names = list(order)
    if by == TOTAL:
        names = [one for one in ("REPORT", "CLUSTER", "ACCOUNT", "BILLED") if one in names]
    rows = [(_label(str(name), by, longest), found.amounts.loc[name]) for name in names[:limit]]
    if rest := names[limit:]:
        rows.append((f"{len(rest):,} others", found.amounts.loc[rest].sum()))
    return rows


def _mark(period: Any) -> str:
    return "~" if period.final else "?"


def _label(name: str, by: str, longest: int) -> str:
    label = known(name, "").title if by == DRIVER else clean(name)
    return label if not longest or len(label) <= longest else f"{label[: longest - 1]}…"


def _line(label: str, amounts: pd.Series[Any], found: Trend) -> list[str]:
    values = [float(one) for one in amounts]
    latest = cents(values[-1])
    if len(values) == 1:
        return [label, _spark(values), "", figure(latest), ""]
    before = cents(values[-2])
    # A part of a week beside a whole one is no fall.
    whole = all(one.complete for one in found.periods[-2:])
    change = percent(latest - before, abs(before)) if whole else ""
    return [label, _spark(values[-SHOWN:]), figure(before), figure(latest), change]


def _spark(values: Sequence[float]) -> str:
    """A bar a period, from nothing to the largest amount; below nothing when all is."""
    encoding = (sys.stdout.encoding or "").lower()
    steps = BLOCKS if encoding.startswith("utf") else PLAIN
    low, high = min(0.0, *values), max(0.0, *values)
    width = high - low
    if not width:
        return steps[0] * len(values)
    top = len(steps) - 1
    return "".join(steps[round((one - low) / width * top)] for one in values)
