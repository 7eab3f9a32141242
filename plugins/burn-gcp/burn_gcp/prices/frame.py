"""The price frame: the bill first, then the Billing Catalog, then the dated fallback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import DataError, IdentityFrame, PriceFrame, schemas
from burn_gcp.bill.charges.on_demand import Component
from burn_gcp.prices.components import ComponentRates
from burn_gcp.prices.fallback import MEAN, mean_core
from burn_gcp.prices.learned import BILL, learn, same_type
from burn_gcp.prices.machines import GPUS, component_of
from burn_gcp.prices.pods import component_of_pods, pod_prices

if TYPE_CHECKING:
    import pandas as pd

    from burn_gcp.bill.read import Read


def price_frame(
    unpriced: pd.DataFrame,
    identities: IdentityFrame,
    read: Read | None,
    lookup: ComponentRates,
    priced: pd.Series[bool] | None = None,
) -> PriceFrame:
    """One priced row for each.

    Args:
        unpriced: see `burn_gcp.prices.unpriced`.
        identities: which bill resources the assets are.
        read: the bill and what it teaches; None: no bill is set.
        lookup: list prices that no line teaches.
        priced: rows whose price is not asked for: that there is none is no error.

    Raises:
        DataError: an asset has no price; names it and the remedies.
    """
    import pandas as pd

    currency = read.bill.control.currency if read is not None else "USD"
    rates = read.rates if read is not None else pd.Series(dtype="float64")
    devices = (
        unpriced["family"].map(GPUS).fillna("").astype("str").where(unpriced["gpu_count"] > 0, "")
    )
    names = {part: component_of(unpriced["family"], part) for part in ("core", "ram")}
    parts = {
        part: _looked_up(
            component_of_pods(unpriced, part).fillna(name),
            unpriced["region"],
            rates,
            lookup,
            currency,
        )
        for part, name in (names | {"gpu": devices}).items()
    }
    price = pd.Series(float("nan"), index=unpriced.index)
    gpu = price.copy()
    source = pd.Series("", index=unpriced.index)
    if read is not None:
        taught = learn(unpriced, read.detail, identities)
        price, gpu = taught["rate"], taught["gpu"]
        source = source.mask(price.notna(), BILL)
    pods = pod_prices(unpriced, parts, read.detail if read is not None else None)
    price, source = _then(price, source, pods["rate"], pods["source"])
    machine_price, machine_source = _machines(unpriced, parts)
    sure = machine_price.where(machine_source == BILL)
    price, source = _then(price, source, sure, machine_source)
    price, source = _then(price, source, same_type(unpriced, price), BILL)
    price, source = _then(price, source, machine_price, machine_source)
    price, source = _then(price, source, *_others(unpriced, lookup, currency))
    price, source = _then(price, source, mean_core(unpriced, price), MEAN)
    nothing = (unpriced["service"] == "other") & price.isna()
    price = price.mask(nothing, 0.0)
    source = source.mask(nothing, "none: not billed by Google Cloud")
    if priced is not None:
        price = price.mask(price.isna() & priced, 0.0)
    _require(unpriced, price, lookup, currency)
    machine = unpriced["service"] == "machine"
    billed = (unpriced["cores"] / unpriced["cpu_cores"].where(unpriced["cpu_cores"] > 0)).fillna(
        1.0
    )
    gpu_rate = gpu.fillna(parts["gpu"]["rate"]).where(machine, pods["gpu"])
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
            "cpu_rate": (parts["core"]["rate"] * billed).where(machine, pods["core"]),
            "memory_rate": parts["ram"]["rate"].where(machine, pods["ram"]),
            "gpu_rate": gpu_rate.mask(source == MEAN, 0.0),  # by cores: no GPU is in such a guess
        }
    )
    return schemas.PRICES.validate(frame, author="burn-gcp")


def _looked_up(
    names: pd.Series[str],
    regions: pd.Series[str],
    rates: pd.Series[float],
    lookup: ComponentRates,
    currency: str,
) -> pd.DataFrame:
    """Rate and source of each row's component; asked once a component and region."""
    import pandas as pd

    keys = pd.DataFrame({"name": names, "region": regions.astype("str")})
    some = []
    for name, region in keys.drop_duplicates().itertuples(index=False):
        rate, source = rates.get((name, region)), BILL
        if rate is None:
            rate, source = lookup.found(Component(str(name), str(region), currency))
        some.append((name, region, rate, source))
    table = pd.DataFrame(some, columns=["name", "region", "rate", "source"])
    table["rate"] = table["rate"].astype("float64")
    out = keys.merge(table, on=["name", "region"], how="left")
    return out.set_axis(names.index)


def _machines(
    unpriced: pd.DataFrame, parts: dict[str, pd.DataFrame]
) -> tuple[pd.Series[float], pd.Series[str]]:
    """Machines without lines of their own: their family's core, memory and GPUs."""
    core, ram, gpu = parts["core"], parts["ram"], parts["gpu"]
    cores = unpriced["cores"].where(unpriced["cores"] > 0)
    devices = (gpu["rate"] * unpriced["gpu_count"]).where(unpriced["gpu_count"] > 0, 0.0)
    price = core["rate"] + (ram["rate"] * unpriced["gib"] + devices) / cores
    source = core["source"].where(core["source"] != BILL, ram["source"])
    return price.where(unpriced["service"] == "machine"), source


def _others(
    unpriced: pd.DataFrame, lookup: ComponentRates, currency: str
) -> tuple[pd.Series[float], pd.Series[str]]:
    import pandas as pd

    found = _looked_up(
        unpriced["component"], unpriced["region"], pd.Series(dtype="float64"), lookup, currency
    )
    disk, balancer = (unpriced["service"] == kind for kind in ("disk", "balancer"))
    price = found["rate"].mask(disk, found["rate"] / unpriced["month_hours"])
    return price.where(disk | balancer), found["source"]


def _then(
    price: pd.Series[float],
    source: pd.Series[str],
    more: pd.Series[float],
    label: pd.Series[str] | str,
) -> tuple[pd.Series[float], pd.Series[str]]:
    fill = price.isna() & more.notna()
    return price.mask(fill, more), source.mask(fill, label)


def _require(
    unpriced: pd.DataFrame, price: pd.Series[float], lookup: ComponentRates, currency: str
) -> None:
    missing = unpriced[price.isna()]
    if missing.empty:
        return
    one = missing.iloc[0]
    if one["service"] == "elsewhere":
        raise DataError(
            f"node {one['name']} is no Compute Engine instance, so Google Cloud has no price for it",
            hint="choose the cluster's own provider with --provider, or give your own rates:"
            " run.price_sources = table",
        )
    what = (
        f"no price for {one['instance_type'] or one['component']} ({one['kind']} {one['name']},"
        f" {one['region'] or 'unknown region'}): not on the bill, not in the Billing Catalog"
    )
    table = "of no family in the fallback table"
    if currency != "USD":
        table = f"the fallback table is in USD, the bill in {currency}"
    raise DataError(f"{what}, and {table}", hint=_remedy(str(one["service"]), lookup))


def _remedy(service: str, lookup: ComponentRates) -> str:
    hint = "set provider.gcp.price_list = auto and enable cloudbilling.googleapis.com"
    if lookup.refused:
        hint = f"let the Billing Catalog be asked ({lookup.refused})"
    elif lookup.asked:
        hint = "check the machine or disk type, which the Billing Catalog does not have"
    if service == "balancer":
        mine = "let burn find the balancer's lines on the bill: set provider.gcp.describe = true,"
        return f"{mine} or name its rule in provider.gcp.forwarding_rules; or {hint}"
    return hint
