"""Rates that an asset's own bill lines teach, and those of others of its kind on the bill."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/typed.py)
from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import BillFrame, IdentityFrame, Window, schemas
from burn_azure.bill.classes import usage_class
from burn_azure.bill.facts import lines
from burn_azure.bill.typed import Table
from burn_azure.scope import AzureScope

if TYPE_CHECKING:
    import pandas as pd

CAPACITY = "Provisioned Capacity"
TOLERANCE = 0.01
"""Rates of one product further apart than this are two products: nothing is learned."""


def charged_by_size(rows: BillFrame, identities: IdentityFrame) -> frozenset[str]:
    """Volumes whose disks are charged by the GiB, as the meters on the bill say."""
    disks = rows[
        (rows["x_cost_class"] == "volume") & rows["sku"].str.contains(CAPACITY, case=False)
    ]
    return frozenset(
        identities.loc[identities["resource_key"].isin(disks["resource_key"]), "asset_id"]
    )


def learn(wanted: pd.DataFrame, rows: BillFrame, identities: IdentityFrame) -> pd.Series[float]:
    """A unit price for each wanted row, NaN where the bill says nothing of the asset.

    The asset's lines of the day go first, then its lines of the window. Lines at a spot price or
    under a commitment whose list cost is no more than what they cost teach nothing.
    """
    modelled = rows["in_cluster"] & rows["x_cost_class"].isin(schemas.MODELLED_CLASSES)
    silent = rows["pricing_category"].isin(["Dynamic", "Committed"]) & (
        rows["list_cost"] <= rows["x_public_cost"]
    )
    kept = rows.loc[
        modelled & ~silent, ["day", "resource_key", "x_cost_class", "quantity", "list_cost"]
    ]
    found = kept.merge(identities[["asset_id", "resource_key"]], on="resource_key")
    found = found.rename(columns={"x_cost_class": "kind"})
    day = _rate(found, wanted, ["asset_id", "kind", "day"])
    return day.fillna(_rate(found, wanted, ["asset_id", "kind"]))


def account_rates(table: Table, scope: AzureScope, window: Window) -> dict[tuple[str, str], float]:
    """On-demand list price of an hour by VM size and region, from everybody's usage."""
    found = table.source.engine.query(
        f"WITH lines AS ({lines(table, scope, window, 'alone')}) "
        "SELECT LOWER(size) AS size, region, SUM(CAST(l AS DOUBLE)) / SUM(CAST(quantity AS DOUBLE))"
        " AS rate, MIN(CAST(l AS DOUBLE) / CAST(quantity AS DOUBLE)) AS least, "
        "MAX(CAST(l AS DOUBLE) / CAST(quantity AS DOUBLE)) AS most FROM lines "
        f"WHERE charge = 'Usage' AND size <> '' AND l > 0 AND quantity > 0 AND ({usage_class()}) = 'node' "
        "AND model <> 'Dynamic' AND NOT (subcategory || meter) ILIKE '%windows%' GROUP BY 1, 2"
    ).to_pylist()
    return {
        (str(row["size"]), str(row["region"])): float(row["rate"])
        for row in found
        if row["most"] - row["least"] <= TOLERANCE * row["most"]
    }


def _rate(taught: pd.DataFrame, wanted: pd.DataFrame, by: list[str]) -> pd.Series[float]:
    sums = taught.groupby(by, observed=True)[["quantity", "list_cost"]].sum()
    sums = sums[(sums["quantity"] > 0) & (sums["list_cost"] > 0)]
    rate = (sums["list_cost"] / sums["quantity"]).rename("rate").reset_index()
    found = wanted[by].merge(rate, on=by, how="left")["rate"]
    found.index = wanted.index
    return found
