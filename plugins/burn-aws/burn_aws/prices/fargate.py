"""The size that Fargate bills for a pod: its requests, rounded up to a combination there is.

The node that Kubernetes shows is the machine behind the pod, which can be larger than what is
billed. 256 MiB go on top of the pod's memory, for Kubernetes itself; a pod that asks for nothing
gets the smallest size. Source: Amazon EKS user guide, Fargate pod configuration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SIZES = (
    (0.25, (0.5, 1.0, 2.0)),
    (0.5, tuple(float(gib) for gib in range(1, 5))),
    (1.0, tuple(float(gib) for gib in range(2, 9))),
    (2.0, tuple(float(gib) for gib in range(4, 17))),
    (4.0, tuple(float(gib) for gib in range(8, 31))),
    (8.0, tuple(float(gib) for gib in range(16, 61, 4))),
    (16.0, tuple(float(gib) for gib in range(32, 121, 8))),
)
"""vCPU, and the GiB each can have."""
SIZE = ["cpu_cores", "memory_gib"]
RESERVED = 0.25
"""GiB for the kubelet, kube-proxy and containerd."""
NEAR = 0.999
"""Requests are sums over scrapes: what is this near to a size is of that size."""


def sized(nodes: pd.DataFrame) -> pd.DataFrame:
    """The billed size of Fargate's nodes, where the requests of their pods are known.

    Args:
        nodes: inventory rows of Fargate nodes, with `cpu_requested` and `memory_requested`.

    Returns:
        Columns cpu_cores and memory_gib, same index.
    """
    import pandas as pd

    # The highest of an asset's days: on its first and last one a pod is there for part of them.
    hours = nodes["hours"].where(nodes["hours"] > 0)
    asked = nodes[["cpu_requested", "memory_requested"]].div(hours, axis=0)
    asked = asked.groupby(nodes["asset_id"]).transform("max")
    known, asked = asked.notna().all(axis=1), asked.fillna(0.0)
    pairs = asked.drop_duplicates().itertuples(index=False, name=None)
    table = pd.DataFrame([(*pair, *size(*pair)) for pair in pairs], columns=[*asked, *SIZE])
    found = asked.merge(table, on=list(asked), how="left").set_axis(nodes.index)
    return found[SIZE].where(known, nodes[SIZE])


def size(vcpu: float, gib: float) -> tuple[float, float]:
    """The smallest size with this much vCPU, and this much memory besides what is reserved."""
    need = gib + RESERVED
    for cores, memories in SIZES:
        fitting = [memory for memory in memories if memory >= need * NEAR]
        if cores >= vcpu * NEAR and fitting:
            return cores, fitting[0]
    return SIZES[-1][0], SIZES[-1][1][-1]
