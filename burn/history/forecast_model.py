"""Daily cost ahead, in numpy: weekday effects, a damped trend, and intervals from its own backtests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

LEAST_DAYS = 14
"""Two weeks: with less, a weekday is not told from a change."""
LONGEST = 120
"""Days that are looked at; what was before has no say."""
_DAMPED = 0.9
_GRID = ((0.1, 0.0), (0.3, 0.0), (0.6, 0.0), (0.3, 0.1), (0.6, 0.1))
"""Weights of the newest day in level and trend; each series takes what missed it least."""
_FEW = 0.9
"""How much wider a sum of as many days as are known is: looks so far ahead were tried seldom. Set on
made-up months (tests/lab/daily_costs.py), and held on others: benchmarks/forecast.py."""


def ahead(history: np.ndarray[Any, Any], weekday: int, days: int) -> np.ndarray[Any, Any]:
    """The next days of several series.

    Args:
        history: series × days, at least `LEAST_DAYS`.
        weekday: of the first day of the history, 0 to 6.
        days: how many to look ahead.

    Returns:
        series × days.
    """
    import numpy as np

    count = history.shape[1]
    weekdays = (weekday + np.arange(count + days)) % 7
    effects = _weekdays(history, weekdays[:count])
    level, trend = _fitted(history - effects[:, weekdays[:count]])
    damped = np.cumsum(_DAMPED ** np.arange(1, days + 1))
    made: np.ndarray[Any, Any] = level[:, None] + trend[:, None] * damped
    made += effects[:, weekdays[count:]]
    return made


def _weekdays(
    history: np.ndarray[Any, Any], weekdays: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """What each weekday is above or below the week around it, as far as it is more than noise."""
    import numpy as np

    sums = np.cumsum(np.pad(history, ((0, 0), (1, 0))), axis=1)
    week = (sums[:, 7:] - sums[:, :-7]) / 7
    off = history[:, 3 : 3 + week.shape[1]] - week
    days = weekdays[3 : 3 + week.shape[1]]
    out = np.zeros((history.shape[0], 7))
    for day in range(7):
        found = off[:, days == day]
        if found.shape[1]:
            effect = np.median(found, axis=1)
            noise = found.var(axis=1) / found.shape[1]
            square = effect**2
            out[:, day] = effect * np.divide(
                np.maximum(square - noise, 0.0), square, out=np.zeros_like(square), where=square > 0
            )
    out -= out.mean(axis=1, keepdims=True)
    return out


def _fitted(series: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Level and trend at the end, by the weights that missed each series least."""
    import numpy as np

    alpha, beta = (np.array(one)[:, None] for one in zip(*_GRID, strict=True))
    level = np.repeat(series[None, :, :7].mean(axis=2), len(_GRID), axis=0)
    trend = np.zeros_like(level)
    missed = np.zeros_like(level)
    for day in range(series.shape[1]):
        expected = level + _DAMPED * trend
        error = series[:, day] - expected
        if day >= 7:
            missed += np.abs(error)
        new = expected + alpha * error
        trend = beta * (new - level) + (1 - beta) * _DAMPED * trend
        trend = np.where(beta == 0, 0.0, trend)
        level = new
    best = missed.argmin(axis=0)
    at = np.arange(series.shape[0])
    return level[best, at], trend[best, at]


@dataclass(frozen=True, slots=True)
class Tested:
    """How a forecast of the sum of all series did on the history it was given, day after day.

    Attributes:
        scale: by how much a day of a sum is missed at most, so many percent of the time.
        coverage: part of the sums that lay in the interval made without them.
        error: mean absolute error of a day.
        naive: the same of the week before, repeated.
        tries: sums that were looked at.
        known: days of the history.
    """

    scale: float
    coverage: float
    error: float
    naive: float
    tries: int
    known: int

    def half(self, days: int, until: int) -> float:
        """Half the width of the interval of a sum.

        A level that is wrong is wrong on each day, so errors do not even out over days.

        Args:
            days: of the sum.
            until: the last of them, counted from the end of the history.
        """
        return self.scale * days * (1 + _FEW * until / self.known)


def backtest(history: np.ndarray[Any, Any], weekday: int, days: int, level: float = 0.8) -> Tested:
    """Forecast the past from each day on, with what was known then; of the sum of all series.

    Args:
        history: as for `ahead`.
        weekday: as for `ahead`.
        days: how far ahead.
        level: part of the sums that an interval shall hold.
    """
    import numpy as np

    count = history.shape[1]
    whole = history.sum(axis=0)
    sums: list[tuple[int, float]] = []
    errors, naive = [], []
    for known in range(LEAST_DAYS, count):
        most = min(days, count - known)
        made = ahead(history[:, :known], weekday, most).sum(axis=0)
        actual = whole[known : known + most]
        before = np.resize(whole[known - 7 : known], most)
        errors.append(np.abs(made - actual).mean())
        naive.append(np.abs(before - actual).mean())
        missed = np.abs(np.cumsum(made - actual))
        sums += [(known, float(miss / n)) for n, miss in enumerate(missed, start=1)]
    origin = np.array([known for known, _ in sums])
    scaled = np.array([miss for _, miss in sums])
    held = []
    for known in np.unique(origin):
        mine = origin == known
        if (~mine).sum() >= 2:
            held.append((scaled[mine] <= _quantile(scaled[~mine], level)).mean())
    return Tested(
        scale=_quantile(scaled, level),
        coverage=float(np.mean(held)) if held else float("nan"),
        error=float(np.mean(errors)) if errors else float("nan"),
        naive=float(np.mean(naive)) if naive else float("nan"),
        tries=len(scaled),
        known=count,
    )


def _quantile(values: np.ndarray[Any, Any], level: float) -> float:
    """The conformal one: as if a value more were known."""
    import numpy as np

    if not len(values):
        return float("nan")
    rank = min(1.0, level * (len(values) + 1) / len(values))
    return float(np.quantile(values, rank, method="higher"))
