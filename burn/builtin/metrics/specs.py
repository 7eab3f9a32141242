"""The metrics sources burn comes with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from burn.api import Around, MetricsSource, MetricsSourceSpec, Seen
from burn.builtin.metrics.kubernetes.settings import KubernetesSettings
from burn.builtin.metrics.prometheus.settings import PrometheusSettings
from burn.builtin.metrics.snapshot.source import SnapshotSettings


def _prometheus(settings: Any) -> MetricsSource:
    from burn.builtin.metrics.prometheus.source import PrometheusSource

    return PrometheusSource(settings)


def _snapshot(settings: Any) -> MetricsSource:
    from burn.builtin.metrics.snapshot.source import SnapshotSource

    return SnapshotSource(settings)


def _kubernetes(settings: Any) -> MetricsSource:
    from burn.builtin.metrics.kubernetes.source import KubernetesSource

    return KubernetesSource(settings)


def _look_prometheus(settings: Any, around: Around) -> Iterable[Seen]:
    from burn.builtin.metrics.prometheus.look import look

    return look(settings, around)


def _look_kubernetes(settings: Any, around: Around) -> Iterable[Seen]:
    from burn.builtin.metrics.kubernetes.look import look

    return look(settings, around)


SOURCES = (
    MetricsSourceSpec(
        name="prometheus",
        summary="Prometheus, Thanos, Mimir, VictoriaMetrics: kube-state-metrics and cAdvisor",
        make=_prometheus,
        settings=PrometheusSettings,
        concurrent=True,
        look=_look_prometheus,
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
        look=_look_kubernetes,
        live=True,
    ),
)
