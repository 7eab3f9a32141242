"""What `burn init` learns from the Kubernetes API: the cluster's name, its nodes, labels, Prometheus."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from burn.api import Around, Seen, UsageError
from burn.builtin.metrics.common.meter import Meter
from burn.builtin.metrics.kubernetes.access import kubeconfig
from burn.builtin.metrics.kubernetes.client import KubernetesClient

if TYPE_CHECKING:
    from burn.builtin.metrics.kubernetes.settings import KubernetesSettings

SECONDS = 5.0
_PAGE = 200
"""Nodes, namespaces and pods that are looked at: a page of each."""
_NAMED_BY = ("alpha.eksctl.io/cluster-name", "kubernetes.azure.com/cluster")
"""Node labels that hold the cluster's name, or for AKS its node resource group."""
_PORTS = ("web", "http", "http-web", "https", "api")
_OTHERS = ("exporter", "alertmanager", "operator", "gateway", "adapter", "state-metrics", "webhook")
"""Parts of the names of Services that come with a Prometheus and are none."""


def look(settings: KubernetesSettings, around: Around) -> Iterator[Seen]:
    """The cluster of the current context.

    Raises:
        UsageError: there is no kubeconfig.
        AccessError: the API does not answer, or may not be read.
    """
    del around
    with connected(settings) as client:
        nodes, spaces, pods = (
            client.first(kind, _PAGE) for kind in ("nodes", "namespaces", "pods")
        )
        ids = [str((node.get("spec") or {}).get("providerID") or "") for node in nodes]
        names = [name for name in (_labelled(nodes), _context(settings)) if name]
        yield Seen(
            what=f"a cluster of {_number(len(nodes), 'node')} behind the Kubernetes API at {client.host}",
            clusters=tuple(dict.fromkeys(names)),
            provider_ids=tuple(one for one in ids if one),
            label_keys=tuple(
                dict.fromkeys(key for one in (*spaces, *pods) for key in _labels(one))
            ),
        )


def connected(settings: KubernetesSettings) -> KubernetesClient:
    """A client that does not wait long; in a pod without a kubeconfig, with the pod's account."""
    some = any(file.exists() for file in kubeconfig.files(settings.kubeconfig))
    short = replace(
        settings,
        timeout=min(settings.timeout, SECONDS),
        page_size=_PAGE,
        in_cluster=settings.in_cluster
        or (in_pod(settings) and not settings.kubeconfig and not some),
    )
    return KubernetesClient(short, Meter())


def prometheus_services(settings: KubernetesSettings) -> list[tuple[str, str, int]]:
    """Services that look like a Prometheus: namespace, name, port; the likeliest first.

    Raises:
        UsageError, AccessError: as `look`.
    """
    with connected(settings) as client:
        found = [one for one in client.objects("services") if _is_prometheus(one)]
    named = [(str(o["metadata"]["namespace"]), str(o["metadata"]["name"]), _port(o)) for o in found]
    return sorted(named, key=lambda one: (not one[1].startswith("prometheus"), len(one[1]), one))


def in_pod(settings: KubernetesSettings) -> bool:
    """Whether burn itself runs in the cluster."""
    return settings.in_cluster or "KUBERNETES_SERVICE_HOST" in os.environ


def _is_prometheus(service: dict[str, Any]) -> bool:
    name = str((service.get("metadata") or {}).get("name") or "").lower()
    labels = _labels(service)
    app = str(labels.get("app.kubernetes.io/name") or labels.get("app") or "").lower()
    if any(part in name for part in _OTHERS):
        return False
    return ("prometheus" in name or app == "prometheus") and _port(service) > 0


def _port(service: dict[str, Any]) -> int:
    """9090 if it has that, else the port that is named like a web server's; 0: none."""
    ports = (service.get("spec") or {}).get("ports") or []
    numbers = [int(one.get("port") or 0) for one in ports]
    if 9090 in numbers:
        return 9090
    return next((int(one.get("port") or 0) for one in ports if one.get("name") in _PORTS), 0)


def _labels(thing: dict[str, Any]) -> dict[str, Any]:
    return dict((thing.get("metadata") or {}).get("labels") or {})


def _labelled(nodes: Iterable[dict[str, Any]]) -> str:
    """What the nodes say; AKS's group is MC_group_CLUSTER_region."""
    for node in nodes:
        for key in _NAMED_BY:
            value = str(_labels(node).get(key) or "")
            parts = value.split("_")
            if value.upper().startswith("MC_"):
                value = parts[2] if len(parts) == 4 else ""
            if value:
                return value
    return ""


def _context(settings: KubernetesSettings) -> str:
    """The cluster that the context names: EKS writes its ARN, GKE gke_project_location_name."""
    try:
        name = kubeconfig.load(settings.kubeconfig).chosen(settings.context).cluster.name
    except UsageError:  # in a pod
        return ""
    if name.startswith("arn:") and ":cluster/" in name:
        return name.rpartition("/")[2]
    parts = name.split("_")
    if parts[0] == "gke" and len(parts) == 4:
        return parts[3]
    return name.partition(".")[0] if name.endswith(".eksctl.io") else name


def _number(count: int, word: str) -> str:
    more = "or more " if count == _PAGE else ""
    return f"{count} {more}{word}{'' if count == 1 else 's'}"
