"""What is to be allocated: the cluster's cost, as each basis sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Costs:
    """What is to be allocated, in one currency.

    Attributes:
        assets: columns basis, asset_id, day, cost.
        shared: columns basis, day, driver, cost: cluster cost that belongs to no asset.
    """

    assets: pd.DataFrame
    shared: pd.DataFrame
