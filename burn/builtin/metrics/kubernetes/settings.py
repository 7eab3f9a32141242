"""`[source.kubernetes]` in burn.toml."""

from __future__ import annotations

from dataclasses import dataclass

from burn.api import setting


@dataclass(frozen=True, slots=True)
class KubernetesSettings:
    """Which cluster to ask, and how."""

    kubeconfig: str = setting("", help="kubeconfig file; KUBECONFIG or ~/.kube/config if empty")
    context: str = setting("", help="context in it; the current one if empty")
    in_cluster: bool = setting(False, help="use the pod's own service account instead")
    page_size: int = setting(500, help="objects per list request")
    timeout: float = setting(60.0, help="seconds to wait for one answer")
    gpu_resources: list[str] = setting(
        [], help="further device resources to count as whole GPUs, such as example.com/npu"
    )
