"""On-demand list rates that the bill itself teaches: per component and region, of anybody's usage.

A spot line has its own SKU, and the list price on it is the spot price. What the same machine
costs on demand is on the lines of on-demand machines, if the account has any; else a look-up
(the Billing Catalog, then the fallback table) is asked; else the spot price stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Component:
    """What a rate is of: `n2 core`, `n2 ram`, … in a region."""

    name: str
    region: str
    currency: str = "USD"


CUSTOM, EXTENDED = r"(?i)\bcustom\b", r"(?i)\bextended\b"
Lookup = Callable[[Component], float | None]
"""A list price per unit and hour, in the bill's currency; None: unknown."""


def rate_name(sku: pd.Series[str], component: pd.Series[str]) -> pd.Series[str]:
    """What a SKU's rate is of: custom types and extended memory cost more than the same component."""
    longer = ("custom " + component).where(sku.str.contains(CUSTOM, regex=True), component)
    return ("extended " + longer).where(sku.str.contains(EXTENDED, regex=True), longer)


def bill_rates(rows: pd.DataFrame) -> pd.Series[float]:
    """List price per unit by (component, region), from on-demand lines."""
    some = rows[
        (rows["cost_class"] == "node") & ~rows["spot"] & (rows["usage"] > 0) & ~rows["is_fee"]
    ]
    some = some.assign(component=rate_name(some["sku"], some["component"]))
    sums = some.groupby(["component", "region"])[["list_cost", "usage"]].sum()
    sums = sums[sums["list_cost"] > 0]
    return sums["list_cost"] / sums["usage"]


def with_on_demand(
    rows: pd.DataFrame, lookup: Lookup, currency: str
) -> tuple[pd.DataFrame, list[str]]:
    """The rows with `on_demand` for spot usage of nodes, and the components nobody knows."""
    import pandas as pd

    learned = bill_rates(rows)
    named = rows.assign(component=rate_name(rows["sku"], rows["component"]))
    spot = rows["spot"] & (rows["cost_class"] == "node") & (rows["place_by"] != "")
    spot_parts = named.loc[spot, ["component", "region"]].drop_duplicates()
    rates: dict[tuple[str, str], float] = {}
    missing = []
    for name, region in spot_parts.itertuples(index=False):
        rate = learned.get((name, region))
        rate = lookup(Component(str(name), str(region), currency)) if rate is None else float(rate)
        if rate is None:
            missing.append(f"{name} in {region}")
        else:
            rates[str(name), str(region)] = rate
    place = pd.MultiIndex.from_frame(named[["component", "region"]])
    each = pd.Series(place.map(rates), index=rows.index, dtype="float64")
    return rows.assign(on_demand=(each * rows["usage"]).where(spot)), missing
