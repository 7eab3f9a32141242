"""The `workloads` frame: how workloads are run, and what their pods say of where they may run."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from burn.api.containers import FACTS, WORKLOADS
from burn.builtin.metrics.kubernetes.assets import IN_TREE
from burn.builtin.metrics.kubernetes.autoscalers import autoscalers_of
from burn.builtin.metrics.kubernetes.budgets import budgets_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from burn.builtin.metrics.kubernetes.lists import Listed
    from burn.builtin.metrics.kubernetes.pods import Pods

Object = dict[str, Any]
KEY = ["namespace", "kind", "name"]
WITHOUT = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
"""Tolerations that every pod is given; they choose no node."""
_LISTS = {
    "Deployment": ("deployments", "strategy"),
    "StatefulSet": ("statefulsets", "updateStrategy"),
    "DaemonSet": ("daemonsets", "updateStrategy"),
    "ReplicaSet": ("replicasets", ""),
}
"""Kind → its list, and where its spec says how it is updated."""
_OWN_DISKS = ("hostPath", "local")


def workloads_of(
    pods: Pods, lived: npt.NDArray[np.bool_], listed: Listed, cluster: str
) -> pd.DataFrame:
    """One row per workload, from the newest of its pods; columns of the schema but `day`.

    Args:
        pods: as listed.
        lived: which of them were there on the day.
        listed: all lists; what the API refused is not in `x_known`.
        cluster: its name.
    """
    import pandas as pd

    about = pods.about[["namespace"]].join(pods.owners)
    about["made"] = [str(pod["metadata"].get("creationTimestamp")) for pod in pods.objects]
    about["start"] = pd.Series([_start(pod) for pod in pods.objects], dtype="float64")
    about["on_node"] = pods.about["uid"].isin(_on_their_node(pods, listed["persistentvolumes"]))
    by = about.assign(at=about.index)[lived].sort_values("made", kind="stable").groupby(KEY)
    last = by["at"].last()
    newest = [pods.objects[at] for at in last]
    frame = last.index.to_frame(index=False).merge(_wanted(listed), how="left", on=KEY)
    frame["replicas"] = frame["replicas"].fillna(by.size().reset_index(drop=True).astype("float64"))
    scaled = listed.get("horizontalpodautoscalers")
    frame = frame.merge(autoscalers_of(scaled or ()), how="left", on=KEY)
    budgets = listed.get("poddisruptionbudgets")
    held = budgets_of(
        budgets or (),
        [(pod["metadata"]["namespace"], pod["metadata"].get("labels") or {}) for pod in newest],
        frame["replicas"].tolist(),
    )
    frame["disruptions_allowed"] = pd.Series(held.allowed, dtype="float64")
    frame["x_start_seconds"] = by["start"].median().to_numpy()
    specs = zip(newest, by["on_node"].any(), strict=True)
    placed = pd.DataFrame([_placement(pod["spec"], own) for pod, own in specs], columns=_PLACED)
    refused = [kind for kind, (name, _) in _LISTS.items() if listed.get(name) is None]
    sure = pd.DataFrame(dict.fromkeys(FACTS, True), index=frame.index)
    sure["autoscalers"] = scaled is not None
    sure["claims"] = [not _disks(pod["spec"].get("volumes") or ()) for pod in newest]
    sure["budgets"] = [budgets is not None and one for one in held.known]
    sure["strategy"] = ~frame["kind"].isin(refused)
    known = [json.dumps([fact for fact in FACTS if row[fact]]) for row in sure.to_dict("records")]
    frame = frame.rename(columns={"kind": "workload_kind", "name": "workload"}).join(placed)
    return WORKLOADS.fill(
        frame.assign(
            cluster=cluster,
            spec_known=True,
            strategy=frame["strategy"].fillna("").astype("str"),
            x_known=pd.Series(known, index=frame.index, dtype="str"),
        )
    )


def _wanted(listed: Listed) -> pd.DataFrame:
    """By controller, how many pods it wants and how it replaces them."""
    import pandas as pd

    rows = [
        (found["metadata"]["namespace"], kind, found["metadata"]["name"], *_controlled(found, how))
        for kind, (name, how) in _LISTS.items()
        for found in listed.get(name) or ()
    ]
    frame = pd.DataFrame(rows, columns=[*KEY, "replicas", "strategy"])
    return frame.astype(dict.fromkeys([*KEY, "strategy"], "str") | {"replicas": "float64"})


def _controlled(found: Object, how: str) -> tuple[float, str]:
    spec = found.get("spec") or {}
    how_many = _number(spec, "replicas")
    if math.isnan(how_many):  # of a DaemonSet its nodes decide
        how_many = _number(found.get("status") or {}, "desiredNumberScheduled")
    return how_many, str((spec.get(how) or {}).get("type") or "RollingUpdate") if how else ""


def _on_their_node(pods: Pods, volumes: list[Object]) -> list[str]:
    """Uids of pods with a claim whose disk is a node's own: they can run there only."""
    own = [
        (claim.get("namespace"), claim.get("name"))
        for volume in volumes
        if (claim := volume["spec"].get("claimRef"))
        and any(kind in volume["spec"] for kind in _OWN_DISKS)
    ]
    claims = pods.claims.set_index(["namespace", "claim"])["uid"]
    return [str(uid) for uid in claims[claims.index.isin(own)]] if own else []


_PLACED = [
    *("priority_class", "x_priority", "x_stop_seconds"),
    *("node_selector", "affinity", "tolerations", "spread", "local_volumes"),
]


def _placement(spec: Object, own: bool) -> dict[str, Any]:
    tolerations = [one for one in spec.get("tolerations") or () if one.get("key") not in WITHOUT]
    return {
        "priority_class": str(spec.get("priorityClassName") or ""),
        "x_priority": _number(spec, "priority"),
        "x_stop_seconds": _number(spec, "terminationGracePeriodSeconds"),
        "node_selector": _json(spec.get("nodeSelector") or {}),
        "affinity": _json(spec.get("affinity") or {}),
        "tolerations": _json(tolerations),
        "spread": _json(spec.get("topologySpreadConstraints") or []),
        "local_volumes": _json(sorted({*_local(spec.get("volumes") or ()), *["local"] * own})),
    }


def _local(volumes: Any) -> set[str]:
    """Kinds of data on the node that its pods would leave behind, each once."""
    found = set()
    for volume in volumes:
        if "hostPath" in volume:
            found.add("hostPath")
        elif "emptyDir" in volume:
            medium = (volume["emptyDir"] or {}).get("medium")
            found.add("memory" if medium == "Memory" else "emptyDir")
    return found


def _disks(volumes: Any) -> bool:
    """Whether a pod names a cloud's disk itself: no claim and no volume shows it."""
    return any(kind in volume for volume in volumes for kind, _ in IN_TREE)


def _start(pod: Object) -> float:
    """Seconds from bound to ready; not a number where it is not, or a container began again since."""
    status = pod.get("status") or {}
    if any(one.get("restartCount") for one in status.get("containerStatuses") or ()):
        return float("nan")
    conditions = status.get("conditions") or ()
    since: Mapping[Any, Any] = {
        one.get("type"): one.get("lastTransitionTime")
        for one in conditions
        if one.get("status") == "True"
    }
    bound, ready = since.get("PodScheduled"), since.get("Ready")
    if not bound or not ready:
        return float("nan")
    return max(0.0, (datetime.fromisoformat(ready) - datetime.fromisoformat(bound)).total_seconds())


def _number(spec: Object, name: str) -> float:
    return float("nan") if (value := spec.get(name)) is None else float(value)


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
