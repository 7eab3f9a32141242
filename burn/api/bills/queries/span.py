"""Time in SQL: which lines a window holds, and what part of each."""

from __future__ import annotations

from datetime import datetime, timedelta

from burn.api.bills.queries.sql import MONEY
from burn.api.window import Window


def instant(at: datetime, *, zoned: bool = False) -> str:
    """A timestamp literal; zoned: to compare with a column that has a time zone."""
    return f"CAST('{at:%Y-%m-%d %H:%M:%S}' AS {'TIMESTAMPTZ' if zoned else 'TIMESTAMP'})"


def overlaps(
    window: Window, start: str = "start_at", end: str = "end_at", *, zoned: bool = False
) -> str:
    """A line is in the window when any part of its charge period is; an instant, when it is."""
    first, last = instant(window.start, zoned=zoned), instant(window.end, zoned=zoned)
    return f"{start} < {last} AND ({end} > {first} OR {start} >= {first})"


def share(window: Window, start: str = "start_at", end: str = "end_at") -> str:
    """The part of a line's charge period inside the window, by seconds; NULL: all of it."""
    first, last = instant(window.start), instant(window.end)
    inside = f"{start} >= {first} AND {end} <= {last}"
    part = (
        f"CAST(DATE_DIFF('second', GREATEST({start}, {first}), LEAST({end}, {last})) AS DOUBLE)"
        f" / DATE_DIFF('second', {start}, {end})"
    )
    return (
        f"CASE WHEN {end} IS NULL OR {end} <= {start} OR ({inside}) THEN NULL "
        f"WHEN {start} >= {last} OR {end} <= {first} THEN 0 ELSE {part} END"
    )


def hours(window: Window, since: str) -> str:
    """Hours of the window that a line longer than a day covers, from its first day on; else NULL.

    What such a line is for (a month's fee) lies on all its days, and it has one row only.

    Args:
        window: what is read.
        since: the instant from which a line counts in it.
    """
    last = instant(window.end)
    day = f"DATE_TRUNC('day', {since})"
    seconds = f"DATE_DIFF('second', {day}, LEAST(end_at, {last}))"
    return (
        "CASE WHEN DATE_DIFF('second', start_at, end_at) > 86400 "
        f"THEN CAST({seconds} AS DOUBLE) / 3600 END"
    )


def within(amount: str, *, crossing: bool, share: str = "share") -> str:
    """An exact amount, or its part in the window where the line crosses a border."""
    if not crossing:
        return amount
    part = f"CAST(CAST({amount} AS DOUBLE) * {share} AS {MONEY})"
    return f"CASE WHEN {share} IS NULL THEN {amount} ELSE {part} END"


def months(window: Window) -> list[str]:
    """Billing months a window's charges can be in, `YYYY-MM`: its own and their neighbours."""
    first = (window.start.replace(day=1) - timedelta(days=1)).replace(day=1)
    last = (window.end - timedelta(microseconds=1)).replace(day=1) + timedelta(days=32)
    found, at = [], first
    while at <= last:
        found.append(f"{at:%Y-%m}")
        at = (at + timedelta(days=32)).replace(day=1)
    return found
