"""Billing months, as (year, month)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from burn.api.window import Window

Month = tuple[int, int]


def months_near(window: Window) -> list[Month]:
    """Months whose bill can hold lines of the window: those it overlaps, and their neighbours.

    A line can be billed one month late, and a monthly subscription that began in the month
    before reaches into this one.
    """
    first = window.start.replace(day=1, hour=0) - timedelta(days=1)
    last = window.end - timedelta(microseconds=1)
    stop = (last.year, last.month)
    months = [(first.year, first.month)]
    while months[-1] <= stop:
        months.append(following(months[-1]))
    return months


def following(month: Month) -> Month:
    """The month after."""
    year, number = month
    return (year + 1, 1) if number == 12 else (year, number + 1)


def start_of(month: Month) -> datetime:
    """The month's first instant."""
    return datetime(month[0], month[1], 1, tzinfo=UTC)


def complete_until(last: datetime, late: timedelta, first: datetime) -> datetime:
    """Until when usage is complete, by where it ends: a month that reaches its own end is.

    Args:
        last: the end of the newest usage.
        late: how long a provider adds usage to a day; the days that it may still fill do not count.
        first: of the bill; never before it.
    """
    midnight = last.replace(hour=0, minute=0, second=0, microsecond=0)
    return last if last == midnight and last.day == 1 else max(first, midnight - late)


def told(months: Iterable[Month]) -> str:
    """Months for a message."""
    return ", ".join(f"{year}-{month:02d}" for year, month in sorted(months))
