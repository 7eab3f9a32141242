"""One observed day of a cluster, as large as asked for: every pod runs all day on one node."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from burn.api import Observation, schemas

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import Schema

HOURS = 24


def observe(nodes: int, pods: int, workloads: int, day: datetime) -> Observation:
    """The five frames of one day, the same for the same arguments.

    Args:
        nodes: of 16 cores and 64 GiB.
        pods: spread evenly over the nodes.
        workloads: spread over 200 namespaces and 50 teams; the pods are spread over them.
        day: UTC midnight.
    """
    import numpy as np
    import pandas as pd

    random = np.random.default_rng(day.toordinal())
    midnight = pd.Timestamp(day)
    hours = pd.date_range(midnight, periods=HOURS, freq="h")
    node_ids = [f"node/aws:///us-east-1a/i-{n:017x}" for n in range(nodes)]
    pod_ids = [f"{p:08x}-aaaa-4bbb-8ccc-{p:012x}" for p in range(pods)]
    workload = np.arange(pods) % workloads
    namespaces = [*(f"shop-{n}" for n in range(199)), "kube-system"]

    def pick(codes: Any, values: list[str]) -> pd.Categorical:
        return pd.Categorical.from_codes(codes, pd.Index(values))

    inventory = _complete(
        schemas.INVENTORY,
        {
            "asset_id": node_ids,
            "day": midnight,
            "kind": "node",
            "cluster": "prod",
            "name": node_ids,
            "cpu_cores": 16.0,
            "cpu_allocatable": 15.5,
            "memory_gib": 64.0,
            "memory_allocatable": 60.0,
            "hours": float(HOURS),
        },
    )
    presence = _complete(
        schemas.PRESENCE,
        {
            "asset_id": pick(np.repeat(np.arange(nodes), HOURS), node_ids),
            "hour": np.tile(hours, nodes),
            "hours": 1.0,
        },
    )
    frame = _complete(
        schemas.PODS,
        {
            "pod_uid": pod_ids,
            "day": midnight,
            "cluster": "prod",
            "namespace": pick(workload % 200, namespaces),
            "pod": pod_ids,
            "workload_kind": "Deployment",
            "workload": pick(workload, [f"app-{n}" for n in range(workloads)]),
            "labels": pick(workload % 50, [f'{{"team":"team-{n}"}}' for n in range(50)]),
        },
    )
    rows = pods * HOURS
    usage = _complete(
        schemas.USAGE,
        {
            "pod_uid": pick(np.repeat(np.arange(pods), HOURS), pod_ids),
            "asset_id": pick(np.repeat(np.arange(pods) * 7919 % nodes, HOURS), node_ids),
            "hour": np.tile(hours, pods),
            "hours": 1.0,
            "cpu_request": 0.4,
            "cpu_used": random.exponential(0.3, rows),
            "memory_request": 1.5,
            "memory_used": random.exponential(1.0, rows),
        },
    )
    return Observation(
        inventory=inventory,
        presence=presence,
        pods=frame,
        usage=usage,
        mounts=schemas.MOUNTS.empty(),
    )


def _complete(schema: Schema[Any], values: dict[str, Any]) -> Any:
    """A valid frame: columns that are not given are empty or zero."""
    import pandas as pd

    frame = pd.DataFrame(values)
    for column in schema.columns:
        if column.name not in frame:
            frame[column.name] = "" if column.kind == "string" else 0.0
    return schema.validate(frame, author="benchmark")
