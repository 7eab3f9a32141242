"""The metrics sources burn comes with."""

from __future__ import annotations

from typing import Any

from burn.api import MetricsSource, MetricsSourceSpec
from burn.builtin.metrics.kubernetes.settings import KubernetesSettings
from burn.builtin.metrics.prometheus.settings import PrometheusSettings
from burn.builtin.metrics.snapshot import SnapshotSettings


def _prometheus(settings: Any) -> MetricsSource:
    from burn.builtin.metrics.prometheus.source import PrometheusSource

    return PrometheusSource(settings)


def _snapshot(settings: Any) -> MetricsSource:
    from burn.builtin.metrics.snapshot import SnapshotSource

    return SnapshotSource(settings)


def _kubernetes(settings: Any) -> MetricsSource:
    from burn.builtin.metrics.kubernetes.source import KubernetesSource

    return KubernetesSource(settings)


SOURCES = (
    MetricsSourceSpec(
        name="prometheus",
        summary="Prometheus, Thanos, Mimir, VictoriaMetrics: kube-state-metrics and cAdvisor",
        make=_prometheus,
        settings=PrometheusSettings,
    ),
    MetricsSourceSpec(
        name="snapshot",
        summary="days that `burn collect` kept on disk",
        make=_snapshot,
        stored=True,
        settings=SnapshotSettings,
    ),
    MetricsSourceSpec(
        name="kubernetes",
        summary="the live Kubernetes API: what there is now, requests only, no history",
        make=_kubernetes,
        settings=KubernetesSettings,
    ),
)
