"""On-demand list prices of VM sizes, and the list cost of lines that do not know theirs.

`PayGPrice` of a spot meter can be the public spot price, and reservation usage can name no price
at all. The list cost of such a line is what its hours would cost on demand, by what other lines of
the same size and region name.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from burn.api import Window
from burn_azure.bill.charges.classes import usage_class
from burn_azure.bill.lines.facts import in_scope, names
from burn_azure.bill.lines.table import Table
from burn_azure.scope import AzureScope

if TYPE_CHECKING:
    import pandas as pd

Rates = Mapping[tuple[str, str], float]
"""VM size and region, in lower case → a price of an hour."""
ON_DEMAND = 1.25
"""A list price this many times the cost of a spot line is taken to be the price on demand."""
TOLERANCE = 0.01
"""Rates of one product further apart than this are two products: nothing is learned."""


def on_demand_rates(table: Table, scope: AzureScope, window: Window) -> Rates:
    """Linux list prices by size and region, from everybody's usage in the window.

    Args:
        table: from `summed.summed`, not of a dataset that is read for cash.
        scope: subscriptions.
        window: lines that overlap it.
    """
    items = ", ".join(f"{sql} AS {name}" for name, sql in names(table).items())
    priced = table.source.engine.query(
        f"WITH named AS (SELECT {items}, resource_key, size, least, most FROM "
        f"{table.source.relation} WHERE most > 0 AND ({in_scope(table, scope, window)})) "
        "SELECT LOWER(size) AS size, region, MEDIAN((least + most) / 2) AS rate, "
        "MIN(least) AS least, MAX(most) AS most FROM named WHERE charge = 'Usage' "
        f"AND model <> 'Dynamic' AND ({usage_class()}) = 'node' "
        "AND NOT (subcategory || meter) ILIKE '%windows%' GROUP BY 1, 2"
    ).to_pylist()
    return {
        (str(row["size"]), str(row["region"])): float(row["rate"])
        for row in priced
        if row["most"] - row["least"] <= TOLERANCE * row["most"]
    }


def with_list_cost(rows: pd.DataFrame, rates: Rates) -> tuple[pd.DataFrame, int]:
    """Spot and covered rows of nodes with their on-demand list cost, as far as it is known.

    A spot row whose list price is below that names the public spot price: it becomes the public
    cost. A covered row whose list price is no more than what it costs names none; it gets one here.
    Rows of which no on-demand price is known, by their own list price neither, are counted.
    """
    import pandas as pd

    node = rows["in_cluster"] & (rows["x_cost_class"] == "node") & (rows["quantity"] > 0)
    spot = node & (rows["pricing_category"] == "Dynamic")
    silent = rows["list_cost"] <= rows["effective_cost"] * (1 + 1e-9)
    unpriced = spot | (node & (rows["pricing_category"] == "Committed") & silent)
    if not unpriced.any():
        return rows, 0
    size = rows.loc[unpriced, "sku"].str.partition(" | ")[0].str.lower()
    keys = zip(size, rows.loc[unpriced, "region_id"], strict=True)
    rate = pd.Series([rates.get(key) for key in keys], size.index, dtype="float64")
    demand = rows["quantity"] * rate.reindex(rows.index)
    below = rows["list_cost"] < demand * (1 - TOLERANCE)
    public = rows["x_public_cost"].mask(spot & below, rows["list_cost"])
    unsure = rows["list_cost"] < rows["effective_cost"] * ON_DEMAND
    told = rows.assign(x_public_cost=public, list_cost=rows["list_cost"].mask(below, demand))
    return told, int((unpriced & demand.isna() & unsure).sum())
