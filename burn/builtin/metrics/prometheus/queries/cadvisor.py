"""What burn asks of cAdvisor: what pods used, from their containers or else from their own cgroup.

With some runtimes cAdvisor's container series carry no pod (rancher/rancher#39185,
rancher/rke2#11274); the pod's own cgroup, which holds them all, still has its name.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from burn.builtin.metrics.prometheus.queries.kube_state_metrics import POD, Query, R, escaped, named

# cAdvisor names no uid, but its cgroup path does: …pod<uid>…, with `_` for `-` under systemd.
_UID = "([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12})"
CPU, MEMORY = "container_cpu_usage_seconds_total", "container_memory_working_set_bytes"


def by_uid(text: str) -> str:
    """The vector with the uid that each cgroup's path names."""
    return f'label_replace({text},"uid","$1","id",".*pod{_UID}.*")'


@dataclass(frozen=True, slots=True)
class Cgroups:
    """Which series tell what a pod used.

    Attributes:
        where: matchers, without the cluster's.
        whole: one cgroup is all of the pod; else it is the sum of several.
    """

    where: str
    whole: bool = False

    def total(self, text: str, over: str = "container,id") -> str:
        """Pod totals: one value per container and cgroup, however many exporters show it."""
        if self.whole:
            return f"max by (namespace,pod,uid) ({by_uid(text)})"
        return f"sum by (namespace,pod,uid) (max by (namespace,pod,uid,{over}) ({by_uid(text)}))"

    def cpu(self) -> Query:
        """Seconds that the counters grew by."""
        return Query(CPU, POD, self.total(f"increase({self._series(CPU)}{R})"))

    def cpu_p95(self, step: int) -> Query:
        """95th percentile of a pod's CPU rate, from rates over `step` seconds."""
        rate = self.total(f"rate({self._series(CPU)}[{step}s])")
        return Query(f"{CPU} (p95)", POD, f"quantile_over_time(0.95, {rate}[1h:5m] offset 1ms)")

    def memory(self) -> Query:
        """A pod's average: the sum over all its samples, by those of its longest container."""
        series = self._series(MEMORY)
        if self.whole:
            return Query(MEMORY, POD, self.total(f"avg_over_time({series}{R})"))
        longest = (
            "max by (namespace,pod,uid) (sum by (namespace,pod,uid,container) ("
            "max by (namespace,pod,uid,container,id) ("
            f"{by_uid(f'count_over_time({series}{R})')})))"
        )
        return Query(MEMORY, POD, f"{self.total(f'sum_over_time({series}{R})')} / {longest}")

    def memory_max(self) -> Query:
        """A pod's peak: at most the sum of its containers' peaks."""
        peak = self.total(f"max_over_time({self._series(MEMORY)}{R})", over="container")
        return Query(f"{MEMORY} (max)", POD, peak)

    def memory_p95(self, step: int) -> Query:
        """95th percentile of a pod's memory, from averages over `step` seconds."""
        mean = self.total(f"avg_over_time({self._series(MEMORY)}[{step}s])")
        return Query(f"{MEMORY} (p95)", POD, f"quantile_over_time(0.95, {mean}[1h:5m] offset 1ms)")

    def _series(self, metric: str) -> str:
        return f"{metric}{{$cluster {self.where}}}"


CONTAINERS = Cgroups('container!="",container!="POD"')


_MOST_NAMES = 200


def pods_named(names: Collection[str]) -> Cgroups:
    """The own cgroups of pods of these names; of all pods where a list of them would be long."""
    if len(names) > _MOST_NAMES:
        return Cgroups('container="",pod!=""', whole=True)
    listed = "|".join(escaped(name) for name in sorted(names))
    return Cgroups(f'container="",pod=~"{listed}"', whole=True)


NETWORK = Query(
    "container_network_bytes_total",
    (*POD, "direction"),
    " or ".join(
        named(
            "direction",
            direction,
            Cgroups('pod!="",interface!="lo"').total(
                f'increase(container_network_{direction}_bytes_total{{$cluster pod!="",interface!="lo"}}{R})',
                over="interface,id",
            ),
        )
        for direction in ("receive", "transmit")
    ),
)
