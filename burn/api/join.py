"""Several days of one cluster as one observation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from burn.api.contract import Observation
from burn.api.coverage import together
from burn.api.stack import stack

if TYPE_CHECKING:
    import pandas as pd

FRAMES = ("inventory", "presence", "pods", "usage", "mounts")
OPTIONAL = ("containers", "workloads")
"""Frames that a day may be without."""


def joined(days: Sequence[Observation]) -> Observation:
    """One observation of all the days, whose frames are valid if each day's are.

    For a source that observes day by day and is asked for a longer window.

    Args:
        days: at least one, in order.
    """
    if len(days) == 1:
        return days[0]

    def under_each_other(name: str) -> Any:
        frames: list[pd.DataFrame] = [getattr(day, name) for day in days]
        given = [frame for frame in frames if frame is not None]
        return stack(given) if given else None

    return Observation(
        **{name: under_each_other(name) for name in (*FRAMES, *OPTIONAL)},
        coverage=together([(day.coverage, len(day.inventory) > 0) for day in days]),
        as_written=all(day.as_written for day in days),
    )
