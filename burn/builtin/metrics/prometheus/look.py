"""What `burn init` learns from Prometheus: where one answers, which clusters, nodes and labels it has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from burn.api import AccessError, Around, BurnError, Seen
from burn.builtin.metrics.common.meter import Meter
from burn.builtin.metrics.kubernetes.look import in_pod, prometheus_services
from burn.builtin.metrics.kubernetes.settings import KubernetesSettings
from burn.builtin.metrics.prometheus.api.client import PrometheusClient

if TYPE_CHECKING:
    from burn.builtin.metrics.prometheus.settings import PrometheusSettings

LOCAL = ("http://localhost:9090",)
"""Where a Prometheus of one's own listens, and a forwarded port."""
SECONDS = 5.0
_LABELS = "topk(200, kube_namespace_labels) or topk(200, kube_pod_labels)"


def look(settings: PrometheusSettings, around: Around) -> Iterator[Seen]:
    """The server of the settings; else one on localhost, else Services of the current kube context.

    Raises:
        AccessError: none of them answers.
    """
    del around
    services: list[tuple[str, str, int]] = []
    why = ""
    if not settings.url:
        try:
            services = prometheus_services(KubernetesSettings())
        except BurnError as error:
            why = f"; in the cluster none was looked for: {error.message}"
    inside = [f"http://{name}.{space}.svc:{port}" for space, name, port in services]
    tried = (
        (settings.url,)
        if settings.url
        else (*LOCAL, *(inside if in_pod(KubernetesSettings()) else ()))
    )
    refused = []
    for url in tried:
        try:
            yield _server(replace(settings, url=url, attempts=1, timeout=SECONDS))
        except BurnError as error:
            refused.append(error)
        else:
            return
    if services:
        space, name, port = services[0]
        yield Seen(
            what=f"Service {space}/{name} in the cluster, port {port}",
            settings={"url": LOCAL[0]},
            next=f"kubectl port-forward -n {space} svc/{name} 9090:{port}",
        )
        return
    if settings.url:
        raise refused[0]
    raise AccessError(
        f"no Prometheus answers at {' or '.join(tried)}{why or ', and no Service in the cluster is one'}",
        hint="forward its port, or say where it is: --set source.prometheus.url=URL",
    )


def _server(settings: PrometheusSettings) -> Seen:
    """What one server has of this hour.

    Raises:
        AccessError, DataError: it does not answer like a Prometheus.
    """
    with PrometheusClient(settings) as client:
        label = settings.cluster_label
        nodes = _ask(client, "topk(100, kube_node_info)")
        found = _ask(client, f"count by ({label}) (kube_node_info)") if label else []
        names = sorted({str(one.get(label, "")) for one in found} - {""})
        labelled = _ask(client, _LABELS)
    ids = [str(one.get("provider_id") or "") for one in nodes]
    keys = {
        key.removeprefix("label_") for one in labelled for key in one if key.startswith("label_")
    }
    without = "" if nodes else ", without a node in kube-state-metrics' series"
    return Seen(
        what=f"Prometheus at {client.url}{without}",
        settings={"url": client.url},
        clusters=tuple(names),
        provider_ids=tuple(one for one in ids if one),
        label_keys=tuple(sorted(keys)),
    )


def _ask(client: PrometheusClient, query: str) -> list[dict[str, Any]]:
    answer = client.ask("query", {"query": query}, what=f"`{query}`", meter=Meter())
    return [dict(one["metric"]) for one in answer]
