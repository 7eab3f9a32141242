"""Seed: where allocation starts. Each asset's cost, cut by resource, carried by nobody yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import ContractError, InventoryFrame, PodsFrame, PriceFrame, schemas

if TYPE_CHECKING:
    import pandas as pd

# List prices of one general-purpose core, GiB of memory and GPU an hour; only their ratio counts.
CORE_RATE = 0.031611
MEMORY_RATE = 0.004237
GPU_RATE = 0.95

_RESOURCE_OF = {"volume": "storage", "load_balancer": "load_balancer"}
BILLED_BY_POD = "vCPU-hours"


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
            "cpu": nodes["cpu_cores"] * nodes["cpu_rate"].fillna(CORE_RATE),
            "memory": nodes["memory_gib"] * nodes["memory_rate"].fillna(MEMORY_RATE),
            "gpu": nodes["gpu_count"] * nodes["gpu_rate"].fillna(GPU_RATE),
        }
    ).clip(lower=0.0)
    total = weights.sum(axis=1)
    unknown = total <= 0
    weights.loc[unknown, "cpu"] = 1.0
    return weights.div(total.where(~unknown, 1.0), axis=0)


def seed(
    assets: pd.DataFrame,
    shared: pd.DataFrame,
    known: InventoryFrame,
    prices: PriceFrame,
    pods: PodsFrame,
) -> pd.DataFrame:
    """One basis and day of cost as rows of schema `allocation`.

    Args:
        assets: columns basis, asset_id, day, cost.
        shared: columns basis, day, driver, cost.
        known: one row per asset: its cluster, kind and size on this day, or the nearest day
            it was seen when it was not seen on this one.
        prices: this day's, for rates and units.
        pods: this day's, for nodes that are billed by the pod.

    Raises:
        ContractError: cost of an asset no source ever saw.
    """
    import pandas as pd

    facts = known[
        ["asset_id", "kind", "cluster", "cpu_cores", "memory_gib", "gpu_count", "pod_uid"]
    ].merge(
        prices[["asset_id", "unit", "cpu_rate", "memory_rate", "gpu_rate"]],
        on="asset_id",
        how="left",
    )
    rows = assets.merge(facts, on="asset_id", how="left")
    unseen = rows["kind"].isna()
    if unseen.any():
        raise ContractError(
            f"cost of {rows.loc[unseen, 'asset_id'].iloc[0]}, which no source ever saw",
            hint="this is a defect in burn; report it",
        )
    nodes = rows[rows["kind"] == "node"]
    by_resource = node_shares(nodes).mul(nodes["cost"], axis=0)
    split = [
        nodes.assign(resource=resource, cost=by_resource[resource])[by_resource[resource] != 0]
        for resource in ("cpu", "memory", "gpu")
    ]
    others = rows[rows["kind"] != "node"]
    split.append(others.assign(resource=others["kind"].map(_RESOURCE_OF)))
    cut = _billed_by_pod(pd.concat(split), pods)
    clusters = known["cluster"].unique()
    loose = shared.assign(
        asset_id="",
        cluster=clusters[0] if len(clusters) == 1 else "",
        resource=shared["driver"],
        kind="shared",
    )
    return _complete(pd.concat([cut, loose], ignore_index=True))


def _billed_by_pod(rows: pd.DataFrame, pods: PodsFrame) -> pd.DataFrame:
    """A serverless node is its pod: priced at the pod's size, so no part of it is idle."""
    who = pods[["pod_uid", "namespace", "workload_kind", "workload", "labels"]]
    only = rows["pod_uid"].where(rows["unit"] == BILLED_BY_POD, "")
    out = rows.assign(pod_uid=only, kind="unallocated").merge(who, on="pod_uid", how="left")
    out.loc[out["namespace"].notna(), "kind"] = "direct"
    return out


def _complete(rows: pd.DataFrame) -> pd.DataFrame:
    """The schema's columns, text as categories, what nobody carries left empty."""
    out = rows.reindex(columns=schemas.ALLOCATION.names)
    for column in schemas.ALLOCATION.columns:
        if column.kind == "string":
            empty = "{}" if column.name == "labels" else ""
            out[column.name] = out[column.name].astype("str").fillna(empty).astype("category")
    return out
