"""GPU requests as parts of a physical device.

- A whole device (`nvidia.com/gpu`, other vendors' resources) is 1.
- Time slicing or MPS: a replica is 1/R, R from the node label nvidia.com/gpu.replicas, else from
  capacity ÷ nvidia.com/gpu.count. Both spellings: `nvidia.com/gpu` and `nvidia.com/gpu.shared`.
- MIG: a `mig-1g.5gb` is 1/7 of a device, a `3g` is 3/7; an A30 has 4 slices. With the `single`
  strategy the profile is in the node labels and the resource is `nvidia.com/gpu`.
Labels: NVIDIA gpu-feature-discovery, "Generated Labels". Resource names here are as
kube-state-metrics writes them: `nvidia_com_mig_1g_5gb`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

DEVICES = ".+_com_gpu|nvidia_com_gpu_shared|nvidia_com_mig_.+|gpu_intel_com_(i915|xe)"
"""Regular expression of device resources, for PromQL and for Python."""

NODE_LABELS = (
    "nvidia.com/gpu.count",
    "nvidia.com/gpu.replicas",
    "nvidia.com/gpu.product",
    "nvidia.com/gpu.slices.gi",
)
_MIG = r"^nvidia_com_mig_(\d+)g_"
_SLICES, _SLICES_A30 = 7.0, 4.0


def pattern(more: Iterable[str]) -> str:
    """The resources to ask for: CPU, memory and devices, the user's own included."""
    return "|".join(["cpu", "memory", DEVICES, *(sanitized(name) for name in more)])


def sanitized(resource: str) -> str:
    """A resource name as kube-state-metrics writes it."""
    return re.sub(r"[^a-zA-Z0-9_]", "_", resource)


def counted(resources: Iterable[str], more: Iterable[str]) -> list[bool]:
    """Which resources are CPU, memory or devices.

    A node also has `pods`, `ephemeral-storage`, huge pages, attachable volumes and whatever else
    its plugins offer; none of them is paid as a device.

    Args:
        resources: names as kube-state-metrics writes them.
        more: the user's own devices, as Kubernetes writes them.
    """
    wanted = re.compile(pattern(more))
    return [wanted.fullmatch(name) is not None for name in resources]


def is_device(resource: pd.Series[str]) -> pd.Series[bool]:
    """Of the resources that are `counted`, those that are neither CPU nor memory."""
    return ~resource.isin(["cpu", "memory"])


def fractions(resources: pd.DataFrame) -> pd.Series[float]:
    """How much of a physical device one unit of a resource is.

    Args:
        resources: columns `resource`, `capacity` (units of it on the node; 0 if unknown) and the
            NODE_LABELS of the node, as text.
    """
    import numpy as np
    import pandas as pd

    nvidia = resources["resource"].isin(["nvidia_com_gpu", "nvidia_com_gpu_shared"])
    shared = resources["resource"].str.endswith("_shared")
    count, replicas, instance = (
        _number(resources[f"nvidia.com/gpu.{name}"]) for name in ("count", "replicas", "slices.gi")
    )
    slices = np.where(resources["nvidia.com/gpu.product"].str.contains("A30"), _SLICES_A30, _SLICES)
    profile = _number(resources["resource"].str.extract(_MIG, expand=False).fillna(""))
    part = profile.where(profile > 0, instance.where(nvidia, 0.0)).to_numpy() / slices
    size = pd.Series(np.where(part > 0, np.minimum(part, 1.0), 1.0), index=resources.index)
    counted = (resources["capacity"] / count.where(count > 0)).fillna(1.0).clip(lower=1.0)
    sharing = replicas.where(replicas > 0, counted.where(shared, 1.0)).where(nvidia | shared, 1.0)
    return size / sharing


def physical(resources: pd.DataFrame) -> pd.Series[float]:
    """Physical devices of one node's resource, from its capacity; see `fractions`."""
    return resources["capacity"] * fractions(resources)


def _number(text: pd.Series[str]) -> pd.Series[float]:
    import pandas as pd

    return pd.to_numeric(text, errors="coerce").fillna(0.0)
