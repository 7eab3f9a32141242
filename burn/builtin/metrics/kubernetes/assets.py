"""Nodes and volumes from Kubernetes objects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from burn.builtin.metrics.common import gpu, node_labels
from burn.builtin.metrics.common.grid import rows_where
from burn.builtin.metrics.common.nodes import GIB, Nodes
from burn.builtin.metrics.kubernetes.quantity import quantity
from burn.builtin.metrics.kubernetes.zones import zones_of

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.common.grid import Matrix
    from burn.builtin.metrics.kubernetes.lives import Lives

Object = dict[str, Any]
# A volume on a node's own disk is paid with the node; an NFS volume's size is only nominal.
_NOT_DISKS = ("hostPath", "local", "nfs")
IN_TREE = (
    ("awsElasticBlockStore", "volumeID"),
    ("gcePersistentDisk", "pdName"),
    ("azureDisk", "diskName"),
)


def nodes_of(
    objects: Iterable[Object], lives: Lives, devices: Iterable[str], keys: Sequence[str] = ()
) -> Nodes:
    """Nodes with their labels, and their capacity and allocatable of CPU, memory and devices.

    Args:
        objects: all nodes.
        lives: the window and the moment of asking.
        devices: resources that the user counts as devices.
        keys: labels to keep.
    """
    import pandas as pd

    nodes = sorted(objects, key=lambda node: str(node["metadata"]["name"]))
    names = [node["metadata"]["name"] for node in nodes]
    given = [(node.get("spec") or {}).get("providerID") or "" for node in nodes]
    ids = pd.DataFrame({"node": names, "provider_id": given}, dtype="str")
    ids["asset_id"] = "node/" + ids["provider_id"].where(ids["provider_id"] != "", ids["node"])
    labels = [node["metadata"].get("labels") or {} for node in nodes]
    said = pd.DataFrame(
        {key: [label.get(key, "") for label in labels] for key in (*node_labels.KEYS, *keys)},
        dtype="str",
    )
    sizes = [
        (row, gpu.sanitized(resource), kind, quantity(str(amount)))
        for row, node in enumerate(nodes)
        for kind in ("capacity", "allocatable")
        for resource, amount in ((node.get("status") or {}).get(kind) or {}).items()
    ]
    long = pd.DataFrame(sizes, columns=["asset", "resource", "kind", "value"])
    long = rows_where(long, gpu.counted(long["resource"], devices))
    wide = long.pivot_table(index=["asset", "resource"], columns="kind", values="value")
    wide = wide.reindex(columns=["capacity", "allocatable"]).fillna(0.0).reset_index()
    about = pd.concat([ids, node_labels.describe(said), said[list(gpu.NODE_LABELS)]], axis=1)
    about["labels"] = node_labels.objects(said, keys)
    return Nodes(about, lives.matrix(nodes), wide)


def volumes_of(objects: Iterable[Object], lives: Lives) -> tuple[pd.DataFrame, Matrix]:
    """Persistent volumes, bound or not; one row per asset id."""
    import pandas as pd

    volumes: dict[str, Object] = {}
    for volume in sorted(objects, key=lambda found: str(found["metadata"]["name"])):
        spec = volume["spec"]
        if not any(kind in spec for kind in _NOT_DISKS):
            volumes.setdefault("volume/" + (_handle(spec) or volume["metadata"]["name"]), volume)
    rows = []
    for asset_id, volume in volumes.items():
        spec = volume["spec"]
        claim = spec.get("claimRef") or {}
        size = quantity(str((spec.get("capacity") or {}).get("storage", "0")))
        zones = zones_of(volume)
        rows.append(
            {
                "asset_id": asset_id,
                "kind": "volume",
                "name": volume["metadata"]["name"],
                "provider_id": _handle(spec),
                "instance_type": spec.get("storageClassName") or "",
                "storage_gib": size / GIB,
                "namespace": claim.get("namespace", ""),
                "owner_name": claim.get("name", ""),
                "zone": zones[0] if zones and len(zones) == 1 else "",
                "x_zones": None if zones is None else json.dumps(zones),
            }
        )
    columns = ["asset_id", "kind", "name", "provider_id", "instance_type", "storage_gib"]
    where = ["namespace", "owner_name", "zone", "x_zones"]
    frame = pd.DataFrame(rows, columns=[*columns, *where]).astype({"x_zones": "str"})
    return frame, lives.matrix(volumes.values())


def _handle(spec: Object) -> str:
    if csi := spec.get("csi"):
        return str(csi.get("volumeHandle", ""))
    return next((str(spec[kind][field]) for kind, field in IN_TREE if kind in spec), "")
