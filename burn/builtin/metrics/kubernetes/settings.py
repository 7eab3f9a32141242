"""`[source.kubernetes]` in burn.toml."""

from __future__ import annotations

from dataclasses import dataclass

from burn.api import UsageError, setting


@dataclass(frozen=True, slots=True)
class KubernetesSettings:
    """Which cluster to ask, and how."""

    kubeconfig: str = setting("", help="kubeconfig file; KUBECONFIG or ~/.kube/config if empty")
    context: str = setting("", help="context in it; the current one if empty")
    in_cluster: bool = setting(False, help="use the pod's own service account instead")
    page_size: int = setting(500, help="objects per list request")
    timeout: float = setting(60.0, help="seconds to wait for one answer, and to read it")
    largest_answer: int = setting(256, help="MiB; a larger answer is refused")
    gpu_resources: list[str] = setting(
        [], help="further device resources to count as whole GPUs, such as example.com/npu"
    )

    def __post_init__(self) -> None:
        if not 0 < self.timeout < float("inf"):
            raise UsageError(
                f"source.kubernetes.timeout is {self.timeout}; it must be more than 0 seconds"
            )
        for name in ("page_size", "largest_answer"):
            if getattr(self, name) < 1:
                raise UsageError(
                    f"source.kubernetes.{name} is {getattr(self, name)}; it must be 1 or more"
                )
