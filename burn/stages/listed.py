"""Listed: the report alone. What `reconcile` makes where there is a bill, without one."""

from __future__ import annotations

import math

from burn.api import InventoryFrame, PriceFrame, Totals, Window, schemas
from burn.ledger.costs import Costs
from burn.ledger.daily import daily
from burn.ledger.landing import land
from burn.ledger.paid import Repriced
from burn.ledger.unused import share_by_day
from burn.ledger.walk import walk
from burn.stages.reconcile import Reconciled


def listed(
    inventory: InventoryFrame, prices: PriceFrame, window: Window, repriced: Repriced | None = None
) -> Reconciled:
    """The ledger's first landing, its costs at list price, and at effective ones where known.

    Args:
        inventory: of the window.
        prices: asset × day.
        window: the report's.
        repriced: the same at what a kept run paid.
    """
    import pandas as pd

    landed = land(schemas.BILL.empty(), schemas.IDENTITY.empty())
    shares = share_by_day(landed, window.start)
    names = inventory.drop_duplicates("asset_id").set_index("asset_id")["name"]
    ledger, by_day = (
        rows[rows["group"] == "report"].reset_index(drop=True)
        for rows in (
            walk(prices, landed, names, shares),
            daily(prices, landed, shares, window.start),
        )
    )
    columns = ["basis", "asset_id", "day", "cost"]
    at_list = prices[["asset_id", "day"]].assign(basis="list", cost=prices["list_cost"])
    parts: list[pd.DataFrame] = [at_list[columns]]
    effective = float("nan")
    if repriced is not None:
        parts.append(repriced.costs.assign(basis="effective")[columns])
        effective = math.fsum(repriced.costs["cost"])
    shared = pd.DataFrame({"basis": [], "day": [], "driver": [], "cost": []}).astype(
        {"basis": "str", "day": prices["day"].dtype, "driver": "str", "cost": "float64"}
    )
    return Reconciled(
        ledger=schemas.LEDGER.validate(ledger, author="burn"),
        totals=Totals.without_bill(math.fsum(ledger["amount"]), effective),
        costs=Costs(assets=pd.concat(parts, ignore_index=True), shared=shared),
        daily=by_day,
    )
