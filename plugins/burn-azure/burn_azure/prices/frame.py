"""The price frame: the bill, then the Retail Prices API, then the dated fallback."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from burn.api import AccessError, DataError, PriceFrame, schemas
from burn_azure.prices.fallback import SOURCE, fallback
from burn_azure.prices.unpriced import PRODUCT

if TYPE_CHECKING:
    import pandas as pd

BILL, RETAIL = "bill", "price list"
Lookup = Callable[[str, str, str, str], float | None]
"""Service, product, region, os → a price per hour, or per month for disks."""


def price_frame(
    unpriced: pd.DataFrame,
    *,
    learned: pd.Series[float] | None = None,
    account: Mapping[tuple[str, str], float] | None = None,
    retail: Lookup | None = None,
    spot: pd.Series[float] | None = None,
    currency: str = "USD",
    priced: pd.Series[bool] | None = None,
) -> PriceFrame:
    """One priced row for each.

    Args:
        unpriced: see `burn_azure.prices.unpriced`.
        learned: unit prices from the bill, NaN where it says nothing.
        account: on-demand rates by VM size and region, of everybody on the bill.
        retail: asked for what is not priced yet.
        spot: unit prices that spot lines name, which can be the spot price; before the fallback.
        currency: the bill's.
        priced: rows whose price is not asked for; they have quantity and unit, at 0.

    Raises:
        DataError: a node has no price; names its size and the remedies.
    """
    import pandas as pd

    price = pd.Series(float("nan"), index=unpriced.index)
    source = pd.Series("", index=unpriced.index)

    def take(found: pd.Series[float], name: str) -> None:
        nonlocal price, source
        new = price.isna() & found.notna()
        price, source = price.where(~new, found), source.where(~new, name)

    if priced is not None:
        take(pd.Series(0.0, unpriced.index).where(priced), "settings: priced elsewhere")
    if learned is not None:
        take(learned, BILL)
    if account:
        keys = list(
            zip(unpriced["product"].str.lower(), unpriced["region"].str.lower(), strict=True)
        )
        found = pd.Series([account.get(key) for key in keys], unpriced.index, dtype="float64")
        take(found.where((unpriced["service"] == "vm") & (unpriced["os"] == "linux")), BILL)
    take(
        pd.Series(0.0, unpriced.index).where(unpriced["service"] == "other"),
        "none: not priced by asset",
    )
    note = ""
    if retail is not None and price.isna().any():
        found, note = _looked_up(unpriced[price.isna()], retail)
        take(found.reindex(unpriced.index), RETAIL)
    if spot is not None:
        take(spot, f"{BILL}, spot lines")
    if currency == "USD":
        take(fallback(unpriced), SOURCE.replace(")", f", {note})") if note else SOURCE)
    _require(unpriced, price, currency)
    frame = pd.DataFrame(
        {
            "asset_id": unpriced["asset_id"],
            "day": unpriced["day"],
            "quantity": unpriced["quantity"],
            "unit": unpriced["unit"],
            "unit_price": price,
            "list_cost": unpriced["quantity"] * price,
            "currency": currency,
            "price_source": source,
            "cpu_rate": float("nan"),
            "memory_rate": float("nan"),
            "gpu_rate": float("nan"),
        }
    )
    return schemas.PRICES.validate(frame, author="burn-azure")


def _looked_up(unpriced: pd.DataFrame, retail: Lookup) -> tuple[pd.Series[float], str]:
    """Unit prices of the distinct products, and what stood in the way."""
    import pandas as pd

    asked = unpriced.loc[unpriced["service"].isin(["vm", "disk", "disk_gib", "balancer"]), PRODUCT]
    found: dict[tuple[str, ...], float] = {}
    note = ""
    for key in asked.drop_duplicates().itertuples(index=False, name=None):
        try:
            answer = retail(*(str(part) for part in key))
        except AccessError:
            note = "retail prices out of reach"  # `burn doctor` says why
            break
        if answer is not None:
            found[key] = answer
    keys = unpriced[PRODUCT].itertuples(index=False, name=None)
    price = pd.Series([found.get(key) for key in keys], unpriced.index, dtype="float64")
    monthly = unpriced["service"].isin(["disk", "disk_gib"])
    return price.mask(monthly, price / unpriced["month_hours"]), note


def _require(unpriced: pd.DataFrame, price: pd.Series[float], currency: str) -> None:
    missing = unpriced[price.isna()]
    if missing.empty:
        return
    one = missing.iloc[0]
    if one["service"] == "on_premises":
        raise DataError(
            f"node {one['name']} is no Azure VM, so Azure has no price for it",
            hint="is this the right --provider for the cluster? Else give your own rates:"
            " run.price_sources = table",
        )
    what = str(one["product"]) or str(one["instance_type"]) or "an unknown type"
    raise DataError(
        f"no price in {currency} for {what} ({one['kind']} {one['name']}, {one['region']}): not on"
        " the bill, not in the Retail Prices API, and of no family in the fallback table",
        hint="set provider.azure.price_list = auto, or check the node's instance type and region",
    )
