"""What nodes cost for being there, and how they were bought, from a closed ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def by_node(paid: pd.DataFrame) -> pd.DataFrame:
    """One row an asset: asset_id, effective `cost`, and the parts of it `committed` and `standard`, 0 to 1.

    A discount that is a line of its own is shared by both parts alike.

    Args:
        paid: see `burn.stages.reconcile.Reconciled`.
    """
    sums = paid.groupby("asset_id")[["cost", "modelled", "committed", "standard"]].sum()
    whole = sums["modelled"].where(sums["modelled"] > 0)
    parts = {
        name: (sums[name] / whole).fillna(0.0).clip(0.0, 1.0) for name in ("committed", "standard")
    }
    return sums[["cost"]].assign(**parts).reset_index()
