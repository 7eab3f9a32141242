"""The usage frame: what each pod asked for and used, per node and hour it was there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from burn.builtin.metrics.common.grid import Grid, rows_where

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import Window
    from burn.builtin.metrics.common.nodes import Nodes
    from burn.builtin.metrics.prometheus.objects.pods import Pods
    from burn.builtin.metrics.prometheus.objects.requests import Requests

GIB = 2.0**30
_HOUR = 3600.0
_MEASURABLE = 0.25
"""Hours: a younger pod may not have been scraped twice."""


@dataclass(frozen=True, slots=True)
class UsageGrids:
    """What cAdvisor measured, by pod, in the time that was watched."""

    cpu: Grid
    cpu_p95: Grid
    memory: Grid
    memory_p95: Grid
    memory_max: Grid
    network: Grid


def unmeasured(pods: Pods, cpu: Grid) -> Any:
    """Mask of the pods that ran for long enough to be measured, and have no CPU series."""
    import numpy as np

    rows, _, _ = pods.attach(cpu, "level")
    silent = np.ones(len(pods.about), dtype=bool)
    silent[rows] = False
    return silent & (pods.presence.sum(axis=1) >= _MEASURABLE)


def network_hours(pods: Pods, used: UsageGrids) -> Any:
    """By pod, the hours in which its own bytes were counted: none on the host's network."""
    import numpy as np

    heard = ~np.isnan(pods.levels(used.network))
    return (pods.presence * heard).sum(axis=1) * _own_network(pods)


def _own_network(pods: Pods) -> Any:
    """Mask: processes on the host's network show the node's traffic, not their own."""
    return (pods.about["host_network"] != "true").to_numpy()


@dataclass(frozen=True, slots=True)
class Outage:
    """What cAdvisor missed of pods that it shows at other times.

    Attributes:
        hours: pod-hours without a sample.
        share: of all pod-hours, 0 to 1.
        first: number of the first such hour in the window.
        nodes: how many nodes it missed.
    """

    hours: float
    share: float
    first: int
    nodes: int


def outage(pods: Pods, node_rows: Any, used: UsageGrids) -> Outage | None:
    """Hours in which pods ran on a node and cAdvisor showed none of them; None: there are none.

    A pod alone may be silent because nothing in it runs yet; a whole node is not.

    Args:
        pods: limited to their nodes' time.
        node_rows: row of the nodes per pod and hour.
        used: what cAdvisor measured.
    """
    import numpy as np

    size = pods.presence.shape[1]
    pod, hour = np.nonzero(pods.presence >= _MEASURABLE)
    heard = ~(np.isnan(pods.levels(used.cpu)) & np.isnan(pods.levels(used.memory)))[pod, hour]
    node = node_rows[pod, hour]
    cell = node * size + hour
    lost = (np.bincount(cell, heard)[cell] == 0) & (np.bincount(node, heard)[node] > 0)
    if not lost.any():
        return None
    present = pods.presence[pod, hour]
    missed = float(present[lost].sum())
    return Outage(
        missed, missed / float(present.sum()), int(hour[lost].min()), len(np.unique(node[lost]))
    )


def only(wanted: Any, pods: Pods, grid: Grid) -> Grid:
    """Series that are of pods under a mask, and of no other."""
    import numpy as np

    rows, series, _ = pods.attach(grid, "level")
    kept = np.zeros(len(grid.labels), dtype=bool)
    kept[series[wanted[rows]]] = True
    kept[series[~wanted[rows]]] = False
    return grid.keep(kept)


def within_nodes(pods: Pods, nodes: Nodes) -> tuple[Pods, Any]:
    """Pods for as long as their node was there, and the node's row per pod and hour.

    A pod's object may outlive its node by minutes; it holds nothing then.
    """
    import numpy as np

    rows = nodes.at(pods.about["node"])
    hours = np.arange(rows.shape[1])
    limit = np.where(rows >= 0, nodes.presence[rows, hours], 0.0) if len(nodes.about) else 0.0
    presence = np.minimum(pods.presence, limit)
    lived = presence.any(axis=1)
    return type(pods)(rows_where(pods.about, lived), presence[lived]), rows[lived]


def usage_of(
    pods: Pods,
    node_rows: Any,
    nodes: Nodes,
    requests: Requests,
    used: UsageGrids,
    window: Window,
) -> pd.DataFrame:
    """One row per pod, node and hour.

    Requests are average × presence; CPU and network are amounts that a counter grew by; memory is
    average × presence.

    Args:
        pods: limited to their nodes' time.
        node_rows: row of `nodes` per pod and hour.
        nodes: the day's nodes.
        requests: average per pod and hour.
        used: what cAdvisor measured.
        window: the day or part.
    """
    import numpy as np
    import pandas as pd

    pod, hour = np.nonzero(pods.presence > 0)
    at = (pod, hour)
    hours = pods.presence[at]
    starts = pd.date_range(window.start, periods=window.hours, freq=timedelta(hours=1), unit="us")
    own = _own_network(pods)[pod]
    direction = used.network.labels["direction"]

    def network(name: str) -> Any:
        return pods.amounts(used.network.keep(direction == name))[at] * own / GIB

    return pd.DataFrame(
        {
            "pod_uid": pods.about["uid"].to_numpy()[pod],
            "asset_id": nodes.about["asset_id"].to_numpy()[node_rows[at]],
            "hour": starts[hour],
            "hours": hours,
            "cpu_request": requests.cpu[at] * hours,
            "cpu_used": pods.amounts(used.cpu)[at] / _HOUR,
            "cpu_p95": pods.levels(used.cpu_p95)[at],
            "memory_request": requests.memory[at] / GIB * hours,
            "memory_used": np.nan_to_num(pods.levels(used.memory)[at]) / GIB * hours,
            "memory_p95": pods.levels(used.memory_p95)[at] / GIB,
            "memory_max": pods.levels(used.memory_max)[at] / GIB,
            "gpu_request": requests.gpu[at] * hours,
            "network_receive": network("receive"),
            "network_transmit": network("transmit"),
        }
    )
