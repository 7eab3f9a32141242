"""Days that cost more or less than their weekday leads one to expect: robust, and slow to cry.

What is expected of a day is the level of the two weeks before, plus what its weekday is above or below its
week, both as medians over up to six weeks. A day counts if it is off by the least money, by the least
percent of what was expected, and by `SURE` times what days are usually off by. Days in a row are one event,
told by its first; its days are not learnt from for two weeks, and then are the new level.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

WEEKS = 6
LEAST_WEEKS = 3
SURE = 4.0
"""Robust standard deviations that a day must be off by."""
NOT_LEARNT = 14
"""Days for which an event's days are no part of what is expected."""
GAP = 7
"""So many usual days end an event; fewer may be a weekend that is below the floors."""
_FOUR_OF_FIVE = 1.2816 * 2**0.5 * 0.92
"""That quantile of differences, less the median of seven, in standard deviations."""
_MEDIAN = 1.57
"""Variance of a median against that of a mean: π/2."""


@dataclass(frozen=True, slots=True)
class Event:
    """Days in a row that are off in one direction.

    Attributes:
        row: of the series.
        first, last: its first and last day, by number.
        amount, expected: of the first day.
        excess: of all of its days.
    """

    row: int
    first: int
    last: int
    amount: float
    expected: float
    excess: float


def events(
    series: np.ndarray[Any, Any], amount: float, percent: float, *, firsts: tuple[int, ...] = ()
) -> list[Event]:
    """Every event, in the order of their first days.

    Args:
        series: a row a name, a column a day; NaN where it is not known, or could still change.
        amount: least money that a day must be off by.
        percent: least percent of what was expected.
        firsts: days that begin a month; what stood on the one before comes again.
    """
    import numpy as np

    rows, days = series.shape
    learnt = series.copy()
    off = np.zeros((rows, days), bool)
    open_: dict[int, Event] = {}
    done: list[Event] = []
    for day in range(7 * LEAST_WEEKS, days):
        weeks = min(WEEKS, day // 7)
        window = learnt[:, day - 7 * weeks : day].reshape(rows, weeks, 7)
        expected, doubt = _expected(window)
        miss = series[:, day] - expected
        least = np.maximum(np.maximum(amount, percent / 100 * np.abs(expected)), SURE * doubt)
        with np.errstate(invalid="ignore"):
            off[:, day] = np.abs(miss) >= least
        if day in firsts:
            off[:, day] &= ~_came_before(series, day, firsts, expected, percent)
        learnt[off[:, day], day] = np.nan
        if day >= NOT_LEARNT:
            learnt[:, day - NOT_LEARNT] = series[:, day - NOT_LEARNT]
        for row in np.flatnonzero(off[:, day]).tolist():
            was = open_.pop(row, None)
            if was and (was.excess > 0) == (miss[row] > 0):
                more = was.excess + float(miss[row])
                open_[row] = Event(was.row, was.first, day, was.amount, was.expected, more)
                continue
            done += [was] if was else []
            values = (float(one) for one in (series[row, day], expected[row], miss[row]))
            open_[row] = Event(row, day, day, *values)
        for row, one in list(open_.items()):
            usual = series[row, one.last + 1 : day + 1]
            if np.count_nonzero(~np.isnan(usual)) >= GAP:
                done.append(open_.pop(row))
    return sorted([*done, *open_.values()], key=lambda one: (one.first, one.row))


def _expected(window: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Of the day after (names × weeks × 7): what it will be, and by how much that is usually off.

    Both are NaN where too little is known.
    """
    import numpy as np

    weeks = window.shape[1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of weeks without a known day
        apart = window - _median(window, 2)[:, :, None]
        weekday = _median(apart, 1)
        level = (window - weekday[:, None, :]).reshape(len(window), -1)
        newest = _median(level[:, -14:], 1)
        base = np.where(np.isnan(newest), _median(level, 1), newest)
        size = np.abs(base[:, None] + weekday)
        size = np.maximum(size, size.max(axis=1, keepdims=True) / 5)
        # A week against the one before: no fit can make that smaller than it is. Weekends, say, that
        # cost less are off by less, so it is also taken in parts of what each weekday costs.
        change = np.abs(np.diff(apart, axis=1))
        share = np.where(size > 0, 1 / size, 0.0)[:, None, :]
        doubt = np.maximum(_spread(change), _spread(change * share) * size[:, 0])
    count = np.count_nonzero(~np.isnan(window.reshape(len(window), -1)), axis=1)
    enough = (count >= 7 * LEAST_WEEKS - 3) & ~np.isnan(weekday[:, 0])
    expected = np.where(enough, base + weekday[:, 0], np.nan)
    return expected, doubt * (1 + _MEDIAN / weeks + _MEDIAN / 14) ** 0.5


def _spread(change: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """A standard deviation from differences of two: by four of five of them, so that events do not count."""
    import numpy as np

    ordered = np.sort(change.reshape(len(change), -1), axis=1)  # NaN last
    count = np.count_nonzero(~np.isnan(ordered), axis=1, keepdims=True)
    at = np.ceil(0.8 * np.maximum(count - 1, 0)).astype("int64")
    return np.asarray(np.take_along_axis(ordered, at, 1)[:, 0] / _FOUR_OF_FIVE)


def _median(values: np.ndarray[Any, Any], axis: int) -> np.ndarray[Any, Any]:
    """The median of what is known; NumPy's own `nanmedian` is slow on many short rows."""
    import numpy as np

    ordered = np.sort(values, axis=axis)  # NaN last
    count = np.count_nonzero(~np.isnan(values), axis=axis, keepdims=True)
    low = np.take_along_axis(ordered, np.maximum((count - 1) // 2, 0), axis)
    high = np.take_along_axis(ordered, np.minimum(count // 2, values.shape[axis] - 1), axis)
    middle = np.where(count > 0, (low + high) / 2, np.nan)
    return np.asarray(np.squeeze(middle, axis))


def _came_before(
    series: np.ndarray[Any, Any],
    day: int,
    firsts: tuple[int, ...],
    expected: np.ndarray[Any, Any],
    percent: float,
) -> np.ndarray[Any, Any]:
    """Whether as much stood on the first of the month before: a fee that comes each month."""
    import numpy as np

    earlier = [one for one in firsts if one < day]
    if not earlier:
        return np.zeros(len(series), bool)
    before = series[:, earlier[-1]]
    with np.errstate(invalid="ignore"):
        alike = np.abs(series[:, day] - before) <= percent / 100 * np.abs(before)
        return np.asarray(alike & (np.abs(before) >= np.abs(expected)))
