"""What the share policies work with: who holds which part of an asset's resource on a day.

A window may hold millions of pod-hours, so all work is done on positions: of assets (each of its
days is a row of its own), of workloads, of hours. Text comes back only in the frame that
`parts_frame` makes, as categories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from burn.api import InventoryFrame, Observation, PodsFrame, schemas
from burn.api.rows_of import MICROSECONDS_PER_HOUR, RowsOf, steps
from burn.api.stack import stack

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

CARRIER = ["namespace", "workload_kind", "workload", "labels"]
HOURS = 24
ROUNDING = 1e-12
NOBODY = 0
"""Position of the carrier that stands for cost nobody carries."""
_CLAIMS = {"volume": "PersistentVolumeClaim", "load_balancer": "Service"}


class Part(NamedTuple):
    """Who holds how much of one resource of some assets on their day, a position each."""

    resource: str
    kind: str
    asset: NDArray[np.int64]
    who: NDArray[np.int64]
    part: NDArray[np.float64]
    """0 to 1; over all rows, those of one asset, day and resource add up to 1."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A window in positions.

    Attributes:
        inventory: one row per asset and day; a position of an asset is a row of it.
        assets: finds it.
        present: hours present, 0 to 1, as a table of asset × hour of its day.
        hours: hours present on the day, by asset.
        carriers: columns CARRIER; the first one is nobody.
        pods: finds a pod on its day.
        who: the carrier of each pod.
        claim: the carrier that each volume's claim or balancer's Service is; else nobody.
        pod, node: of each row of the usage frame; -1 where it is unknown on that day.
        hour: of each row of the usage frame, 0 to 23.
    """

    inventory: InventoryFrame
    assets: RowsOf
    present: NDArray[np.float64]
    hours: NDArray[np.float64]
    carriers: pd.DataFrame
    pods: RowsOf
    who: NDArray[np.int64]
    claim: NDArray[np.int64]
    pod: NDArray[np.int64]
    node: NDArray[np.int64]
    hour: NDArray[np.int64]

    @classmethod
    def of(cls, observed: Observation) -> Seen:
        """Find the positions of a window's assets, pods and carriers."""
        import numpy as np

        inventory, usage, there = observed.inventory, observed.usage, observed.presence
        assets = RowsOf.of(inventory["asset_id"], inventory["day"])
        pods = RowsOf.of(observed.pods["pod_uid"], observed.pods["day"])
        present = np.zeros((len(inventory), HOURS))
        asset = assets.find(there["asset_id"], there["hour"])
        known = asset >= 0
        hour = hour_of_day(there["hour"])
        present[asset[known], hour[known]] = there["hours"].to_numpy()[known]
        carriers, who = _carriers(inventory, observed.pods)
        return cls(
            inventory=inventory,
            assets=assets,
            present=present,
            hours=present.sum(axis=1),
            carriers=carriers,
            pods=pods,
            who=who[1 + len(inventory) :],
            claim=who[1 : 1 + len(inventory)],
            pod=pods.find(usage["pod_uid"], usage["hour"]),
            node=assets.find(usage["asset_id"], usage["hour"]),
            hour=hour_of_day(usage["hour"]),
        )

    def is_a(self, kind: str) -> NDArray[np.bool_]:
        """Which assets are of this kind."""
        return (self.inventory["kind"] == kind).to_numpy(dtype=bool)


def _carriers(inventory: InventoryFrame, pods: PodsFrame) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Distinct carriers, and which one is nobody's, each asset's and each pod's, in this order."""
    import numpy as np
    import pandas as pd

    claimed = inventory["kind"].isin(list(_CLAIMS)) & (inventory["namespace"] != "")
    told = inventory["owner_kind"].astype(object).fillna("")
    kinds = told.where(told != "", inventory["kind"].astype("str").map(_CLAIMS))
    labels = inventory["labels"].astype(object).fillna("")
    claims = pd.DataFrame(
        {
            "namespace": inventory["namespace"].where(claimed, ""),
            "workload_kind": kinds.where(claimed, ""),
            "workload": inventory["owner_name"].where(claimed, ""),
            "labels": labels.where(claimed & (labels != ""), "{}"),
        }
    )
    nobody = pd.DataFrame([["", "", "", "{}"]], columns=CARRIER)
    all_ = stack([f[CARRIER].astype("category") for f in (nobody, claims, pods)])
    number = all_.groupby(CARRIER, observed=True, sort=False).ngroup()
    return all_[~number.duplicated()], np.asarray(number, dtype=np.int64)


def hour_of_day(times: pd.Series[Any]) -> NDArray[np.int64]:
    """0 to 23."""
    return steps(times, MICROSECONDS_PER_HOUR) % HOURS


def sums(at: NDArray[np.int64], amounts: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Sum of the amounts at each position, in row order."""
    import numpy as np

    return np.asarray(np.bincount(at, weights=amounts, minlength=size), dtype=np.float64)


def remainder(held: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is left of 1; nothing where only the rounding of floats is left."""
    import numpy as np

    rest = 1.0 - held
    return np.where(rest > ROUNDING, rest, 0.0)


def parts_frame(seen: Seen, parts: Sequence[Part]) -> pd.DataFrame:
    """One row per part that holds something: asset (its position), resource, CARRIER, kind, part."""
    import numpy as np
    import pandas as pd

    part = np.concatenate([p.part for p in parts])
    held = part > 0

    def repeated(name: str, options: Sequence[str]) -> pd.Categorical[Any]:
        lengths = [len(p.part) for p in parts]
        codes = np.repeat([options.index(getattr(p, name)) for p in parts], lengths)
        return pd.Categorical.from_codes(codes[held], pd.Index(options))

    who = np.concatenate([p.who for p in parts])[held]
    asset = np.concatenate([p.asset for p in parts])[held]
    return pd.DataFrame(
        {
            "asset": asset,
            "resource": repeated("resource", schemas.RESOURCES),
            **{name: seen.carriers[name].array.take(who) for name in CARRIER},
            "kind": repeated("kind", schemas.COST_KINDS),
            "part": part[held],
        }
    )
