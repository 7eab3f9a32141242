"""Rates that the bill itself teaches: public cost ÷ amount, of the asset, else of its like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import BillFrame, IdentityFrame, schemas

if TYPE_CHECKING:
    import pandas as pd

LIKE = ["service", "product", "region", "os"]
SOURCE = "bill"


def learn(wanted: pd.DataFrame, rows: BillFrame, identities: IdentityFrame) -> pd.Series[float]:
    """A unit price for each wanted row, NaN where the bill says nothing.

    The asset's own lines of the day go first, then its lines of the window, then the lines of
    assets with the same product, region and system. Lines under a spot price or a commitment
    whose public cost is no more than what they cost teach nothing: the export had no public cost.
    """
    taught = _amounts(rows, identities)
    assets = wanted[["asset_id", "kind", *LIKE]].drop_duplicates("asset_id")
    taught = taught.merge(assets, on=["asset_id", "kind"])
    day = _rate(taught, wanted, ["asset_id", "day"])
    window = _rate(taught, wanted, ["asset_id"])
    # A product that is not known (a storage class of any name) is not like any other.
    like = _rate(taught[taught["product"] != ""], wanted, LIKE)
    return day.fillna(window).fillna(like)


def _amounts(rows: BillFrame, identities: IdentityFrame) -> pd.DataFrame:
    modelled = rows["in_cluster"] & rows["x_cost_class"].isin(schemas.MODELLED_CLASSES)
    silent = rows["pricing_category"].isin(["Dynamic", "Committed"]) & (
        rows["list_cost"] <= rows["x_public_cost"]
    )
    kept = rows.loc[
        modelled & ~silent, ["day", "resource_key", "x_cost_class", "quantity", "list_cost"]
    ]
    found = kept.merge(identities[["asset_id", "resource_key"]], on="resource_key")
    return found.rename(columns={"x_cost_class": "kind"})


def _rate(taught: pd.DataFrame, wanted: pd.DataFrame, by: list[str]) -> pd.Series[float]:
    sums = taught.groupby(by, observed=True)[["quantity", "list_cost"]].sum()
    sums = sums[(sums["quantity"] > 0) & (sums["list_cost"] > 0)]
    rate = (sums["list_cost"] / sums["quantity"]).rename("rate").reset_index()
    found = wanted[by].merge(rate, on=by, how="left")["rate"]
    found.index = wanted.index
    return found
