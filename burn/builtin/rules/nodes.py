"""Nodes: capacity that even the busiest hour did not need, and versions past their support."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from burn.api import Finding
from burn.api.find import FindRequest
from burn.api.vocabulary import BILLED_BY_POD
from burn.findings.visible import could_see

if TYPE_CHECKING:
    import pandas as pd

NAMED = 3
"""Nodes named in a sentence."""


def consolidation(request: FindRequest) -> Iterator[Finding]:
    """Nodes that could go while the rest of their pool still carries its busiest hour.

    A pool is a node pool's nodes of one architecture, system, zone and way of buying: between
    them a pod may move, whatever it selects or tolerates. Nodes whose pool is not known are left
    alone. Only nodes there for the whole window count, as capacity and as candidates; demand counts
    everywhere. Candidates go in the order of what their idle part costs, largest first, as long
    as the rest holds Σ max(request, use) of CPU and of memory with room to spare, all GPUs asked
    for, the largest pod, and a node for each pod of a workload whose pods were each on their own.
    Nodes whose GPUs a pod asked for stay, and those with a pod that nobody makes again, that keeps
    data on them, or whose disruption budget lets none go, as far as that is known. Nodes that are
    billed by their pods do not count: without them the pods cost the same.
    """
    if not could_see(request, "requests", "cpu_use", "memory_use", "scheduling"):
        return
    usage, limits = request.usage, request.thresholds
    nodes = usage[(usage["scope"] == "node") & (usage["hours"] >= request.hours * limits.steady)]
    by_pod = request.prices.loc[request.prices["unit"] == BILLED_BY_POD, "asset_id"]
    nodes = nodes[~nodes["asset_id"].isin(by_pod) & (nodes["workload"] != "")]
    pools = usage[usage["scope"] == "pool"].to_dict("records")
    peaks = {(str(row["cluster"]), str(row["workload"])): row for row in pools}
    for cluster, members in nodes.groupby("cluster", sort=True):
        going = [
            (_table(request, table), peaks[str(cluster), str(pool)])
            for pool, table in members.groupby("workload", sort=True)
            if (str(cluster), str(pool)) in peaks
        ]
        yield from _surplus(request, str(cluster), len(members), going)


def _table(request: FindRequest, nodes: pd.DataFrame) -> pd.DataFrame:
    """A pool's nodes, those whose idle part costs most first."""
    table = nodes.assign(
        cores=nodes["cpu_capacity"] / nodes["hours"],
        gib=nodes["memory_capacity"] / nodes["hours"],
        gpus=nodes["gpu_capacity"] / nodes["hours"],
        cost=nodes["asset_id"].map(request.asset_costs).fillna(0.0),
        free=(nodes["gpu_request"] == 0) & ~nodes["asset_id"].isin(request.held),
    )
    busy = table[["cpu_request", "cpu_used"]].max(axis="columns") / table["cpu_capacity"]
    table["idle_cost"] = table["cost"] * (1 - busy.clip(0.0, 1.0))
    return table.sort_values(["idle_cost", "asset_id"], ascending=[False, True])


def _surplus(
    request: FindRequest,
    cluster: str,
    steady: int,
    pools: list[tuple[pd.DataFrame, dict[Any, Any]]],
) -> Iterator[Finding]:
    import pandas as pd

    fill = request.thresholds.fill
    spare = [(table, peak, _removable(table, peak, fill)) for table, peak in pools]
    spare = [(table, peak, gone) for table, peak, gone in spare if gone]
    if not spare:
        return
    removed = pd.concat([table.iloc[gone] for table, _, gone in spare])
    before = pd.concat([table for table, _, _ in spare])[["cores", "gib"]].sum()
    left = before - removed[["cores", "gib"]].sum()
    need = [sum(peak[name] for _, peak, _ in spare) for name in ("cpu_peak", "memory_peak")]
    amount = float(removed["cost"].sum())
    order = removed.sort_values(["idle_cost", "asset_id"], ascending=[False, True])["asset_id"]
    names = [str(asset).rpartition("/")[2] for asset in order[:NAMED]]
    more = f" and {len(order) - NAMED} more" if len(order) > NAMED else ""
    committed = bool((request.ledger["driver"] == "commitment").any())
    caveat = "; what a commitment covers stays on the bill until it ends" if committed else ""
    yield Finding(
        title=f"{len(order)} of {steady} steady nodes are not needed at the busiest hour",
        subject=cluster or "cluster",
        amount=amount,
        monthly=amount * request.month,
        evidence=(
            f"In their node pool and zone, the busiest hour asked for {need[0]:,.1f} of"
            f" {before['cores']:,.1f} cores and {need[1]:,.1f} of {before['gib']:,.1f} GiB; without"
            f" {', '.join(names)}{more}, {left['cores']:,.1f} cores and {left['gib']:,.1f} GiB"
            f" remain{caveat}"
        ),
        action=(
            "Drain them one at a time; check affinity, spread constraints, disruption budgets and"
            " data on local disks first"
        ),
        confidence="low" if committed else "medium",
    )


def _removable(table: pd.DataFrame, peak: dict[Any, Any], fill: float) -> list[int]:
    """Positions of a pool's nodes that can go, taken in order; one node stays."""
    sizes = list(zip(table["cores"], table["gib"], table["gpus"], strict=True))
    free = table["free"].tolist()
    roomy = [cores >= peak["cpu_pod"] and gib >= peak["memory_pod"] for cores, gib, _ in sizes]
    apart = 0 if math.isnan(peak["spread"]) else int(peak["spread"])
    must_stay = max(1, apart)
    kept = [float(table[name].sum()) for name in ("cores", "gib", "gpus")]
    rooms = sum(roomy)
    gone: list[int] = []
    for at, size in enumerate(sizes):
        left = [have - gives for have, gives in zip(kept, size, strict=True)]
        fits = (
            free[at]
            and peak["cpu_peak"] <= fill * left[0]
            and peak["memory_peak"] <= fill * left[1]
            and peak["gpu_peak"] <= left[2]
            and rooms - roomy[at] > 0
        )
        if fits and len(sizes) - len(gone) > must_stay:
            kept, rooms = left, rooms - roomy[at]
            gone.append(at)
    return gone


def extended_support(request: FindRequest) -> Iterator[Finding]:
    """The surcharge for a Kubernetes version past standard support."""
    rows = request.ledger[request.ledger["driver"] == "extended_support"]
    for subject, name, amount, lines in rows[["subject", "name", "amount", "lines"]].itertuples(
        index=False
    ):
        yield Finding(
            title="A Kubernetes version past standard support",
            subject=str(name or subject),
            amount=float(amount),
            monthly=float(amount) * request.month,
            evidence=f"{amount:,.2f} of surcharge on {lines} bill lines",
            action="Upgrade to a version in standard support",
        )
