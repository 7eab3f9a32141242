"""Intervals of seconds, and how much of each hour they fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.money import UNIT
from tests.lab.things import Interval, World

if TYPE_CHECKING:
    import numpy as np

HOUR = 3600


def cut(interval: Interval, window: Interval) -> Interval | None:
    """The part of an interval inside a window."""
    start, end = max(interval[0], window[0]), min(interval[1], window[1])
    return (start, end) if start < end else None


def without(interval: Interval, holes: tuple[Interval, ...]) -> list[Interval]:
    """The interval minus some holes (sorted, apart from each other)."""
    out, at = [], interval[0]
    for start, end in holes:
        if end <= at or start >= interval[1]:
            continue
        if start > at:
            out.append((at, start))
        at = max(at, end)
    if at < interval[1]:
        out.append((at, interval[1]))
    return out


def observed(world: World, seen: Interval | None, window: Interval | None = None) -> list[Interval]:
    """When something was scraped: seen, inside the window, outside the gaps."""
    if seen is None:
        return []
    whole = (0, world.hours * HOUR)
    inside = cut(seen, cut(window or whole, whole) or (0, 0))
    return without(inside, world.gaps) if inside else []


def by_hour(interval: Interval, hours: int) -> tuple[np.ndarray, np.ndarray]:
    """Hours an interval touches, and the seconds it fills in each.

    Args:
        interval: seconds from the start; may begin before it or end after `hours`.
        hours: the world's length.
    """
    import numpy as np

    start, end = max(interval[0], 0), min(interval[1], hours * HOUR)
    if end <= start:
        return np.zeros(0, "int64"), np.zeros(0, "int64")
    hour = np.arange(start // HOUR, -(-end // HOUR), dtype="int64")
    filled = np.minimum((hour + 1) * HOUR, end) - np.maximum(hour * HOUR, start)
    return hour, filled


def hours_units(seconds: np.ndarray) -> np.ndarray:
    """Seconds as hours in units of 1e-10; exact when seconds are multiples of 36."""
    return seconds * (UNIT // HOUR) + (seconds * (UNIT % HOUR)) // HOUR
