"""Which kinds of things this Prometheus shows: no series may mean that nothing is collected."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from burn.builtin.metrics.common.grid import Grid
    from burn.builtin.metrics.common.nodes import Nodes
    from burn.builtin.metrics.prometheus.objects.usage import Outage, UsageGrids


MISSED = 0.02
"""Share of pod-hours without a sample from which on a day's use counts as not seen."""


def sees(
    kinds: dict[str, Grid], used: UsageGrids, nodes: Nodes, missed: Outage | None
) -> dict[str, bool]:
    """`Coverage.sees`, but for advice's: a kind with a series is collected; without any, it may not be.

    Every cluster has Services. A cluster may well have no Ingress, so that none is unknown.
    GPUs are known by what pods ask for only.

    Args:
        kinds: volumes, claims, mounts, services, ingresses and requests, as they were counted.
        used: what cAdvisor measured.
        nodes: the day's nodes.
        missed: what cAdvisor did not show of them.
    """
    shown = {kind: len(grid.labels) > 0 for kind, grid in kinds.items()}
    if not shown["ingresses"]:
        del shown["ingresses"]
    measured = {"cpu": used.cpu, "memory": used.memory, "network": used.network}
    whole = missed is None or missed.share < MISSED
    return {
        "nodes": True,
        **shown,
        **{f"{kind}_use": whole and len(grid.labels) > 0 for kind, grid in measured.items()},
        "gpu_use": False,
        "scheduling": bool((nodes.about["arch"] != "").any()),
    }
