"""The `workloads` frame: what the pods of a workload say of where they may run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from burn.api.containers import WORKLOADS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from burn.builtin.metrics.kubernetes.pods import Pods

KEY = ["namespace", "kind", "name"]
WITHOUT = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
"""Tolerations that every pod is given; they choose no node."""


def workloads_of(pods: Pods, lived: npt.NDArray[np.bool_], cluster: str) -> pd.DataFrame:
    """One row per workload, from the newest of its pods; columns of the schema but `day`.

    Replicas are its pods now. Autoscalers, budgets and the strategy are not listed, and unknown.

    Args:
        pods: as listed.
        lived: which of them were there on the day.
        cluster: its name.
    """
    import pandas as pd

    about = pods.about[["namespace"]].join(pods.owners)[lived]
    made = pd.Series([str(pod["metadata"].get("creationTimestamp")) for pod in pods.objects])
    newest = about.assign(made=made[lived], at=about.index).sort_values("made", kind="stable")
    by = newest.groupby(KEY, sort=True)
    last = by["at"].last()
    rows = [_placement(pods.objects[at]["spec"]) for at in last]
    frame = last.index.to_frame(index=False).rename(
        columns={"kind": "workload_kind", "name": "workload"}
    )
    frame = frame.assign(cluster=cluster, replicas=by.size().to_numpy(dtype=float), spec_known=True)
    return WORKLOADS.fill(frame.join(pd.DataFrame(rows, columns=list(_placement({})))))


def _placement(spec: dict[str, Any]) -> dict[str, str]:
    tolerations = [one for one in spec.get("tolerations") or () if one.get("key") not in WITHOUT]
    return {
        "priority_class": str(spec.get("priorityClassName") or ""),
        "node_selector": _json(spec.get("nodeSelector") or {}),
        "affinity": _json(spec.get("affinity") or {}),
        "tolerations": _json(tolerations),
        "spread": _json(spec.get("topologySpreadConstraints") or []),
        "local_volumes": _json(_local(spec.get("volumes") or ())),
    }


def _local(volumes: Any) -> list[str]:
    """Kinds of data on the node that its pods would leave behind, each once."""
    found = set()
    for volume in volumes:
        if "hostPath" in volume:
            found.add("hostPath")
        elif "emptyDir" in volume:
            medium = (volume["emptyDir"] or {}).get("medium")
            found.add("memory" if medium == "Memory" else "emptyDir")
    return sorted(found)


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
