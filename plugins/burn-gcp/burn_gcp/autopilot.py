"""Which nodes GKE Autopilot bills by their pods, and of which class the pods on them are.

A pod's class is its node's machine family (GKE documentation, "Compute classes in Autopilot"):
general purpose on E2 and EK, Balanced on N2 and N2D, Scale-Out on T2D and T2A; a pod with GPUs
has its GPU's class. Other families are Performance and Accelerator, billed as machines. So is
any node that has Compute Engine lines of its own, as custom compute classes make them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import InventoryFrame
from burn_gcp.bill.charges.pods import pod_key

if TYPE_CHECKING:
    import pandas as pd

NODES = r"^gk3-"
"""How Autopilot names its nodes."""
ONLY = r"^(?:ek|e4a)-"
"""Machine types that Autopilot alone has, in Standard clusters as well."""
CLASSES = {
    "": "",
    "e2": "",
    "ek": "",
    "e4a": "arm",
    "n2": "balanced",
    "n2d": "balanced",
    "t2d": "scale-out x86",
    "t2a": "scale-out arm",
    "n1": "nvidia t4",
    "g2": "nvidia l4",
    "a2": "nvidia a100",
}
_ULTRA = r"^a2-ultragpu"
SHARED = {
    "core": "shared by cpu request",
    "ram": "shared by memory request",
    "gpu": "shared by gpu request",
    "disk": "shared by cpu request",
}
"""Part of a pod's bill → how its lines are split over the nodes; no metric has the disk's request."""


def pod_class(inventory: InventoryFrame) -> pd.Series[str]:
    """The class of the pods on each node (empty: general purpose); null: not billed by pod."""
    kind = inventory["instance_type"].astype("str")
    named = inventory["name"].astype("str").str.contains(NODES, regex=True)
    ours = inventory["provider_id"].astype("str").str.startswith("gce://")
    pods = (inventory["kind"] == "node") & ours & (named | kind.str.contains(ONLY, regex=True))
    found = kind.str.split("-").str[0].map(CLASSES)
    return found.mask(kind.str.contains(_ULTRA, regex=True), "nvidia a100 80gb").where(pods)


def claims(inventory: InventoryFrame) -> pd.DataFrame:
    """asset_id, resource_key, method: the pods' lines that are of each node, with others."""
    import pandas as pd

    kind = pod_class(inventory)
    spot = inventory["capacity_type"] == "spot"
    parts = []
    for part, method in SHARED.items():
        keys = pod_key(kind, part, spot=spot).dropna()
        if part == "gpu":
            keys = keys[inventory["gpu_count"] > 0]
        ids = inventory["asset_id"].astype("str").reindex(keys.index)
        parts.append(pd.DataFrame({"asset_id": ids, "resource_key": keys, "method": method}))
    return pd.concat(parts, ignore_index=True).drop_duplicates(["asset_id", "resource_key"])
