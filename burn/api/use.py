"""The frame of what was asked for and used in a run's window, which finding rules see."""

from __future__ import annotations

from burn.api.frames import UseFrame
from burn.api.schema import Column, Schema

SCOPES = ("workload", "node", "pool", "volume")
_SUMS = {
    "hours": ("hours", "workload: pod-hours; node, volume: hours it was there"),
    "cpu_capacity": ("core-hours", "node: allocatable"),
    "memory_capacity": ("GiB-hours", "node: allocatable"),
    "cpu_request": ("core-hours", "workload, node"),
    "cpu_used": ("core-hours", "workload, node"),
    "memory_request": ("GiB-hours", "workload, node"),
    "memory_used": ("GiB-hours", "workload, node"),
    "days": ("days", "workload, volume: on which it was there"),
    "mounted": ("days", "volume: on which a pod mounted it"),
    "filled": ("days", "volume: of which `used_gib` is known"),
    "by_pod": ("hours", "workload: pod-hours on nodes that are billed by what their pods ask for"),
    "gpu_capacity": ("device-hours", "node"),
    "gpu_request": ("device-hours", "node"),
    "cpu_measured": ("hours", "workload: pod-hours in which `cpu_need` was measured"),
    "memory_measured": ("hours", "workload: pod-hours in which `memory_max` was measured"),
    "network": ("GiB", "workload: sent and received"),
    "network_measured": ("hours", "workload: pod-hours in which its own bytes were counted"),
}
_PEAKS = {
    "cpu_need": ("cores", "workload: what one pod needs in `findings.cpu_percentile` % of its hours"),
    "memory_max": ("GiB", "workload: highest sample of any pod"),
    "cpu_peak": ("cores", "pool: Σ max(request, use) of the busiest hour"),
    "memory_peak": ("GiB", "pool: the same of memory"),
    "gpu_peak": ("devices", "pool: the most that was asked for in an hour"),
    "cpu_pod": ("cores", "pool: largest request of one pod"),
    "memory_pod": ("GiB", "pool: largest request of one pod"),
    "network_peak": ("GiB", "workload: the most that one pod sent and received in an hour"),
    "used_gib": ("GiB", "volume: the most that its file system held"),
    "size_gib": ("GiB", "volume: its size, the largest of any day"),
    "spread": ("nodes", "pool: the most pods of one workload that were each on a node of their own"),
}  # fmt: skip

USE: Schema[UseFrame] = Schema(
    "use",
    key=("scope", "cluster", "namespace", "workload_kind", "workload", "asset_id"),
    about="What was asked for and used over the window, for finding rules: a row per workload, node, node pool and volume.",
    columns=(
        Column("scope", "string", one_of=SCOPES),
        Column("cluster", "string"),
        Column("namespace", "string", doc="workload, and the claim of a volume"),
        Column("workload_kind", "string", doc="workload"),
        Column(
            "workload",
            "string",
            doc="its name; node, pool: the node pool, in which a pod may move; volume: its claim",
        ),
        Column("asset_id", "string", doc="node, volume"),
        *(Column(n, "float", unit=unit, doc=doc) for n, (unit, doc) in _SUMS.items()),
        *(Column(n, "float", unit=unit, null=True, doc=doc) for n, (unit, doc) in _PEAKS.items()),
    ),
)
