"""Rates that an asset's own bill lines teach: list cost ÷ amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import BillFrame, IdentityFrame, schemas
from burn.api.bills.learned import taught

if TYPE_CHECKING:
    import pandas as pd

CAPACITY = "Provisioned Capacity"


def charged_by_size(rows: BillFrame, identities: IdentityFrame) -> frozenset[str]:
    """Volumes whose disks are charged by the GiB, as the meters on the bill say."""
    disks = rows[
        (rows["x_cost_class"] == "volume") & rows["sku"].str.contains(CAPACITY, case=False)
    ]
    return frozenset(
        identities.loc[identities["resource_key"].isin(disks["resource_key"]), "asset_id"]
    )


def learn(
    unpriced: pd.DataFrame, rows: BillFrame, identities: IdentityFrame, *, spot: bool = False
) -> pd.Series[float]:
    """A unit price for each row, NaN where the bill says nothing of the asset.

    The asset's lines of the day go first, then its lines of the window. Spot lines teach nothing:
    their list price can be the public spot price. Nor do lines under a commitment whose list cost
    is no more than what they cost.

    Args:
        unpriced: from `unpriced`.
        rows: the bill.
        identities: ties its resources to assets.
        spot: learn from spot lines and from no others, where nothing else is to be had.
    """
    modelled = rows["in_cluster"] & rows["x_cost_class"].isin(schemas.MODELLED_CLASSES)
    category = rows["pricing_category"]
    unlisted = (category == "Committed") & (rows["list_cost"] <= rows["x_public_cost"])
    silent = ((category == "Dynamic") != spot) | unlisted
    return taught(unpriced, rows, identities, modelled & ~silent)
