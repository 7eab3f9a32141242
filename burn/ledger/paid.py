"""Effective prices of a kept run: what an hour of each kind of asset was truly paid there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from burn.api import AssetsFrame, DataError, InventoryFrame, PriceFrame
from burn.api.money import count

if TYPE_CHECKING:
    import pandas as pd

LIKE = ["kind", "instance_type", "capacity_type", "region"]
"""What makes two assets cost the same: a node's type and how it is bought, a volume's class."""


@dataclass(frozen=True, slots=True)
class Paid:
    """What a kept run paid.

    Attributes:
        run_id, window: of that run.
        assets: its `assets` frame; what has no paid quantity says nothing.
        currency: of its amounts.
    """

    run_id: str
    window: str
    assets: AssetsFrame
    currency: str


@dataclass(frozen=True, slots=True)
class Repriced:
    """Prices at what was paid.

    Attributes:
        costs: columns asset_id, day, cost; every row of the prices.
        note: what they are, and which assets are at list price for want of a better one.
    """

    costs: pd.DataFrame
    note: str


def reprice(paid: Paid, prices: PriceFrame, inventory: InventoryFrame) -> Repriced:
    """Each asset at the mean of what its like was paid for; else at list price, and said.

    The mean is over all that the run paid for assets alike, commitments and negotiated rates in it.

    Raises:
        DataError: the two are in different currencies.
    """
    own = str(prices["currency"].iloc[0])
    if own != paid.currency:
        raise DataError(
            f"run {paid.run_id} paid in {paid.currency}, the list prices are in {own}",
            hint="give prices in the currency of the bill, or use --prices list",
        )
    like = paid.assets[paid.assets["paid_quantity"] > 0]
    keys = [*LIKE, "unit"]
    sums = (
        like.astype(dict.fromkeys(keys, "str")).groupby(keys)[["paid_quantity", "paid_cost"]].sum()
    )
    rate = (sums["paid_cost"] / sums["paid_quantity"]).rename("rate").reset_index()
    rows = prices[["asset_id", "day", "quantity", "unit", "list_cost"]].merge(
        inventory[["asset_id", "day", *LIKE]], on=["asset_id", "day"], how="left"
    )
    rows = rows.astype(dict.fromkeys([*keys, "asset_id"], "str")).merge(rate, on=keys, how="left")
    unknown = rows["rate"].isna() & (rows["list_cost"] != 0)
    cost = (rows["quantity"] * rows["rate"]).fillna(rows["list_cost"])
    note = f"effective prices are those that run {paid.run_id} paid in {paid.window}"
    if unknown.any():
        left = rows[unknown]
        kinds = sorted(
            {" ".join(filter(None, key)) for key in zip(*(left[k] for k in LIKE), strict=True)}
        )
        more = f" and {len(kinds) - 3} more kinds" if len(kinds) > 3 else ""
        note += (
            f"; it paid for nothing like {count(left['asset_id'].nunique(), 'asset')}"
            f" ({', '.join(kinds[:3])}{more}), which are at list price"
            f" ({left['list_cost'].sum():,.2f} of it)"
        )
    return Repriced(rows[["asset_id", "day"]].assign(cost=cost), note)
