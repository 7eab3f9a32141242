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


def hourly_costs(
    groups: pd.Series[int], presence: pd.DataFrame, left: pd.DataFrame, hours: int
) -> pd.DataFrame:
    """On-demand cost of each hour by group of nodes; hours without any are there, too.

    What a node cost on demand lies evenly on the hours in which it was seen.

    Args:
        groups: of each node, by asset_id.
        presence: which nodes were there, hour by hour.
        left: see `burn.planning.paid`.
        hours: of the window.
    """
    import pandas as pd

    there = presence.merge(left, on="asset_id")
    seen = there.groupby("asset_id")["hours"].transform("sum")
    there = there.assign(
        group=groups.reindex(there["asset_id"]).to_numpy(),
        open=there["cost"] * there["standard"] * there["hours"] / seen,
    )
    by_hour = there.pivot_table(
        index="hour", columns="group", values="open", aggfunc="sum", fill_value=0.0
    )
    missing = max(0, hours - len(by_hour))
    blank = pd.DataFrame(0.0, index=range(missing), columns=by_hour.columns)
    return pd.concat([by_hour, blank], ignore_index=True)


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
