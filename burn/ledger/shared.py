"""One bill resource that several assets share: a scale set's line, a balancer of many Services.

The rule: on each day, a shared row is split by the hours each of its assets was observed on that
day; on a day that saw none of them, by their hours in the window. Nothing is split evenly over
what happens to be there now, and the parts add up to the row. Its lines are counted once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import BillFrame, IdentityFrame, InventoryFrame

if TYPE_CHECKING:
    import pandas as pd

AMOUNTS = (
    *("quantity", "list_cost", "x_public_cost", "contracted_cost"),
    *("effective_cost", "billed_cost"),
)


def with_assets(
    rows: BillFrame, identities: IdentityFrame, inventory: InventoryFrame | None
) -> pd.DataFrame:
    """The bill rows with `asset_id`; rows of shared resources become one row an asset.

    Args:
        rows: bill rows.
        identities: a resource may have several assets.
        inventory: hours by asset and day; without it, shared rows are split evenly.
    """
    import pandas as pd

    pairs = identities[["asset_id", "resource_key"]]
    shared = pairs["resource_key"].duplicated(keep=False)
    if not shared.any():
        return rows.merge(pairs, on="resource_key", how="left", validate="m:1")
    several = rows["resource_key"].isin(pairs.loc[shared, "resource_key"])
    alone = rows[~several].merge(pairs[~shared], on="resource_key", how="left", validate="m:1")
    return pd.concat([alone, _split(rows[several], pairs[shared], inventory)], ignore_index=True)


def _split(
    rows: pd.DataFrame, pairs: pd.DataFrame, inventory: InventoryFrame | None
) -> pd.DataFrame:
    out = rows.reset_index(drop=True).rename_axis("_row").reset_index()
    out = out.merge(pairs.sort_values(["resource_key", "asset_id"]), on="resource_key", how="left")
    out["_hours"] = 1.0
    if inventory is not None:
        hours = inventory[["asset_id", "day", "hours"]]
        today = hours.groupby(["asset_id", "day"], as_index=False)["hours"].sum()
        found = out[["asset_id", "day"]].merge(today, how="left")["hours"].fillna(0.0)
        ever = out["asset_id"].map(hours.groupby("asset_id")["hours"].sum()).fillna(0.0)
        seen = found.groupby(out["_row"]).transform("sum") > 0
        out["_hours"] = found.where(seen, ever)
    whole = out.groupby("_row")["_hours"].transform("sum")
    part = (out["_hours"] / whole.where(whole > 0)).fillna(
        1.0 / out.groupby("_row")["_row"].transform("size")
    )
    for name in AMOUNTS:
        out[name] = out[name] * part
    out = out[part > 0]
    out["x_lines"] = out["x_lines"].where(~out.duplicated("_row"), 0)
    return out.drop(columns=["_row", "_hours"])
