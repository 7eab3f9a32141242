"""What a pod holds on its node, as the Kubernetes scheduler counts it.

max(containers + sidecars, largest init container) + overhead, per resource. kube-state-metrics
does not tell the order of init containers, so sidecars started before one are not added to it, nor
a request that is set for the pod as a whole; the scheduler's own figure, where it is collected,
has both and goes before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from burn.builtin.metrics.common import gpu
from burn.builtin.metrics.common.grid import Grid, by, codes_of
from burn.builtin.metrics.common.nodes import Nodes, gpu_resources

if TYPE_CHECKING:
    from burn.builtin.metrics.common.grid import Matrix
    from burn.builtin.metrics.prometheus.objects.pods import Pods


@dataclass(frozen=True, slots=True)
class Requests:
    """Average request per pod and hour, while the pod is there."""

    cpu: Matrix
    memory: Matrix
    gpu: Matrix


@dataclass(frozen=True, slots=True)
class RequestGrids:
    """What was fetched: levels by pod and resource; sidecars are counts by container.

    `above` holds a pod's overhead, and where the scheduler tells it the whole request, by `kind`.
    """

    containers: Grid
    init: Grid
    sidecars: Grid
    above: Grid


def requests_of(grids: RequestGrids, pods: Pods, nodes: Nodes) -> Requests:
    """Effective requests; devices as parts of a physical one on the pod's node."""
    import numpy as np

    resources = sorted(
        {"cpu", "memory", *grids.containers.labels["resource"], *grids.init.labels["resource"]}
    )
    side = _is_sidecar(grids)
    parts = {}
    for resource in resources:
        running = _level(grids.containers, resource, pods)
        beside = _summed(grids.init.keep(side), resource, pods)
        starting = _level(grids.init.keep(~side), resource, pods)
        above = _level(_of(grids.above, "overhead"), resource, pods)
        added_up = np.maximum(running + beside, starting) + above
        told = _level(_of(grids.above, "scheduler"), resource, pods)
        parts[resource] = np.where(told > 0, told, added_up)
    devices = np.zeros_like(parts["cpu"])
    for resource in resources:
        if resource not in ("cpu", "memory"):
            devices += parts[resource] * _fraction(resource, pods, nodes)[:, None]
    return Requests(parts["cpu"], parts["memory"], devices)


def _is_sidecar(grids: RequestGrids) -> Any:
    """Init containers that restart: they run beside the others to the end."""
    columns = ["namespace", "pod", "uid", "container"]
    known = grids.sidecars.labels[columns].drop_duplicates().assign(side=True)
    return grids.init.labels[columns].merge(known, how="left")["side"].notna().to_numpy()


def _of(grid: Grid, kind: str) -> Grid:
    return grid.keep(grid.labels["kind"] == kind)


def _level(grid: Grid, resource: str, pods: Pods) -> Matrix:
    import numpy as np

    return np.nan_to_num(pods.levels(grid.keep(grid.labels["resource"] == resource)))


def _summed(grid: Grid, resource: str, pods: Pods) -> Matrix:
    """Sum over containers, after the larger of duplicates."""
    import numpy as np

    grid = grid.keep(grid.labels["resource"] == resource)
    rows, series, values = pods.attach(grid, "level")
    labels = grid.labels[["container"]].take(series).assign(row=rows)
    codes, keys = codes_of(labels, ["row", "container"])
    each = by(codes, values, len(keys), "max")
    return np.nan_to_num(by(keys["row"], each, len(pods.about), "sum"))


def _fraction(resource: str, pods: Pods, nodes: Nodes) -> Any:
    """Physical devices in one unit of a resource, on the node each pod is on."""
    import pandas as pd

    known = gpu_resources(nodes)
    known = known[known["resource"] == resource]
    worth = pd.Series(gpu.fractions(known).to_numpy(), index=known["asset"])
    by_node = worth.groupby(nodes.about["node"].reindex(worth.index).to_numpy()).last()
    return pods.about["node"].map(by_node).fillna(_unknown(resource)).to_numpy(dtype=float)


def _unknown(resource: str) -> float:
    """A profile names its own size; other devices count whole where the node is not known."""
    import pandas as pd

    row = {"resource": [resource], "capacity": [0.0], **{key: [""] for key in gpu.NODE_LABELS}}
    return float(gpu.fractions(pd.DataFrame(row)).iloc[0])
