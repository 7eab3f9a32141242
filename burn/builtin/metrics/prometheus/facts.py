"""What advice needs of a day: the optional frames, or the reason why they are not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from burn.api import AccessError
from burn.builtin.metrics.prometheus.objects.containers import containers_of
from burn.builtin.metrics.prometheus.objects.workload_facts import workloads_of

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import PodsFrame
    from burn.builtin.metrics.common.grid import Grid
    from burn.builtin.metrics.prometheus.api.fetch import Fetch
    from burn.builtin.metrics.prometheus.objects.pods import Pods

KINDS = ("specs", "budgets", "autoscalers", "limits", "quantiles", "throttling", "restarts")
"""Of `Coverage.sees`, those that the questions for advice are about."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Rows of the frames `containers` and `workloads`; of kinds, whether they are shown; notes."""

    containers: pd.DataFrame | None = None
    workloads: pd.DataFrame | None = None
    sees: Mapping[str, bool] = field(default_factory=lambda: dict.fromkeys(KINDS, False))
    notes: tuple[str, ...] = ()


def facts(
    fetch: Fetch, pods: Pods, who: PodsFrame, cluster: str, step: int, *, claims: bool
) -> Facts:
    """See the module. A server that will not answer these costs advice, and not the run.

    Args:
        fetch: of the day.
        pods: those on a node of the inventory.
        who: their frame.
        cluster: its name.
        step: seconds, of CPU rates.
        claims: whether it is shown which pods mount which claims.
    """
    try:
        containers = containers_of(fetch, pods, step)
        workloads = workloads_of(fetch, cluster, pods, who, claims=claims)
    except AccessError as error:
        why = f"no advice on the size of containers: {error.message}"
        return Facts(notes=(f"{why}; source.prometheus.facts = false leaves its questions out",))
    return Facts(
        containers if len(containers) else None,
        workloads.rows,
        sees={"specs": False} | _measured(containers) | workloads.sees,
    )


def _measured(containers: pd.DataFrame) -> dict[str, bool]:
    """Quantiles and restarts are of every container; limits, and so throttling, there may be none."""
    told = containers.notna().any()
    sees = {
        "quantiles": bool(told["cpu_p95"] and told["memory_p95"]),
        "restarts": bool(told["restarts"]),
    }
    some = {
        "limits": bool(told["cpu_limit"] or told["memory_limit"]),
        "throttling": bool(told["throttled"]),
    }
    return sees | {kind: True for kind, shown in some.items() if shown}


def with_slots(machines: pd.DataFrame, slots: Grid) -> pd.DataFrame:
    """The inventory's rows of nodes with how many pods each takes; null where nobody says."""
    known = slots.labels.assign(slots=slots.values[:, 0]).groupby("node")["slots"].max()
    return machines.assign(x_pods=machines["name"].map(known))
