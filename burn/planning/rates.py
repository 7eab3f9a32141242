"""What a core-hour of each family of machines was really paid, on demand and on spot."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import PriceFrame

_ONLY = 0.999
"""Part of a cost that was bought one way, from which its rate is that way's."""


def rates(prices: PriceFrame, nodes: pd.DataFrame, paid: pd.DataFrame | None) -> pd.DataFrame:
    """By family and way of buying, from lines of nodes that were bought in this way only.

    Args:
        prices: the run's, for the unit that a bill counts each node in.
        nodes: of `Demand`, with `family`.
        paid: `burn.stages.reconcile.Reconciled.paid`; None: no bill.

    Returns:
        family, capacity_type (on_demand, spot), `rate` a core-hour, in the bill's currency.
    """
    import pandas as pd

    if paid is None:
        return pd.DataFrame({"family": [], "capacity_type": [], "rate": []})
    units = prices.astype({"asset_id": "str"}).drop_duplicates("asset_id", keep="last")
    about = nodes[["asset_id", "family", "capacity_type", "cores"]].assign(
        unit=nodes["asset_id"].map(units.set_index("asset_id")["unit"])
    )
    about = about[(about["family"] != "") & about["unit"].isin(["hours", "core-hours"])]
    names = ["quantity", "modelled", "committed", "standard"]
    rows = about.merge(paid[["asset_id", "cost", *names]], on="asset_id")
    by = rows.groupby("asset_id")
    # Discounts that are lines of their own are shared by all that a node cost.
    rows["cost"] = rows["modelled"] * by["cost"].transform("sum") / by["modelled"].transform("sum")
    # A machine's hours are on one line, but its core-hours beside those of its memory: only of a
    # machine that was bought in one way is it known how its core-hours were.
    whole = by[names].transform("sum").where(rows["unit"] == "core-hours", rows[names])
    on_spot = rows["capacity_type"] == "spot"
    as_asked = whole["standard"] >= _ONLY * whole["modelled"]
    as_spot = whole["committed"] + whole["standard"] <= (1 - _ONLY) * whole["modelled"]
    pure = (whole["modelled"] > 0) & ((on_spot & as_spot) | (~on_spot & as_asked))
    rows = rows[pure].assign(
        capacity_type=on_spot[pure].map({True: "spot", False: "on_demand"}).astype("str"),
        core_hours=rows["quantity"] * rows["cores"].where(rows["unit"] == "hours", 1.0),
    )
    totals = rows.groupby(["family", "capacity_type"], as_index=False)[["cost", "core_hours"]].sum()
    totals = totals[totals["core_hours"] > 0]
    return totals.assign(rate=totals["cost"] / totals["core_hours"])[
        ["family", "capacity_type", "rate"]
    ]
