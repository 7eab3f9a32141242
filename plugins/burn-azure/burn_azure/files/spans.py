"""Days that a delivery covers, and how they are told."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterator
from datetime import date, timedelta

from burn.api.bills.months import Month

DAY = timedelta(days=1)


def days_of(first: date, last: date) -> frozenset[date]:
    """Every day from first to last, both included; the first alone where last lies before it."""
    count = max((last - first).days, 0) + 1
    return frozenset(first + n * DAY for n in range(count))


def days_of_month(month: Month) -> frozenset[date]:
    """The days of a calendar month."""
    return days_of(date(*month, 1), date(*month, calendar.monthrange(*month)[1]))


def months_of(days: Collection[date]) -> set[Month]:
    """The months that any of the days is in."""
    return {(day.year, day.month) for day in days}


def ranges(days: Collection[date]) -> Iterator[tuple[date, date]]:
    """First and last of each unbroken run of days, in order."""
    left = sorted(days)
    while left:
        count = next((n for n, day in enumerate(left) if day != left[0] + n * DAY), len(left))
        yield left[0], left[count - 1]
        left = left[count:]


def told_days(days: Collection[date]) -> str:
    """Days for a message: `2026-10-01 to 2026-10-05, 2026-10-09`."""
    return ", ".join(
        f"{first}" if first == last else f"{first} to {last}" for first, last in ranges(days)
    )
