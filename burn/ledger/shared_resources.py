"""One bill resource that several assets share: a scale set's line, a balancer of many Services.

The rule: on each day, a shared row is split by the hours each of its assets was observed on that
day; on a day that saw none of them, by their hours in the window. Nothing is split evenly over
what happens to be there now, and the parts add up to the row. Its lines are counted once.

A method `shared by cpu request` (memory, gpu) splits by what the billed pods on each node asked
for instead: a bill of pods names no node. A node that is on the bill itself takes no part in it.
Where nobody asked for anything, hours decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import BillFrame, IdentityFrame, InventoryFrame, schemas
from burn.api.confidence import meaning

if TYPE_CHECKING:
    import pandas as pd

AMOUNTS = (
    *("quantity", "list_cost", "x_public_cost", "contracted_cost"),
    *("effective_cost", "billed_cost"),
)
MEASURES = {
    method: column
    for method, column in schemas.IDENTITY_METHODS.items()
    if column.endswith("_requested")
}
"""Method → the inventory's column that its rows are split by."""


def is_shared(identities: IdentityFrame) -> pd.Series[bool]:
    """Which of the assets share their resource with others."""
    return meaning(identities["method"], schemas.IDENTITY_METHODS, "") != ""


def with_assets(
    rows: BillFrame, identities: IdentityFrame, inventory: InventoryFrame | None
) -> pd.DataFrame:
    """The bill rows with `asset_id`; rows of shared resources become one row an asset.

    Args:
        rows: bill rows.
        identities: a resource may have several assets.
        inventory: hours and requests by asset and day; without it, shared rows are split evenly.
    """
    import pandas as pd

    claims = _billed_by_pod(rows, identities)
    pairs = claims[["asset_id", "resource_key"]]
    shared = pairs["resource_key"].duplicated(keep=False)
    if not shared.any():
        return rows.merge(pairs, on="resource_key", how="left", validate="m:1")
    several = rows["resource_key"].isin(pairs.loc[shared, "resource_key"])
    alone = rows[~several].merge(pairs[~shared], on="resource_key", how="left", validate="m:1")
    return pd.concat([alone, _split(rows[several], claims[shared], inventory)], ignore_index=True)


def _billed_by_pod(rows: BillFrame, identities: IdentityFrame) -> pd.DataFrame:
    """The identities without the claims on pods' rows of nodes that are on the bill themselves."""
    of_pods = identities["method"].isin(MEASURES)
    if not of_pods.any():
        return identities
    nodes = rows.loc[rows["x_cost_class"] == "node", "resource_key"]
    own = identities.loc[~of_pods & identities["resource_key"].isin(nodes), "asset_id"]
    return identities[~(of_pods & identities["asset_id"].isin(own))]


def _split(
    rows: pd.DataFrame, claims: pd.DataFrame, inventory: InventoryFrame | None
) -> pd.DataFrame:
    out = rows.reset_index(drop=True).rename_axis("_row").reset_index()
    claims = claims.sort_values(["resource_key", "asset_id"])
    out = out.merge(claims[["asset_id", "resource_key", "method"]], on="resource_key", how="left")
    out["_weight"] = 1.0
    if inventory is not None:
        out["_weight"] = _weights(out, inventory, "hours")
        for method in set(out["method"]) & set(MEASURES):
            requested = _weights(out, inventory, MEASURES[method])
            any_requested = requested.groupby(out["_row"]).transform("sum") > 0
            decides = (out["method"] == method) & any_requested
            out["_weight"] = out["_weight"].mask(decides, requested)
    whole = out.groupby("_row")["_weight"].transform("sum")
    part = (out["_weight"] / whole.where(whole > 0)).fillna(
        1.0 / out.groupby("_row")["_row"].transform("size")
    )
    for name in AMOUNTS:
        out[name] = out[name] * part
    out = out[part > 0]
    out["x_lines"] = out["x_lines"].where(~out.duplicated("_row"), 0)
    return out.drop(columns=["_row", "_weight", "method"])


def _weights(out: pd.DataFrame, inventory: InventoryFrame, column: str) -> pd.Series[float]:
    """Of that day; where no asset of a row has any, of the window."""
    amounts = inventory[["asset_id", "day"]].assign(amount=inventory[column].fillna(0.0))
    today = amounts.groupby(["asset_id", "day"], as_index=False)["amount"].sum()
    of_day = out[["asset_id", "day"]].merge(today, how="left")["amount"].fillna(0.0)
    ever = out["asset_id"].map(amounts.groupby("asset_id")["amount"].sum()).fillna(0.0)
    has_any = of_day.groupby(out["_row"]).transform("sum") > 0
    return of_day.where(has_any, ever)
