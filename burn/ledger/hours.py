"""A node cannot run longer than a day is: what is billed beyond that is on the bill twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import DataError
from burn.view.money import count

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import IdentityFrame, PriceFrame

DAY = 25.0
"""Hours a day from which a note is due: an hour may be counted on the day it began, or twice
when a machine was started anew in it."""
TWICE = 36.0
"""Hours a day that no such rounding explains."""


def require_possible(
    landed: pd.DataFrame, identities: IdentityFrame, prices: PriceFrame
) -> str | None:
    """A note where assets have more billed hours than a day has; None: none has.

    Looked at are assets that are priced by the hour and have resources of their own; lines that
    are longer than a day lie whole on their first and are left out.

    Args:
        landed: bill rows with `asset_id` and `landing`.
        identities: which resources are shared.
        prices: asset × day, with the unit that its bill rows are counted in.

    Raises:
        DataError: an asset has so many that its lines must be there twice.
    """
    shared = identities.loc[identities["method"].str.startswith("shared"), "asset_id"]
    hourly = set(prices.loc[prices["unit"] == "hours", "asset_id"]) - set(shared)
    rows = landed[(landed["landing"] == "modelled") & landed["asset_id"].isin(hourly)]
    rows = rows[(rows["x_cost_class"] == "node") & ~(rows["x_hours"] > 0)]
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
