"""The part of a line that a window holds, a second time: for the count that checks the reader.

The reader works it out line by line in SQL (`span`, `terms`). The count groups the few lines that
are not wholly in the window by when they begin and end, and takes their part here, in exact
fractions. docs/reference/terms.md has the rule, and its sources.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from burn.api.window import Window

PLACES = Decimal("1e-12")
PARTED = "\u2016"
"""Between the parts of a key; in no text of a bill."""
_BEYOND = timedelta(days=1)
_LONG = timedelta(days=31)
"""What was measured within one month is no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What a provider says of lines at the border.

    Attributes:
        once: they are charged once.
        usage: they are usage.
        at: the instant that the export says they are charged, if they have a term.
    """

    once: bool
    usage: bool
    at: datetime | None = None


def key(
    window: Window,
    *,
    start: str,
    end: str,
    month: str,
    near: str = "FALSE",
    others: Sequence[str] = (),
) -> str:
    """SQL to group lines by: NULL on all but those at the border, of which it is the text.

    One key, since each costs its time on every line.

    Args:
        window: what is read.
        start: SQL of where a line's charge period begins.
        end: where it ends.
        month: the first instant of its billing month.
        near: of the lines that are wholly before or after the window, those that are looked at too.
        others: what else tells lines at the border apart.
    """
    first, last = (
        f"CAST('{at:%Y-%m-%d %H:%M:%S}' AS TIMESTAMP)" for at in (window.start, window.end)
    )
    until = f"COALESCE({end}, {start})"
    crossing = (
        f"({start} < {first} AND {until} > {first}) OR ({start} < {last} AND {until} > {last})"
    )
    test = crossing if near == "FALSE" else f"{crossing} OR ({near})"
    items = [f"COALESCE(CAST({sql} AS VARCHAR), '')" for sql in (start, end, month, *others)]
    parts = f", '{PARTED}', ".join(items)
    return f"CASE WHEN {test} THEN CONCAT({parts}) END"


def with_parts(
    rows: Iterable[Mapping[str, Any]],
    window: Window,
    charge: Callable[[Sequence[str]], Charge],
    amounts: Mapping[str, str],
) -> list[dict[str, Any]]:
    """The rows of a query grouped by `key`, with the window's part of their amounts.

    What the export says is charged in the window is in it, whatever time it is for.

    Args:
        rows: of the query, with the key as `border`, and a `fate`; what is not in the window has no
            part.
        window: what is read.
        charge: what lines are, of the `others` of their key.
        amounts: name of a part → name of the whole amount.
    """
    found = []
    for row in rows:
        fate = row["fate"]
        part = Fraction(fate == "window")
        if row["border"] is not None and fate in ("window", "other period"):
            first, last, billed, *others = str(row["border"]).split(PARTED)
            at, start = charge(others), _required(first)
            end, month = instant(last), instant(billed)
            if fate == "window":
                part = part_inside(window, at, start=start, end=end, month=month)
            elif at.at is not None and _has_term(at, start, end, month):
                part = Fraction(window.start <= at.at < window.end)
                fate = "window" if part else fate
        parts = {name: _times(row[whole], part) for name, whole in amounts.items()}
        found.append({**row, "fate": fate, **parts})
    return found


def part_inside(
    window: Window, charge: Charge, *, start: datetime, end: datetime | None, month: datetime | None
) -> Fraction:
    """Of a line's amount, what the window holds: by time, or all or nothing of money with a term."""
    if _has_term(charge, start, end, month):
        at = charge.at
        if at is None:
            late = month is not None and end is not None and start < month < end
            at = month if late and month is not None else start
        return Fraction(window.start <= at < window.end)
    if end is None or end <= start:
        return Fraction(1)
    held = min(end, window.end) - max(start, window.start)
    return max(Fraction(0), Fraction(_seconds(held), _seconds(end - start)))


def instant(value: Any) -> datetime | None:
    """A result's instant in UTC, whichever way the engine tells it."""
    if value is None or value == "":
        return None
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _required(value: Any) -> datetime:
    at = instant(value)
    assert at is not None  # noqa: S101 (looked at before)
    return at


def _has_term(
    charge: Charge, start: datetime, end: datetime | None, month: datetime | None
) -> bool:
    if charge.once and not charge.usage:
        return True
    if end is None or month is None:
        return False
    last_day = month.replace(
        day=calendar.monthrange(month.year, month.month)[1], hour=0, minute=0, second=0
    )
    days_beyond = end.date() - last_day.date()
    if days_beyond <= _BEYOND:
        return False
    return not charge.usage or end.date() - start.date() > _LONG


def _seconds(span: timedelta) -> int:
    return span.days * 86400 + span.seconds


def _times(amount: Any, part: Fraction) -> Decimal:
    whole = Decimal(str(amount or 0))
    if part == 1:
        return whole
    exact = Fraction(whole) * part
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(PLACES)
