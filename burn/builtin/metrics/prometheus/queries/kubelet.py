"""What burn asks of the kubelet: how full the file systems of mounted claims were.

Names and labels: pkg/kubelet/metrics/collectors/volume_stats.go. A claim has series while a pod
mounts it, on the node of that pod, if its driver measures volumes.
"""

from __future__ import annotations

from burn.builtin.metrics.prometheus.queries.kube_state_metrics import Query, R, named

_CLAIM = ("namespace", "persistentvolumeclaim")


def _highest(what: str) -> str:
    """Of a claim that pods on several nodes mount, the highest."""
    series = f"kubelet_volume_stats_{what}_bytes{{$cluster}}"
    return named("fact", what, f"max by ({','.join(_CLAIM)}) (max_over_time({series}{R}))")


FILLED = Query(
    "kubelet_volume_stats_used_bytes",
    (*_CLAIM, "fact"),
    f"{_highest('used')} or {_highest('capacity')}",
)
