"""Which of the clusters in one Prometheus a run is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import Scope, UsageError, Window
from burn.builtin.metrics.prometheus.api.fetch import Fetch
from burn.builtin.metrics.prometheus.queries import kube_state_metrics

if TYPE_CHECKING:
    from burn.builtin.metrics.common.meter import Meter
    from burn.builtin.metrics.prometheus.api.client import PrometheusClient


def names(client: PrometheusClient, label: str, window: Window, meter: Meter) -> list[str]:
    """Values of the cluster label; `""` stands for series without it."""
    if not label:
        return []
    grid = Fetch(client, window, "", meter).grid(kube_state_metrics.cluster_names(label))
    return sorted(set(grid.labels[label]))


def choose(found: list[str], label: str, scope: Scope) -> tuple[str, str]:
    """The matcher for every query, and the cluster's name for the frames.

    Args:
        found: values of the label.
        label: its name.
        scope: whose `cluster` is wanted.

    Raises:
        UsageError: several clusters and none chosen, or no such cluster.
    """
    named = [name for name in found if name]
    if not named:
        return "", scope.cluster or ""
    if scope.cluster in named:
        return f"{label}={_quoted(scope.cluster or '')},", scope.cluster or ""
    listed = ", ".join(f"`{name}`" for name in named)
    if scope.cluster is not None:
        raise UsageError(
            f"Prometheus has no cluster `{scope.cluster}` (label `{label}`); it has {listed}",
            hint="name one of them with --cluster, or set source.prometheus.cluster_label",
        )
    if len(found) > 1:
        rest = " and series without that label" if "" in found else ""
        raise UsageError(
            f"Prometheus holds several clusters (label `{label}`): {listed}{rest}",
            hint="name one with --cluster",
        )
    return "", named[0]


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
