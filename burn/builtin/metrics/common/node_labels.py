"""What node labels say: where a node is, what it is, how it was bought, which pool it is of.

Well-known labels first, then those that the managed services and autoscalers set.
Sources: Kubernetes' well-known labels; the node label references of Karpenter, EKS, GKE, AKS, kOps.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from burn.builtin.metrics.common import gpu

if TYPE_CHECKING:
    import pandas as pd

FIRST_OF: Mapping[str, tuple[str, ...]] = {
    "instance_type": ("node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type"),
    "region": ("topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region"),
    "zone": ("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"),
    "os": ("kubernetes.io/os", "beta.kubernetes.io/os"),
    "arch": ("kubernetes.io/arch", "beta.kubernetes.io/arch"),
    "owner_name": (
        "karpenter.sh/nodepool",
        "karpenter.sh/provisioner-name",
        "eks.amazonaws.com/nodegroup",
        "alpha.eksctl.io/nodegroup-name",
        "cloud.google.com/gke-nodepool",
        "kubernetes.azure.com/agentpool",
        "agentpool",
        "kops.k8s.io/instancegroup",
    ),
}
SPOT: Mapping[str, str] = {
    "karpenter.sh/capacity-type": "spot",
    "eks.amazonaws.com/capacityType": "SPOT",
    "cloud.google.com/gke-spot": "true",
    "cloud.google.com/gke-preemptible": "true",
    "kubernetes.azure.com/scalesetpriority": "spot",
    "node-role.kubernetes.io/spot-worker": "true",
}
ON_DEMAND: Mapping[str, tuple[str, ...]] = {
    "karpenter.sh/capacity-type": ("on-demand", "reserved"),
    "eks.amazonaws.com/capacityType": ("ON_DEMAND", "CAPACITY_BLOCK"),
    "kubernetes.azure.com/scalesetpriority": ("regular",),
}
KEYS = tuple(
    dict.fromkeys([*(k for keys in FIRST_OF.values() for k in keys), *SPOT, *gpu.NODE_LABELS])
)


def objects(labels: pd.DataFrame, keys: Sequence[str]) -> pd.Series[Any]:
    """Of each row a JSON object of these keys' values, sorted; None where it has none of them.

    Args:
        labels: one row per node, with a column per key, `""` if unset.
        keys: what a provider's prices look at.
    """
    import pandas as pd

    rows = zip(*(labels[key] for key in sorted(keys)), strict=True) if keys else ()
    said = [{k: v for k, v in zip(sorted(keys), row, strict=True) if v} for row in rows]
    texts = [json.dumps(one, ensure_ascii=False) if one else None for one in said]
    return pd.Series(texts or [None] * len(labels), index=labels.index, dtype="object")


def describe(labels: pd.DataFrame) -> pd.DataFrame:
    """Inventory columns from labels: one row per node, one column per key of KEYS, `""` if unset."""
    import pandas as pd

    out = pd.DataFrame(index=labels.index)
    for column, keys in FIRST_OF.items():
        value = pd.Series("", index=labels.index, dtype="str")
        for key in keys:
            value = value.where(value != "", labels[key])
        out[column] = value
    spot = pd.Series(False, index=labels.index)
    for key, word in SPOT.items():
        spot |= labels[key] == word
    bought = pd.Series(False, index=labels.index)
    for key, words in ON_DEMAND.items():
        bought |= labels[key].isin(words)
    kind = pd.Series("", index=labels.index, dtype="str").mask(bought, "on_demand")
    out["capacity_type"] = kind.mask(spot, "spot")
    return out
