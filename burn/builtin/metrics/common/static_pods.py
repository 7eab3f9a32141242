"""Static pods: each kubelet runs its own from a file, and the API shows a mirror named after the node.

`kube-proxy-NODE` on N nodes is one workload, as a DaemonSet's pods are. The API server shows the
node as a mirror pod's owner (Kubernetes documentation, "Create static Pods").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

KIND = "StaticPod"


def owners_of_static(owners: pd.DataFrame, pods: pd.DataFrame) -> pd.DataFrame:
    """Owners with mirror pods as `StaticPod` and their name without the node's.

    Args:
        owners: `kind` and `name` per pod.
        pods: `pod` and `node`, in the same order.
    """
    import numpy as np

    mirror = (owners["kind"] == "Node").to_numpy()
    names = [
        pod.removesuffix(f"-{node}")
        for pod, node in zip(pods["pod"][mirror], pods["node"][mirror], strict=True)
    ]
    name = np.array(owners["name"], dtype=object)
    name[mirror] = names
    return owners.assign(kind=np.where(mirror, KIND, owners["kind"]), name=name)
