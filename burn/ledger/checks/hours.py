"""A node's hours: billed beyond a day they are on the bill twice, below what it ran they are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import DataError
from burn.api.money import count
from burn.ledger.shared_resources import is_shared

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd

    from burn.api import IdentityFrame, PriceFrame

DAY = 25.0
"""Hours a day from which a note is due: an hour may be counted on the day it began, or twice
when a machine was started anew in it."""
SLACK = 1.5
"""Hours a day that a node may be seen and not billed: the ends of its life, each rounded."""
TWICE = 36.0
"""Hours a day that no such rounding explains."""


def require_possible(
    landed: pd.DataFrame, identities: IdentityFrame, prices: PriceFrame
) -> str | None:
    """A note where assets have more billed hours than a day has; None: none has.

    Looked at are lines of assets that are priced by the hour, on resources of one asset each; lines
    that are longer than a day lie whole on their first and are left out.

    Args:
        landed: bill rows with `asset_id` and `landing`.
        identities: which resources are shared.
        prices: asset × day, with the unit that its bill rows are counted in.

    Raises:
        DataError: an asset has so many that its lines must be there twice.
    """
    rows = _of_nodes(landed, prices)
    rows = rows[~(rows["x_hours"] > 0) & ~_of_several(rows, identities)]
    days = rows.groupby(["asset_id", "day"], as_index=False)["quantity"].sum()
    odd = days[days["quantity"] > DAY].sort_values("quantity", ascending=False, kind="stable")
    if odd.empty:
        return None
    first = odd.iloc[0]
    told = (
        f"{first['asset_id']} is billed {first['quantity']:,.1f} hours on"
        f" {first['day']:%Y-%m-%d} ({count(len(odd), 'such day')} of"
        f" {count(odd['asset_id'].nunique(), 'node')})"
    )
    if float(first["quantity"]) > TWICE:
        raise DataError(
            f"{told}: these lines are on the bill more than once",
            hint="look for a second copy of a file or export; `burn explain control` lists the files",
        )
    return f"{told}: are some lines on the bill more than once?"


def fewer_hours(
    landed: pd.DataFrame, identities: IdentityFrame, prices: PriceFrame, until: datetime | None
) -> str | None:
    """A note where nodes are billed fewer hours than the metrics show them; None: none is.

    The cloud bills a node from before it is seen until after, so billed hours that lack are lines
    that lack. The newest day of a bill may be there in part and is left out, and so are nodes with
    lines that are longer than a day, or that are split over several nodes.

    Args:
        landed: bill rows with `asset_id` and `landing`.
        identities: which resources are shared.
        prices: asset × day, with the hours that were seen.
        until: the first of the days that are known to be missing (`undelivered`).
    """
    rows = _of_nodes(landed, prices)
    vague = (rows["x_hours"] > 0) | _of_several(rows, identities)
    rows = rows[~rows["asset_id"].isin(set(rows.loc[vague, "asset_id"]))]
    if rows.empty:
        return None
    newest = rows["day"].max() if rows["day"].nunique() > 1 else None
    by = ["asset_id", "day"]
    billed = rows.groupby(by)["quantity"].sum()
    ran = prices[prices["asset_id"].isin(set(rows["asset_id"])) & (prices["unit"] == "hours")]
    if newest is not None:
        ran = ran[ran["day"] < newest]
    if until is not None:
        ran = ran[ran["day"] < until]
    hours = ran.groupby(by)["quantity"].sum()
    short = hours - billed.reindex(hours.index).fillna(0.0)
    odd = short[short > SLACK]
    if odd.empty:
        return None
    nodes = odd.index.get_level_values("asset_id").nunique()
    return (
        f"the bill has fewer hours than the metrics show for {count(nodes, 'node')}:"
        f" {hours[odd.index].sum() - odd.sum():,.0f} of {hours[odd.index].sum():,.0f} on"
        f" {count(odd.index.get_level_values('day').nunique(), 'day')}: are lines or files missing?"
    )


def _of_nodes(landed: pd.DataFrame, prices: PriceFrame) -> pd.DataFrame:
    """Bill rows of nodes that are priced by the hour."""
    hourly = prices.loc[prices["unit"] == "hours", "asset_id"]
    rows = landed[(landed["landing"] == "modelled") & landed["asset_id"].isin(set(hourly))]
    return rows[rows["x_cost_class"] == "node"]


def _of_several(rows: pd.DataFrame, identities: IdentityFrame) -> pd.Series[bool]:
    """Which rows are parts of lines of a resource that assets share, such as a whole scale set."""
    return rows["resource_key"].isin(identities.loc[is_shared(identities), "resource_key"])
