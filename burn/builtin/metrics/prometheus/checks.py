"""`burn doctor` for Prometheus: what a run of the same window would stop at, and what it would lack."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from burn.api import BurnError, Check, Scope, Window
from burn.builtin.metrics.common.meter import Meter
from burn.builtin.metrics.prometheus import clusters
from burn.builtin.metrics.prometheus.api.answers import readable
from burn.builtin.metrics.prometheus.api.client import PrometheusClient
from burn.builtin.metrics.prometheus.notes import COLLECT, LOOK_BACK

# What a run can do without, what it then lacks, and how to have it.
_SERIES = (
    ("pods", "kube_pod_info", "all nodes would be idle; do not drop kube_pod_info"),
    (
        "requests",
        '{__name__=~"kube_pod_container_resource_requests(_cpu_cores)?",$cluster}',
        "costs would follow use only; do not drop kube_pod_container_resource_requests",
    ),
    (
        "node labels",
        'kube_node_labels{label_node_kubernetes_io_instance_type!="",$cluster}',
        "instance types and spot would come from the bill alone; start kube-state-metrics with"
        " --metric-labels-allowlist=nodes=[*]",
    ),
    (
        "cAdvisor",
        'container_cpu_usage_seconds_total{namespace!="",$cluster}',
        "costs would follow requests only; scrape the kubelets' /metrics/cadvisor",
    ),
)


def checks(
    client: PrometheusClient, label: str, scope: Scope, window: Window | None
) -> Iterator[Check]:
    """See `MetricsSource.check`; a check fails where a run would stop.

    Args:
        client: of the server.
        label: that tells clusters apart.
        scope: whose cluster a run would be about.
        window: that a run would observe; None looks at the hour that ends now.
    """
    meter = Meter()
    now = datetime.now(UTC)
    try:
        client.ask("query", {"query": "vector(1)"}, what="`vector(1)`", meter=meter)
    except BurnError as error:
        yield Check(name="reachable", ok=False, detail=error.message, hint=error.hint or "")
        return
    yield Check(name="reachable", ok=True, detail=client.url)
    start, end = (window.start, window.end) if window else (now - timedelta(hours=1), now)
    first, last = min(end, start + _DAY), max(start, end - _DAY)
    look = _Look(client, meter)
    found = look.clusters(label, start, first) or look.clusters(label, last, end)
    try:
        matcher, _ = clusters.choose(found, label, scope)
    except BurnError as error:
        yield Check(name="clusters", ok=False, detail=error.message, hint=error.hint or "")
        return
    named = [name for name in found if name]
    yield Check(name="clusters", ok=True, detail=", ".join(named) or "one, without a name")
    look.matcher = matcher.rstrip(",")
    nodes = look.count("kube_node_info{$cluster}", start, first)
    when = f"on {start:%Y-%m-%d}" if window else "in the last hour"
    if nodes:
        yield Check(name="kube-state-metrics", ok=True, detail=f"{nodes} nodes {when}")
    elif window and look.count("kube_node_info{$cluster}", start - LOOK_BACK, start):
        yield Check(
            name="kube-state-metrics",
            ok=True,
            detail=f"no node {when}, an outage: there are older data",
        )
    else:
        hint = "scrape kube-state-metrics v2, and mind the server's retention"
        yield Check(
            name="kube-state-metrics",
            ok=False,
            detail=f"no node {when} nor before",
            hint=f"{hint}; {COLLECT}",
        )
        return
    for name, selector, lack in _SERIES:
        where = selector if "$cluster" in selector else selector + "{$cluster}"
        number = look.count(where, last, end)
        detail = (
            f"{number} series"
            if number
            else f"none between {last:%Y-%m-%dT%H:%M} and {end:%Y-%m-%dT%H:%M}: {lack}"
        )
        if name == "pods" and look.count('kube_pod_info{exported_pod!="",$cluster}', last, end):
            detail += (
                "; their labels were overwritten and are read from `exported_` copies: set"
                " `honor_labels: true` on kube-state-metrics' scrape job"
            )
        yield Check(name=name, ok=True, detail=detail)
    if window is None:
        yield Check(name="retention", ok=True, detail=look.reach(now))


_DAY = timedelta(days=1)


class _Look:
    """Counts series, of one cluster once its matcher is known."""

    def __init__(self, client: PrometheusClient, meter: Meter) -> None:
        self._client, self._meter, self.matcher = client, meter, ""

    def clusters(self, label: str, start: datetime, end: datetime) -> list[str]:
        """Names of the clusters with nodes; "" stands for series without the label."""
        if not label:
            return []
        result = self._ask(f"count by ({label}) ($)", "kube_node_info", start, end)
        return sorted({series["metric"].get(label, "") for series in result})

    def count(self, selector: str, start: datetime, end: datetime) -> int:
        """Series with a sample between two instants."""
        result = self._ask("count($)", selector.replace("$cluster", self.matcher), start, end)
        with readable(self._client.url, f"`{selector}`"):
            return int(float(result[0]["value"][1])) if result else 0

    def _ask(self, form: str, selector: str, start: datetime, end: datetime) -> list[Any]:
        seconds = max(1, round((end - start).total_seconds()))
        query = form.replace("$", f"last_over_time({selector}[{seconds}s] offset 1ms)")
        fields = {"query": query, "time": f"{end.timestamp():.3f}"}
        return self._client.ask("query", fields, what=f"`{query}`", meter=self._meter)

    def reach(self, now: datetime) -> str:
        """How far back there are nodes, in words."""
        for days in (31, 15, 7, 1):
            then = now - timedelta(days=days)
            if self.count("kube_node_info{$cluster}", then - _DAY, then):
                return f"at least {days} {'day' if days == 1 else 'days'}"
        return f"less than a day: it scrapes since today, or {COLLECT}"
