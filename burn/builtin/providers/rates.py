"""Prices of one's own machines, volumes and balancers, from the settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from burn.api import DataError, InventoryFrame, PriceFrame, schemas
from burn.api.find import MONTH_HOURS
from burn.builtin.providers.settings import OnpremSettings, Pool

if TYPE_CHECKING:
    import pandas as pd

GIB_PER_TIB = 1024
OTHERS = "*"


def matched(nodes: pd.DataFrame, pools: Mapping[str, Pool]) -> pd.Series[str]:
    """The pool of each row; empty: none of them.

    Args:
        nodes: inventory rows.
        pools: one that selects nothing takes what the others leave.

    Raises:
        DataError: two pools name one node.
    """
    import pandas as pd

    told = pd.DataFrame(
        {
            "labels": nodes["labels"].astype(object).fillna("{}").replace("", "{}"),
            "name": nodes["name"].astype("str"),
            "owner_name": nodes["owner_name"].astype("str"),
        }
    )
    keys = list(zip(told["labels"], told["name"], told["owner_name"], strict=True))
    found = {key: _pool(*key, pools) for key in set(keys)}
    return pd.Series([found[key] for key in keys], index=nodes.index, dtype="str")


def _pool(labels: str, name: str, node_pool: str, pools: Mapping[str, Pool]) -> str:
    said = json.loads(labels)
    fits = [
        key
        for key, pool in pools.items()
        if pool.selects
        and fnmatchcase(name, pool.nodes or OTHERS)
        and fnmatchcase(node_pool, pool.node_pool or OTHERS)
        and all(
            fnmatchcase(said.get(one, ""), text) and one in said
            for one, text in pool.labels.items()
        )
    ]
    if len(fits) > 1:
        raise DataError(
            f"node {name} is in provider.onprem.pools {' and in '.join(fits)}",
            hint="narrow their labels, nodes or node_pool: a node has one price",
        )
    return fits[0] if fits else next((key for key, pool in pools.items() if not pool.selects), "")


def price_frame(
    inventory: InventoryFrame, settings: OnpremSettings, priced: pd.Series[bool] | None = None
) -> PriceFrame:
    """One priced row per inventory row.

    Args:
        inventory: asset × day.
        settings: the prices.
        priced: rows that a price source has a price of; here they have quantity and unit, at 0.

    Raises:
        DataError: a node is in no pool or in two, or a class or GPU has no price.
    """
    import pandas as pd

    kinds = inventory["kind"].astype("str")
    if priced is not None and priced.any():
        other = price_frame(InventoryFrame(inventory[~priced]), settings)
        volume = kinds[priced] == "volume"
        mine = inventory[priced]
        hours = mine["hours"]
        rows = _priced(mine, hours.where(~volume, hours * mine["storage_gib"]), "hours").assign(
            unit=volume.map({True: "GiB-hours", False: "hours"}),
            unit_price=0.0,
            list_cost=0.0,
            currency=settings.currency,
            price_source="settings: priced elsewhere",
        )
        both = pd.concat([other, rows[schemas.PRICES.names]], ignore_index=True)
        return schemas.PRICES.validate(both, author="burn")
    parts = [
        _nodes(inventory[kinds == "node"], settings),
        _volumes(inventory[kinds == "volume"], settings),
        _balancers(inventory[kinds == "load_balancer"], settings),
    ]
    if not len(inventory):
        return schemas.PRICES.empty()
    rows = pd.concat([part for part in parts if len(part)], ignore_index=True)
    rows = rows.assign(list_cost=rows["quantity"] * rows["unit_price"], currency=settings.currency)
    return schemas.PRICES.validate(rows[schemas.PRICES.names], author="burn")


def _nodes(nodes: pd.DataFrame, settings: OnpremSettings) -> pd.DataFrame:
    pools = matched(nodes, settings.pools)
    if len(lost := nodes[pools == ""]):
        one = lost.iloc[0]
        raise DataError(
            f"node {one['name']} is in none of provider.onprem.pools"
            f" ({lost['asset_id'].nunique():,} such nodes)",
            hint="write [provider.onprem.pools.NAME] with cpu_hour and memory_hour; one without"
            " labels, nodes and node_pool takes all others",
        )
    out = _priced(nodes, nodes["hours"], "hours")
    for name in pools.unique():
        mine = pools == name
        pool = settings.pools[name]
        hour = pool.hour(settings.power_price, settings.pue)
        rates = {"cpu": pool.cpu_hour, "memory": pool.memory_hour, "gpu": pool.gpu_hour}
        how = "" if pool.purchase is None else ", by purchase price"
        out.loc[mine, "price_source"] = f"settings (pool {name}{how})"
        if hour is not None:
            out.loc[mine, "unit_price"] = hour
            continue
        devices = nodes.loc[mine, "gpu_count"]
        if pool.gpu_hour is None and (devices > 0).any():
            first = nodes.loc[mine][devices > 0].iloc[0]
            raise DataError(
                f"node {first['name']} has GPUs, and provider.onprem.pools.{name} has no gpu_hour",
                hint=f"set provider.onprem.pools.{name}.gpu_hour, 0 if they cost nothing",
            )
        sizes = {"cpu": "cpu_cores", "memory": "memory_gib", "gpu": "gpu_count"}
        out.loc[mine, "unit_price"] = sum(
            (rates[part] or 0.0) * nodes.loc[mine, size] for part, size in sizes.items()
        )
        for part, rate in rates.items():
            out.loc[mine, f"{part}_rate"] = rate or 0.0
    return out


def _volumes(volumes: pd.DataFrame, settings: OnpremSettings) -> pd.DataFrame:
    classes = volumes["instance_type"].astype("str")
    others = settings.storage.get(OTHERS)
    found = {name: settings.storage.get(name, others) for name in classes.unique()}
    if lost := sorted(name for name, price in found.items() if price is None):
        named = lost[0] or "(none)"
        raise DataError(
            f"storage class {named} has no price ({int(classes.isin(lost).sum()):,} volume-days)",
            hint=f'set provider.onprem.storage, e.g. {{ "{lost[0] or OTHERS}" = 20 }} a TiB and'
            " month; 0 where it is in the price of the machines",
        )
    out = _priced(volumes, volumes["hours"] * volumes["storage_gib"], "GiB-hours")
    month = classes.map(found).astype("float64")
    return out.assign(
        unit_price=month / GIB_PER_TIB / MONTH_HOURS,
        price_source="settings (class " + classes.where(classes != "", OTHERS) + ")",
    )


def _balancers(balancers: pd.DataFrame, settings: OnpremSettings) -> pd.DataFrame:
    out = _priced(balancers, balancers["hours"], "hours")
    return out.assign(unit_price=settings.balancer_hour, price_source="settings (balancer_hour)")


def _priced(rows: pd.DataFrame, quantity: pd.Series[Any], unit: str) -> pd.DataFrame:
    """Price rows without a price yet; weights are core's unless a pool has rates."""
    import pandas as pd

    empty = float("nan")
    return pd.DataFrame(
        {
            "asset_id": rows["asset_id"].astype("str"),
            "day": rows["day"],
            "quantity": quantity,
            "unit": unit,
            "unit_price": empty,
            "price_source": pd.Series("", index=rows.index, dtype="object"),
            "cpu_rate": empty,
            "memory_rate": empty,
            "gpu_rate": empty,
        },
        index=rows.index,
    )
