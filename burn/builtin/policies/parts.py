"""What the share policies work with: who holds which part of an asset's resource on a day.

A parts frame has the columns below; per asset and resource its parts add up to 1. Text is
categorical and work is done on integer codes: a day may hold millions of pod-hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from burn.api import PodsFrame, PresenceFrame

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

KEY = ["asset_id", "resource"]
CARRIER = ["namespace", "workload_kind", "workload", "labels"]
PART_COLUMNS = [*KEY, *CARRIER, "kind", "part"]
HOURS = 24
ROUNDING = 1e-12


def codes(values: pd.Series[str], index: pd.Index[Any]) -> NDArray[np.int64]:
    """Where each value stands in a unique index; -1 where it is not in it."""
    import numpy as np
    import pandas as pd

    if isinstance(values.dtype, pd.CategoricalDtype):
        at, unique = values.cat.codes.to_numpy(), values.cat.categories
    else:
        at, unique = pd.factorize(values)
    return np.append(index.get_indexer(pd.Index(unique)), -1)[at].astype(np.int64)


def presence_grid(presence: PresenceFrame, assets: pd.Index[Any]) -> NDArray[np.float64]:
    """Hours present, 0 to 1, as a table of asset × hour of the day."""
    import numpy as np

    grid = np.zeros((len(assets), HOURS))
    asset = codes(presence["asset_id"], assets)
    known = asset >= 0
    hour = presence["hour"].dt.hour.to_numpy()
    grid[asset[known], hour[known]] = presence["hours"].to_numpy()[known]
    return grid


def sums(at: NDArray[np.int64], amounts: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Sum of the amounts at each position, in row order."""
    import numpy as np

    return np.asarray(np.bincount(at, weights=amounts, minlength=size), dtype=np.float64)


def remainder(held: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is left of 1; nothing where only the rounding of floats is left."""
    import numpy as np

    rest = 1.0 - held
    return np.where(rest > ROUNDING, rest, 0.0)


@dataclass(frozen=True, slots=True)
class Carriers:
    """The distinct workloads of a day, and which one each pod belongs to."""

    who: pd.DataFrame
    """Columns CARRIER, one row per workload and label set."""
    pods: pd.Index[Any]
    number: NDArray[np.int64]
    """Row of `who` for each pod."""

    @classmethod
    def of(cls, pods: PodsFrame) -> Carriers:
        """Group a day's pods by who they are."""
        import numpy as np
        import pandas as pd

        text = pods[CARRIER].astype("category")
        number = text.groupby(CARRIER, observed=True, sort=False).ngroup()
        who = text[~number.duplicated()].reset_index(drop=True)
        return cls(who, pd.Index(pods["pod_uid"].astype("str")), np.asarray(number, dtype=np.int64))


def parts_frame(
    assets: pd.Index[Any],
    at: NDArray[np.int64],
    resource: str,
    part: NDArray[np.float64],
    *,
    kind: str = "direct",
    who: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Rows of a parts frame, without those that hold nothing.

    Args:
        assets: all assets.
        at: the asset of each row, as a position in `assets`.
        resource: the same for all rows.
        part: of the asset's resource, 0 to 1.
        kind: the same for all rows.
        who: columns CARRIER, a row each; None when nobody carries the cost.
    """
    import numpy as np
    import pandas as pd

    held = part > 0
    count = int(held.sum())

    def same(text: str) -> pd.Categorical[Any]:
        return pd.Categorical.from_codes(np.zeros(count, dtype=np.int8), pd.Index([text]))

    carrier = (
        {name: same("{}" if name == "labels" else "") for name in CARRIER}
        if who is None
        else {name: who[name].astype("category").array[held] for name in CARRIER}
    )
    return pd.DataFrame(
        {
            "asset_id": pd.Categorical.from_codes(at[held], categories=assets),
            "resource": same(resource),
            **carrier,
            "kind": same(kind),
            "part": part[held],
        },
        columns=PART_COLUMNS,
    )
