"""What a run keeps of observed days for advice on containers, and what it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from burn.api import schemas
from burn.planning.demand import Demand, demand
from burn.sizing import advise, by_day, latest
from burn.sizing.days import newest

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import Observation, SizesFrame, Thresholds, WorkloadsFrame


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one window: see `burn.sizing.days` and `burn.planning.demand`."""

    containers: pd.DataFrame | None
    workloads: pd.DataFrame | None
    demand: Demand


@dataclass(frozen=True, slots=True)
class Advice:
    """Of all windows: what `FindRequest` has of them; None where no day has such facts."""

    sizes: SizesFrame | None
    workloads: WorkloadsFrame | None


def kept(seen: Observation) -> Facts:
    """Keep of a window what advice needs; memory does not grow with its pods."""
    return Facts(by_day(seen), latest(seen), demand(seen))


def advice(parts: Sequence[Facts], limits: Thresholds) -> Advice:
    """What all windows of a run come to."""
    import pandas as pd

    days = [part.containers for part in parts if part.containers is not None]
    known = [part.workloads for part in parts if part.workloads is not None]
    workloads = schemas.WORKLOADS.validate(newest(known), author="burn") if known else None
    sizes = advise(pd.concat(days, ignore_index=True), workloads, limits) if days else None
    return Advice(sizes, workloads)
