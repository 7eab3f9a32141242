"""Quantiles of several distributions put together, of each of which a few quantiles are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from burn.api.containers import QUANTILES

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]

LEVELS = (0.0, *QUANTILES.values())
_STEPS = 60
"""Halvings of the span from 0 to the highest value: more than a float can tell."""


def mixed(
    values: Numbers, weights: Numbers, codes: Any, size: int, levels: Sequence[float]
) -> Numbers:
    """Quantiles of each group's mixture, size × levels; NaN of a group without weight.

    Between two known quantiles a distribution is taken to be even; what is below the first is taken for
    the first, so that a quantile is rather too high than too low.

    Args:
        values: row × the quantiles of `QUANTILES`, rising; no NaN.
        weights: of the rows; how many samples each stands for.
        codes: row → group, 0 … size-1.
        size: number of groups.
        levels: which quantiles, 0 to 1.
    """
    import numpy as np

    codes = np.asarray(codes, dtype=np.int64)
    total = np.bincount(codes, weights, minlength=size)
    top = np.zeros(size)
    np.maximum.at(top, codes, values[:, -1])
    points = np.concatenate([values[:, :1], values], axis=1)
    out = np.full((size, len(levels)), np.nan)
    for column, level in enumerate(levels):
        low, high = np.zeros(size), top.copy()
        for _ in range(_STEPS):
            middle = (low + high) / 2
            below = np.bincount(
                codes, weights * _share_below(points, middle[codes]), minlength=size
            )
            enough = below >= level * total * (1 - 1e-12)
            high, low = np.where(enough, middle, high), np.where(enough, low, middle)
        out[:, column] = np.where(total > 0, high, np.nan)
    return out


def _share_below(points: Numbers, at: Numbers) -> Any:
    """Of each row, the part of its samples that are at most `at`."""
    import numpy as np

    levels = np.asarray(LEVELS)
    passed = (points <= at[:, None]).sum(axis=1)
    left = np.clip(passed - 1, 0, len(LEVELS) - 1)
    right = np.minimum(passed, len(LEVELS) - 1)
    rows = np.arange(len(points))
    a, b = points[rows, left], points[rows, right]
    width = np.where(b > a, b - a, 1.0)
    return levels[left] + (levels[right] - levels[left]) * np.clip((at - a) / width, 0.0, 1.0)
