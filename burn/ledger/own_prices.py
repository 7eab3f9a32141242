"""Prices of the user's own, laid over the provider's: what an hour costs is theirs, what is counted is the provider's.

The bill counts an asset in the provider's unit (a serverless node in vCPU-hours, say), so a row keeps the
provider's quantity and unit, and takes from its price source what the asset costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from burn.api import DataError, PriceFrame, schemas
from burn.api.vocabulary import BILLED_BY_POD

if TYPE_CHECKING:
    import pandas as pd

KEY = ["asset_id", "day"]
_RATES = ["cpu_rate", "memory_rate", "gpu_rate"]


def first_of(prices: pd.DataFrame, more: PriceFrame) -> pd.DataFrame:
    """The rows, and those of another source for assets and days that have none yet."""
    import pandas as pd

    if prices.empty:
        return more
    return pd.concat([prices, more[~_in(more, prices)]], ignore_index=True)


def covered(inventory: pd.DataFrame, prices: pd.DataFrame) -> pd.Series[bool]:
    """Which rows of the inventory have a price."""
    return _in(inventory, prices)


def laid_over(theirs: PriceFrame, own: pd.DataFrame) -> tuple[PriceFrame, str]:
    """The provider's rows, with what the user's own sources say of them; and what must be said.

    Args:
        theirs: a row for each asset and day.
        own: rows of some, in the same currency.
    """
    import numpy as np

    rows = theirs.astype({"asset_id": "str", "price_source": "str", "currency": "str"})
    mine = own.astype({"asset_id": "str", "price_source": "str", "unit": "str"})
    both = rows[KEY].merge(mine, on=KEY, how="left")
    has = both["unit_price"].notna().to_numpy()
    same = (both["unit"] == rows["unit"].astype("str")).to_numpy()
    quantity = rows["quantity"].to_numpy()
    other = np.divide(
        both["list_cost"].to_numpy(), quantity, out=np.zeros(len(rows)), where=quantity > 0
    )
    price = np.where(same, both["unit_price"].to_numpy(), other)
    rows["unit_price"] = np.where(has, price, rows["unit_price"])
    rows["list_cost"] = rows["quantity"] * rows["unit_price"]
    rows["price_source"] = rows["price_source"].mask(has, both["price_source"])
    for name in _RATES:
        told = has & both[_RATES].notna().any(axis="columns").to_numpy()
        rows[name] = np.where(told, both[name], rows[name])
    whole = has & ~same & (rows["unit"] == BILLED_BY_POD).to_numpy()
    return schemas.PRICES.validate(rows, author="burn"), _note(rows[whole])


def in_currency(own: PriceFrame, wanted: str, worth: Mapping[str, float]) -> PriceFrame:
    """Prices in another currency at the rate that is stated.

    Args:
        own: rows in any currencies.
        wanted: the bill's.
        worth: what one unit of a currency is worth in a common one; empty: the bill's currency.

    Raises:
        DataError: no rate is stated.
    """
    currency = own["currency"].astype("str")
    currency = currency.mask(currency == "", wanted)
    worth = {wanted: worth[""], **worth} if "" in worth else worth
    odd = sorted(set(currency) - {wanted, *(worth if wanted in worth else ())})
    if odd:
        raise DataError(
            f"own prices are in {', '.join(odd)}, the bill is in {wanted}, and no rate is stated",
            hint=f"state run.currency, and run.rates.{odd[0]} in it, e.g. --set run.currency={wanted}"
            f" --set run.rates.{odd[0]}=1.08",
        )
    factor = currency.map({c: worth[c] / worth[wanted] for c in set(currency) - {wanted}})
    factor = factor.astype("float64").fillna(1.0)
    money = {name: own[name] * factor for name in ("unit_price", "list_cost", *_RATES)}
    source = own["price_source"].astype("str")
    told = source + " at " + factor.map("{:g}".format) + f" {wanted} per " + currency
    return PriceFrame(
        own.assign(currency=wanted, price_source=source.mask(currency != wanted, told), **money)
    )


def _in(rows: pd.DataFrame, prices: pd.DataFrame) -> pd.Series[bool]:
    import pandas as pd

    keys = pd.MultiIndex.from_frame(prices[KEY].astype({"asset_id": "str"}))
    found = pd.MultiIndex.from_frame(rows[KEY].astype({"asset_id": "str"})).isin(keys)
    return pd.Series(found, index=rows.index)


def _note(rows: pd.DataFrame) -> str:
    """Nodes that are billed by their pods and priced as a whole."""
    count = rows["asset_id"].nunique()
    if not count:
        return ""
    lost = rows.loc[rows["quantity"] <= 0, "asset_id"].nunique()
    more = f"; {lost:,} of them cost nothing, as no pod asked for anything" if lost else ""
    return (
        f"{count:,} nodes that are billed by their pods have own prices for whole nodes; what they"
        f" cost is spread over what is billed{more}"
    )
