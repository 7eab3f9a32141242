"""What a run keeps of observed days for advice on containers, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from burn.api import schemas
from burn.planning.demand import Demand, demand, together
from burn.sizing import advise, by_day, latest
from burn.sizing.days import newest

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import Observation, SizesFrame, Thresholds, WorkloadsFrame


@dataclass(frozen=True, slots=True)
class Facts:
    """Of a window: see `burn.sizing.days` and `burn.planning.demand`."""

    containers: pd.DataFrame | None
    workloads: pd.DataFrame | None
    demand: Demand

    def and_later(self, later: Facts) -> Facts:
        """Of both windows; of pods only the busiest hours are left, so that days do not pile up."""
        import pandas as pd

        days = [one.containers for one in (self, later) if one.containers is not None]
        known = [one.workloads for one in (self, later) if one.workloads is not None]
        return Facts(
            pd.concat(days, ignore_index=True) if days else None,
            newest(known) if known else None,
            together([self.demand, later.demand]),
        )


@dataclass(frozen=True, slots=True)
class Advice:
    """Of all windows: what `FindRequest` has of them; None where no day has such facts."""

    sizes: SizesFrame | None
    workloads: WorkloadsFrame | None


def kept(seen: Observation) -> Facts:
    """Keep of a window what advice needs."""
    return Facts(by_day(seen), latest(seen), demand(seen))


def advice(facts: Facts, limits: Thresholds) -> Advice:
    """What the whole window comes to."""
    workloads, sizes = facts.workloads, None
    if workloads is not None:
        workloads = schemas.WORKLOADS.validate(workloads, author="burn")
    if facts.containers is not None:
        sizes = advise(facts.containers, workloads, limits)
    return Advice(sizes, workloads)
