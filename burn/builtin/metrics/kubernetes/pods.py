"""Pods that hold a place on a node now: who they are and what they asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from burn.builtin.metrics.common import gpu
from burn.builtin.metrics.common.grid import rows_where
from burn.builtin.metrics.common.static_pods import owners_of_static
from burn.builtin.metrics.kubernetes.requests import held_by

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.common.nodes import Nodes

Object = dict[str, Any]
Owners = Mapping[tuple[str, str, str], tuple[str, str]]
"""Kind, namespace, name → kind and name of its controller."""


@dataclass(frozen=True, slots=True)
class Pods:
    """One row per pod, sorted by uid.

    Attributes:
        objects: as listed, in the order of the rows.
        about: uid, namespace, pod, node.
        owners: kind and name.
        labels: JSON objects.
        requests: row, resource, value.
        claims: uid, namespace, claim.
    """

    objects: list[Object]
    about: pd.DataFrame
    owners: pd.DataFrame
    labels: pd.Series[str]
    requests: pd.DataFrame
    claims: pd.DataFrame


def controllers(kind: str, objects: Iterable[Object]) -> Owners:
    """Who owns each ReplicaSet or Job."""
    found = {}
    for item in objects:
        owner = _controller(item)
        if owner:
            meta = item["metadata"]
            found[kind, meta["namespace"], meta["name"]] = owner
    return found


def pods_of(
    objects: Iterable[Object], above: Owners, spaces: Mapping[str, Object], keys: tuple[str, ...]
) -> Pods:
    """Pods bound to a node and not completed.

    Args:
        objects: all pods.
        above: owners of ReplicaSets and Jobs.
        spaces: namespaces by name, for their labels.
        keys: label and annotation keys that are wanted.
    """
    import pandas as pd

    pods = [
        pod
        for pod in objects
        if pod["spec"].get("nodeName")
        and (pod.get("status") or {}).get("phase") not in ("Succeeded", "Failed")
    ]
    pods.sort(key=lambda pod: str(pod["metadata"]["uid"]))
    meta = [pod["metadata"] for pod in pods]
    about = pd.DataFrame(
        {
            "uid": [m["uid"] for m in meta],
            "namespace": [m["namespace"] for m in meta],
            "pod": [m["name"] for m in meta],
            "node": [pod["spec"]["nodeName"] for pod in pods],
        },
        dtype="str",
    )
    owners = pd.DataFrame([_workload(pod, above) for pod in pods], columns=["kind", "name"])
    owners = owners_of_static(owners, about)
    labels = [_labels(m, spaces.get(m["namespace"], {}), keys) for m in meta]
    asked = [
        (row, gpu.sanitized(resource), amount)
        for row, held in enumerate(held_by(pods))
        for resource, amount in held.items()
    ]
    claims = [
        (pod["metadata"]["uid"], pod["metadata"]["namespace"], claim)
        for pod in pods
        for claim in _claims(pod)
    ]
    return Pods(
        pods,
        about,
        owners,
        pd.Series(labels, dtype="str"),
        pd.DataFrame(asked, columns=["row", "resource", "value"]),
        pd.DataFrame(claims, columns=["uid", "namespace", "claim"], dtype="str"),
    )


def namespaces_labels(spaces: Mapping[str, Object], keys: tuple[str, ...]) -> pd.Series[str]:
    """Namespace → JSON object of the wanted labels and annotations it has."""
    import pandas as pd

    return pd.Series(
        {name: _labels({}, space, keys) for name, space in spaces.items()}, dtype="str"
    )


def requested(pods: Pods, nodes: Nodes, more: Iterable[str]) -> dict[str, Any]:
    """cpu, memory and gpu per pod row; devices as parts of a physical one on the pod's node."""
    import numpy as np
    import pandas as pd

    asked = rows_where(pods.requests, gpu.counted(pods.requests["resource"], more))
    node = pd.Series(np.arange(len(nodes.about)), index=nodes.about["node"])
    asked = asked.assign(asset=pods.about["node"].map(node).reindex(asked["row"]).to_numpy())
    asked = asked.merge(
        nodes.sizes[["asset", "resource", "capacity"]], on=["asset", "resource"], how="left"
    )
    said = nodes.about[list(gpu.NODE_LABELS)].reindex(asked["asset"]).fillna("")
    known = pd.concat([asked.fillna({"capacity": 0.0}), said.reset_index(drop=True)], axis=1)
    device = gpu.is_device(known["resource"])
    amount = known["value"].where(~device, known["value"] * gpu.fractions(known))
    kind = known["resource"].mask(device, "gpu")
    total = amount.groupby([known["row"], kind]).sum().unstack().reindex(range(len(pods.about)))
    return {
        name: total.get(name, pd.Series(0.0, total.index)).fillna(0.0).to_numpy()
        for name in ("cpu", "memory", "gpu")
    }


def _controller(item: Object) -> tuple[str, str] | None:
    for owner in item["metadata"].get("ownerReferences") or ():
        if owner.get("controller"):
            return str(owner["kind"]), str(owner["name"])
    return None


def _workload(pod: Object, above: Owners) -> tuple[str, str]:
    meta = pod["metadata"]
    owner = _controller(pod)
    if owner is None:
        return "Pod", str(meta["name"])
    return above.get((owner[0], meta["namespace"], owner[1]), owner)


def _labels(meta: Object, space: Object, keys: tuple[str, ...]) -> str:
    """Pod label, pod annotation, namespace label, namespace annotation: the first there is."""
    around = space.get("metadata") or {}
    places = [
        holder.get(field) or {} for holder in (meta, around) for field in ("labels", "annotations")
    ]
    found = {
        key: next((place[key] for place in places if place.get(key)), "") for key in sorted(keys)
    }
    return json.dumps({key: value for key, value in found.items() if value}, ensure_ascii=False)


def _claims(pod: Object) -> Iterable[str]:
    """Claims by name; a generic ephemeral volume's claim is named after pod and volume."""
    for volume in pod["spec"].get("volumes") or ():
        if claim := volume.get("persistentVolumeClaim"):
            yield str(claim["claimName"])
        elif "ephemeral" in volume:
            yield f"{pod['metadata']['name']}-{volume['name']}"
