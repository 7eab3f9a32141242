"""Nodes: capacity that even the busiest hour did not need, and versions past their support."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from burn.api import Finding
from burn.findings.inputs import FindingInputs
from burn.findings.visible import could_see
from burn.stages.pod_billing import BILLED_BY_POD

if TYPE_CHECKING:
    import pandas as pd

NAMED = 3
"""Nodes named in a sentence."""


def consolidation(inputs: FindingInputs) -> Iterator[Finding]:
    """Nodes that could go while the rest still carries the busiest hour with room to spare.

    Only nodes there for the whole window count, as capacity and as candidates; demand counts
    everywhere. Candidates go in the order of what their idle part costs, largest first, as long
    as the rest holds Σ max(request, use) of CPU and of memory. Nodes that are billed by their
    pods do not count: without them the pods cost the same.
    """
    if not could_see(inputs, "requests", "cpu_use", "memory_use", "scheduling"):
        return
    usage, limits = inputs.usage, inputs.thresholds
    nodes = usage[(usage["scope"] == "node") & (usage["hours"] >= inputs.hours * limits.steady)]
    by_pod = inputs.prices.loc[inputs.prices["unit"] == BILLED_BY_POD, "asset_id"]
    nodes = nodes[~nodes["asset_id"].isin(by_pod)]
    peaks = usage.loc[usage["scope"] == "cluster", ["cluster", "cpu_peak", "memory_peak"]]
    for cluster, *need in peaks.itertuples(index=False):
        members = nodes[nodes["cluster"] == cluster]
        if len(members) > 1:
            yield from _surplus(inputs, str(cluster), members, (float(need[0]), float(need[1])))


def _surplus(
    inputs: FindingInputs, cluster: str, nodes: pd.DataFrame, need: tuple[float, float]
) -> Iterator[Finding]:
    table = nodes.assign(
        cores=nodes["cpu_capacity"] / nodes["hours"],
        gib=nodes["memory_capacity"] / nodes["hours"],
        cost=nodes["asset_id"].map(inputs.asset_costs).fillna(0.0),
    )
    busy = table[["cpu_request", "cpu_used"]].max(axis="columns") / table["cpu_capacity"]
    table["idle_cost"] = table["cost"] * (1 - busy.clip(0.0, 1.0))
    table = table.sort_values(["idle_cost", "asset_id"], ascending=[False, True])
    cores, gib = float(table["cores"].sum()), float(table["gib"].sum())
    gone, (kept_cores, kept_gib) = _removable(
        table["cores"].tolist(), table["gib"].tolist(), need, inputs.thresholds.fill
    )
    if not gone:
        return
    amount = float(table["cost"].iloc[gone].sum())
    names = [str(asset).rpartition("/")[2] for asset in table["asset_id"].iloc[gone[:NAMED]]]
    more = f" and {len(gone) - NAMED} more" if len(gone) > NAMED else ""
    committed = bool((inputs.ledger["driver"] == "commitment").any())
    caveat = "; what a commitment covers stays on the bill until it ends" if committed else ""
    yield Finding(
        rule="consolidation",
        title=f"{len(gone)} of {len(table)} steady nodes are not needed at the busiest hour",
        subject=cluster or "cluster",
        amount=amount,
        monthly=amount * inputs.month,
        evidence=(
            f"The busiest hour asked for {need[0]:,.1f} of {cores:,.1f} cores and {need[1]:,.1f} "
            f"of {gib:,.1f} GiB; without {', '.join(names)}{more}, {kept_cores:,.1f} cores and "
            f"{kept_gib:,.1f} GiB remain{caveat}"
        ),
        action="Drain them one at a time; check zones, affinity, disruption budgets and DaemonSets",
        confidence="low" if committed else "medium",
    )


def _removable(
    cores: list[float], gib: list[float], need: tuple[float, float], fill: float
) -> tuple[list[int], tuple[float, float]]:
    """Positions that can go, taken in order, and the cores and GiB that remain; one node stays."""
    kept = sum(cores), sum(gib)
    gone: list[int] = []
    for at, size in enumerate(zip(cores, gib, strict=True)):
        left = kept[0] - size[0], kept[1] - size[1]
        fits = need[0] <= fill * left[0] and need[1] <= fill * left[1]
        if fits and len(gone) < len(cores) - 1:
            kept = left
            gone.append(at)
    return gone, kept


def extended_support(inputs: FindingInputs) -> Iterator[Finding]:
    """The surcharge for a Kubernetes version past standard support."""
    rows = inputs.ledger[inputs.ledger["driver"] == "extended_support"]
    for subject, name, amount, lines in rows[["subject", "name", "amount", "lines"]].itertuples(
        index=False
    ):
        yield Finding(
            rule="extended-support",
            title="A Kubernetes version past standard support",
            subject=str(name or subject),
            amount=float(amount),
            monthly=float(amount) * inputs.month,
            evidence=f"{amount:,.2f} of surcharge on {lines} bill lines",
            action="Upgrade to a version in standard support",
        )
