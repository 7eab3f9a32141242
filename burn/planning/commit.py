"""What to commit to: the part of on-demand cost that nearly every hour has, after the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from burn.api.find import MONTH_HOURS

if TYPE_CHECKING:
    import pandas as pd

FLOOR = 0.1
"""Part of the hours that may have less on-demand cost than is committed to."""


@dataclass(frozen=True, slots=True)
class Floor:
    """A commitment.

    Attributes:
        hourly: on-demand cost an hour that it would cover.
        saving: an hour, on average over the window; what is committed and not used counts against it.
    """

    hourly: float
    saving: float


def floor(hourly: pd.Series[float], unused: float, discount: float) -> Floor:
    """The commitment to the hours' 10th percentile.

    Args:
        hourly: on-demand cost of each hour of the window, hours without any included.
        unused: on-demand cost an hour that existing commitments would cover, which comes first.
        discount: of a commitment, 0 to 1.
    """
    import numpy as np

    if hourly.empty:
        return Floor(0.0, 0.0)
    low = float(np.quantile(hourly.to_numpy(), FLOOR, method="inverted_cdf"))
    amount = max(0.0, low - unused)
    open_ = (hourly - unused).clip(lower=0.0)
    covered = float(open_.clip(upper=amount).mean())
    return Floor(amount, covered - amount * (1 - discount))


def break_even(discount: float) -> float:
    """Hours of a month from which on a committed hour costs less than on-demand ones."""
    return MONTH_HOURS * (1 - discount)
