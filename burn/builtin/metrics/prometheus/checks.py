"""`burn doctor` for Prometheus: one line per thing that a report stands on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from burn.api import BurnError, Check, Window
from burn.builtin.metrics.meter import Meter
from burn.builtin.metrics.prometheus import clusters
from burn.builtin.metrics.prometheus.client import PrometheusClient
from burn.builtin.metrics.prometheus.notes import COLLECT

_SERIES = (
    ("kube-state-metrics", "kube_node_info", "scrape kube-state-metrics v2"),
    ("pods", 'kube_pod_info{uid!=""}', "do not drop kube_pod_info or its uid label"),
    (
        "requests",
        '{__name__=~"kube_pod_container_resource_requests(_cpu_cores)?"}',
        "do not drop kube_pod_container_resource_requests",
    ),
    (
        "node labels",
        '{__name__="kube_node_labels",label_node_kubernetes_io_instance_type!=""}',
        "start kube-state-metrics with --metric-labels-allowlist=nodes=[*]",
    ),
    (
        "cAdvisor",
        'container_cpu_usage_seconds_total{container!=""}',
        "scrape the kubelets' /metrics/cadvisor",
    ),
)


def checks(client: PrometheusClient, cluster_label: str) -> Iterator[Check]:
    """See `MetricsSource.check`."""
    meter = Meter()
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    try:
        client.ask("query", {"query": "vector(1)"}, what="`vector(1)`", meter=meter)
    except BurnError as error:
        yield Check("reachable", False, error.message, error.hint or "")
        return
    yield Check("reachable", True, client.url)
    for name, selector, hint in _SERIES:
        found = _number(client, f"count(last_over_time({selector}[1h]))", now, meter)
        yield Check(
            name, bool(found), f"{int(found or 0)} series in the last hour", "" if found else hint
        )
    for days in (31, 7, 1):
        then = now - timedelta(days=days)
        if _number(client, "count(last_over_time(kube_node_info[1h]))", then, meter):
            yield Check(
                "retention", days == 31, f"at least {days} days", "" if days == 31 else COLLECT
            )
            break
    else:
        yield Check("retention", False, "less than a day", COLLECT)
    found_clusters = clusters.names(
        client, cluster_label, Window(now - timedelta(hours=1), now), meter
    )
    named = [name for name in found_clusters if name]
    hint = "name one with --cluster" if len(found_clusters) > 1 else ""
    yield Check("clusters", True, ", ".join(named) or "one, without a name", hint)


def _number(client: PrometheusClient, query: str, at: datetime, meter: Meter) -> float | None:
    form = {"query": query, "time": str(int(at.timestamp()))}
    result = client.ask("query", form, what=f"`{query}`", meter=meter)
    return float(result[0]["value"][1]) if result else None
