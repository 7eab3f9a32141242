"""Node-hours that the bill has at nothing: another line pays for them, and it must be named.

A node under a commitment of another account, on a dedicated host, or in prepaid capacity is on the
bill with its hours and at 0. That is not free: the ledger closes on it all the same, so it is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import InventoryFrame, PriceFrame
from burn.api.money import count

if TYPE_CHECKING:
    import pandas as pd

NOTHING = 0.01
"""Of the report's price: usage at less is taken for paid elsewhere. No discount is so deep."""
NAMED = 3


def unpaid(landed: pd.DataFrame, prices: PriceFrame, inventory: InventoryFrame) -> str | None:
    """What a reader must know of node-hours at nothing; None when each is paid for.

    Args:
        landed: bill rows, see `burn.ledger.landing.land`.
        prices: asset × day.
        inventory: asset × day.
    """
    nodes = inventory.loc[inventory["kind"] == "node", "asset_id"].unique()
    rows = landed[(landed["landing"] == "modelled") & landed["asset_id"].isin(nodes)]
    whole = prices.groupby("asset_id").agg(
        cost=("list_cost", "sum"), quantity=("quantity", "sum"), unit=("unit", "first")
    )
    price = whole["cost"] / whole["quantity"].where(whole["quantity"] > 0)
    # A row without a quantity (a host's part, memory beside cores) pays for the asset's day.
    day = ["asset_id", "day"]
    beside = rows[rows["quantity"] == 0].groupby(day)["effective_cost"].sum().rename("beside")
    by = [*day, "pricing_category", "commitment_discount_id"]
    amounts = ["quantity", "effective_cost"]
    used = rows[rows["quantity"] > 0].groupby(by, as_index=False)[amounts].sum()
    used = used.join(beside, on=day)
    used["worth"] = (used["quantity"] * used["asset_id"].map(price)).fillna(0.0)
    paid = used["effective_cost"] + used["beside"].fillna(0.0)
    free = used[paid <= NOTHING * used["worth"]]
    if free.empty:
        return None
    units = free["quantity"].groupby(free["asset_id"].map(whole["unit"])).sum()
    told = " and ".join(
        f"{amount:,.0f} {'node-hours' if unit == 'hours' else unit}"
        for unit, amount in units.items()
    )
    return (
        f"{told} of {count(free['asset_id'].nunique(), 'node')} are on the bill at nothing"
        f" ({free['worth'].sum():,.2f} at the report's prices): {_why(free)}. Until that line is"
        " counted as the cluster's, what the cluster truly cost is too low"
    )


def _why(free: pd.DataFrame) -> str:
    committed = free[
        (free["pricing_category"] == "Committed") | (free["commitment_discount_id"] != "")
    ]
    if len(committed) < len(free):
        return (
            "another line pays for them (a dedicated host, reserved or prepaid capacity, a"
            " commitment of another account, a free allowance), and none in scope says so"
        )
    ids = sorted(set(committed["commitment_discount_id"]) - {""})
    named = ", ".join(ids[:NAMED]) + (", …" if len(ids) > NAMED else "")
    whose = f"a commitment ({named})" if ids else "a commitment"
    return f"{whose} covers them, and neither its rate nor its fee is on a line in scope"
