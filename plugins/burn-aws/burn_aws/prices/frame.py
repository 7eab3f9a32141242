"""The price frame: the bill, then the price list, then the dated fallback."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from burn.api import AccessError, DataError, PriceFrame, schemas
from burn_aws.client.pricing import Price, Product
from burn_aws.prices.fallback import by_size, fallback
from burn_aws.prices.rates import Rates
from burn_aws.prices.unpriced import PRODUCT

if TYPE_CHECKING:
    import pandas as pd

BILL, PRICE_LIST, PAID = "bill", "price list", "bill, as it was paid"
Lookup = Callable[[Product], Price | None]


def price_frame(
    unpriced: pd.DataFrame,
    *,
    priced: pd.Series[bool] | None = None,
    learned: pd.Series[float] | None = None,
    paid: pd.Series[float] | None = None,
    currency: str = "USD",
    lookups: Sequence[tuple[str, Lookup]] = (),
) -> PriceFrame:
    """One priced row for each.

    Args:
        unpriced: see `burn_aws.prices.unpriced`.
        priced: rows whose price is not asked for; they have quantity and unit, at 0.
        learned: public unit prices from the bill, NaN where it says nothing.
        paid: effective ones, for what nobody knows a public price of.
        currency: the bill's.
        lookups: what to ask, in order, for products that are not priced yet, with its name.

    Raises:
        DataError: a node has no price; names its type and the remedies.
    """
    import pandas as pd

    rates = Rates.of(unpriced.index, float("nan"), "")
    if priced is not None:
        free = pd.Series(0.0, unpriced.index).where(priced)
        rates = Rates.of(unpriced.index, free, "settings: priced elsewhere", currency=currency)
    if learned is not None:
        rates = rates.then(Rates.of(unpriced.index, learned, BILL, currency=currency))
    rates = rates.then(_unmodelled(unpriced, currency))
    note = ""
    for source, look in lookups:
        missing = rates.missing()
        if missing.any():
            found, note = _looked_up(unpriced[missing], look, source)
            rates = rates.then(found.reindex(unpriced.index))
    last = fallback(unpriced)
    if note:
        last.frame["source"] = last.frame["source"].str.replace(")", f", {note})", regex=False)
    rates = rates.then(last)
    if paid is not None:
        rates = rates.then(Rates.of(unpriced.index, paid, PAID, currency=currency))
    rates = rates.then(by_size(unpriced))
    _require(unpriced, rates)
    return _frame(unpriced, rates.frame)


def _unmodelled(unpriced: pd.DataFrame, currency: str) -> Rates:
    """Assets that AWS bills otherwise, or not at all: they are observed, and cost nothing here."""
    import pandas as pd

    sources = {"file_system": "none: billed by bytes stored", "other": "none: not billed by AWS"}
    source = unpriced["service"].map(sources)
    price = pd.Series(0.0, index=unpriced.index).where(source.notna())
    rates = Rates.of(unpriced.index, price, "", currency=currency)
    rates.frame["source"] = source
    return rates


def _looked_up(unpriced: pd.DataFrame, lookup: Lookup, source: str) -> tuple[Rates, str]:
    """Prices of the distinct products, and what stood in the way, in three words or fewer."""
    import pandas as pd

    products = unpriced.loc[
        unpriced["service"].isin(["ec2", "fargate", "ebs", "balancer"]), PRODUCT
    ]
    found: list[dict[str, object]] = []
    note = ""
    for service, product, region, system in products.drop_duplicates().itertuples(index=False):
        try:
            price = lookup(Product(str(service), str(product), str(region), str(system)))
        except AccessError:
            note = "price list refused"  # `burn doctor` says which permission is missing
            break
        if price is not None:
            key = dict(zip(PRODUCT, (service, product, region, system), strict=True))
            found.append({**key, "rate": price.rate, "gib": price.memory, "money": price.currency})
    table = pd.DataFrame(found, columns=[*PRODUCT, "rate", "gib", "money"])
    table[["rate", "gib"]] = table[["rate", "gib"]].astype("float64")
    for name in (*PRODUCT, "money"):
        table[name] = table[name].astype("str")
    keys = unpriced[PRODUCT].astype("str")
    joined = keys.merge(table, on=PRODUCT, how="left").set_axis(unpriced.index)
    fargate, disk = unpriced["service"] == "fargate", unpriced["service"] == "ebs"
    unit_price = joined["rate"].mask(disk, joined["rate"] / unpriced["month_hours"])
    all_in = joined["rate"] + joined["gib"] * unpriced["memory_gib"] / unpriced["cpu_cores"]
    rates = Rates.of(
        unpriced.index,
        unit_price.mask(fargate, all_in),
        source,
        cpu=joined["rate"].where(fargate),
        memory=joined["gib"].where(fargate),
    )
    rates.frame["currency"] = joined["money"]
    return rates, note


def _require(unpriced: pd.DataFrame, rates: Rates) -> None:
    missing = unpriced[rates.missing()]
    if missing.empty:
        return
    elsewhere = missing[missing["service"] == "on_premises"]
    if len(elsewhere):
        raise DataError(
            f"node {elsewhere['name'].iloc[0]} is no AWS instance, so AWS has no price for it"
            f" ({elsewhere['asset_id'].nunique()} such nodes)",
            hint="give your own rates: run.price_sources = table, see docs/how-to/custom-prices.md",
        )
    one = missing.iloc[0]
    what = str(one["product"]) or str(one["instance_type"]) or "an unknown type"
    place = str(one["region"]) or "an unknown region"
    raise DataError(
        f"no price for {what} ({one['kind']} {one['name']}, {place}):"
        " not on the bill, not in the price list, and of no family in the fallback table",
        hint="allow pricing:GetProducts (provider.aws.price_list = auto), or give its rate:"
        " run.price_sources = table",
    )


def _frame(unpriced: pd.DataFrame, rates: pd.DataFrame) -> PriceFrame:
    import pandas as pd

    frame = pd.DataFrame(
        {
            "asset_id": unpriced["asset_id"],
            "day": unpriced["day"],
            "quantity": unpriced["quantity"],
            "unit": unpriced["unit"],
            "unit_price": rates["price"],
            "list_cost": unpriced["quantity"] * rates["price"],
            "currency": rates["currency"],
            "price_source": rates["source"],
            "cpu_rate": rates["cpu"],
            "memory_rate": rates["memory"],
            "gpu_rate": rates["gpu"],
        }
    )
    return schemas.PRICES.validate(frame, author="burn-aws")
