"""Seed: where allocation starts. Each asset's cost, cut by resource, carried by nobody yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api import (
    AllocationFrame,
    ContractError,
    InventoryFrame,
    PriceFrame,
    schemas,
)
from burn.api.default_ratios import CORE_HOUR, GIB_HOUR, GPU_HOUR
from burn.ledger.costs import Costs

if TYPE_CHECKING:
    import pandas as pd

_RESOURCE_OF = {"volume": "storage", "load_balancer": "load_balancer"}


def node_shares(nodes: pd.DataFrame) -> pd.DataFrame:
    """How a node's price falls on its CPU, memory and GPUs; each row adds up to 1.

    Rates are weights: a node's parts are scaled to its own price. A node of unknown size is
    all CPU, so that its price is not lost.

    Args:
        nodes: columns cpu_cores, memory_gib, gpu_count, cpu_rate, memory_rate, gpu_rate.
    """
    import pandas as pd

    weights = pd.DataFrame(
        {
            "cpu": nodes["cpu_cores"] * nodes["cpu_rate"].fillna(CORE_HOUR),
            "memory": nodes["memory_gib"] * nodes["memory_rate"].fillna(GIB_HOUR),
            "gpu": nodes["gpu_count"] * nodes["gpu_rate"].fillna(GPU_HOUR),
        }
    ).clip(lower=0.0)
    total = weights.sum(axis=1)
    unknown = total <= 0
    weights.loc[unknown, "cpu"] = 1.0
    return weights.div(total.where(~unknown, 1.0), axis=0)


def seed(
    costs: Costs,
    bases: Sequence[str],
    inventory: InventoryFrame,
    prices: PriceFrame,
    *,
    apart: bool = False,
) -> AllocationFrame:
    """The window's cost as rows of schema `allocation`: unallocated by asset, or shared.

    Args:
        costs: of the whole window.
        bases: the ones that are wanted.
        inventory: of the whole window. An asset that cost money on a day nobody saw it is
            taken for what it was on the nearest day somebody did.
        prices: for the rates that cut a node's price.
        apart: whether what traffic cost nodes is in rows of its own, of resource `network`.

    Raises:
        ContractError: cost of an asset no source ever saw.
    """
    import pandas as pd

    assets, shared = (f[f["basis"].isin(bases)] for f in (costs.assets, costs.shared))
    rates = prices[["asset_id", "day", "cpu_rate", "memory_rate", "gpu_rate"]]
    rows = _facts(assets, inventory).merge(rates, on=["asset_id", "day"], how="left")
    nodes = rows[rows["kind"] == "node"]
    loads = nodes.assign(resource="network", cost=_traffic(nodes, costs) if apart else 0.0)
    nodes = nodes.assign(cost=nodes["cost"] - loads["cost"])
    cost = node_shares(nodes).mul(nodes["cost"], axis=0)
    parts = [
        nodes.assign(resource=resource, cost=cost[resource])[cost[resource] != 0]
        for resource in ("cpu", "memory", "gpu")
    ]
    parts.append(loads[loads["cost"] != 0])
    others = rows[rows["kind"] != "node"]
    parts.append(others.assign(resource=others["kind"].astype("str").map(_RESOURCE_OF)))
    clusters = inventory["cluster"].unique()
    loose = shared.assign(
        cluster=clusters[0] if len(clusters) == 1 else "", resource=shared["driver"], kind="shared"
    )
    own = pd.concat(parts).assign(kind="unallocated")
    out = pd.concat([own, loose], ignore_index=True).reindex(columns=schemas.ALLOCATION.names)
    for column in schemas.ALLOCATION.columns:
        if column.kind == "string":
            empty = "{}" if column.name in ("labels", "dimensions") else ""
            out[column.name] = out[column.name].astype("str").fillna(empty).astype("category")
    return schemas.ALLOCATION.validate(out, author="burn")


def _traffic(nodes: pd.DataFrame, costs: Costs) -> pd.Series[float]:
    """What of each row's cost is for bytes."""
    import pandas as pd

    if costs.traffic is None:
        return pd.Series(0.0, index=nodes.index)
    keys = ["basis", "asset_id", "day"]
    known = costs.traffic.astype({"asset_id": "str"}).rename(columns={"cost": "bytes"})
    found = nodes[keys].merge(known, on=keys, how="left")["bytes"].fillna(0.0)
    return found.set_axis(nodes.index)


def _facts(assets: pd.DataFrame, inventory: InventoryFrame) -> pd.DataFrame:
    """Each cost row with its asset's kind, cluster and size on that day, or the nearest."""
    import pandas as pd

    facts = inventory[
        ["asset_id", "day", "kind", "cluster", "cpu_cores", "memory_gib", "gpu_count"]
    ].astype({"asset_id": "str"})
    costs = assets.astype({"asset_id": "str"})
    rows = costs.merge(facts, on=["asset_id", "day"], how="left")
    unseen = rows["kind"].isna()
    if not unseen.any():
        return rows
    nearest = pd.merge_asof(
        rows.loc[unseen, assets.columns].sort_values("day", kind="stable"),
        facts.sort_values("day", kind="stable"),
        on="day",
        by="asset_id",
        direction="nearest",
    )
    if nearest["kind"].isna().any():
        ghost = nearest.loc[nearest["kind"].isna(), "asset_id"].iloc[0]
        raise ContractError(
            f"cost of {ghost}, which no source ever saw",
            hint="this is a defect in burn; report it",
        )
    return pd.concat([rows[~unseen], nearest], ignore_index=True)
