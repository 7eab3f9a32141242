"""Rates that an asset's own bill lines teach: public cost ÷ amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import BillFrame, IdentityFrame, schemas
from burn.api.bills.learned import taught

if TYPE_CHECKING:
    import pandas as pd


def learn(unpriced: pd.DataFrame, rows: BillFrame, identities: IdentityFrame) -> pd.Series[float]:
    """A public unit price for each row, NaN where the bill says nothing of the asset.

    The asset's lines of the day go first, then its lines of the window. Lines under a spot price
    or a commitment whose public cost is no more than what they cost teach nothing: the export had
    no public cost.
    """
    modelled = _modelled(rows)
    silent = rows["pricing_category"].isin(["Dynamic", "Committed"]) & (
        rows["list_cost"] <= rows["x_public_cost"]
    )
    return taught(unpriced, rows, identities, modelled & ~silent)


def paid(unpriced: pd.DataFrame, rows: BillFrame, identities: IdentityFrame) -> pd.Series[float]:
    """What each asset's hour effectively cost: a price where nobody knows a public one.

    New families, regions and Capacity Blocks have no other before a price list names them.
    """
    effective = rows.assign(list_cost=rows["effective_cost"])
    return taught(unpriced, effective, identities, _modelled(rows))


def _modelled(rows: BillFrame) -> pd.Series[bool]:
    return rows["in_cluster"] & rows["x_cost_class"].isin(schemas.MODELLED_CLASSES)
