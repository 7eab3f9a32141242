"""Unit prices that the lines of a bill teach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from burn.api.frames import BillFrame, IdentityFrame


def taught(
    unpriced: pd.DataFrame, rows: BillFrame, identities: IdentityFrame, kept: pd.Series[bool]
) -> pd.Series[float]:
    """List cost ÷ quantity of an asset's own lines: of the day, else of the window.

    Args:
        unpriced: columns asset_id, kind, day; one price is looked for by row.
        rows: the bill.
        identities: ties its resources to assets.
        kept: which rows teach.

    Returns:
        A price for each unpriced row, in its order; NaN where the bill says nothing of the asset.
    """
    lines = rows.loc[kept, ["day", "resource_key", "x_cost_class", "quantity", "list_cost"]]
    found = lines.merge(identities[["asset_id", "resource_key"]], on="resource_key")
    found = found.rename(columns={"x_cost_class": "kind"})
    day = _rate(found, unpriced, ["asset_id", "kind", "day"])
    return day.fillna(_rate(found, unpriced, ["asset_id", "kind"]))


def _rate(found: pd.DataFrame, unpriced: pd.DataFrame, by: list[str]) -> pd.Series[Any]:
    sums = found.groupby(by, observed=True)[["quantity", "list_cost"]].sum()
    sums = sums[(sums["quantity"] > 0) & (sums["list_cost"] > 0)]
    rate = (sums["list_cost"] / sums["quantity"]).rename("rate").reset_index()
    return unpriced[by].merge(rate, on=by, how="left")["rate"].set_axis(unpriced.index)
