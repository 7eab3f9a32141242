"""What a day asks of Prometheus: queries and bytes, without and with the questions for advice.

python -m benchmarks.prometheus

A real Prometheus holds a made-up day: Deployments of ten pods on ten nodes, a third of them rolled at
noon, half of them with a budget and a quarter with an autoscaler. Counts do not depend on the machine.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from burn.api import ObserveRequest, Scope
from burn.builtin.metrics.prometheus.settings import PrometheusSettings
from burn.builtin.metrics.prometheus.source import PrometheusSource
from tests.servers.prometheus import backfill, serve
from tests.unit.builtin.metrics.prometheus.world import (
    DAY,
    T0,
    Node,
    Pod,
    Scrape,
    World,
    openmetrics,
)

STEP, NOON, REPLICAS = 300, 12 * 3600, 10
TIMES = range(-3600, 25 * 3600, STEP)


def main() -> None:
    """Print a table for clusters of a hundred and of three hundred pods."""
    print("| pods | | queries | bytes | a pod |\n| ---: | --- | ---: | ---: | ---: |")
    for deployments in (10, 30):
        with tempfile.TemporaryDirectory(prefix="burn-bench-") as folder:
            data = backfill(_text(deployments), Path(folder) / "data")
            with serve(data) as url:
                for facts in (False, True):
                    _measure(url, deployments * REPLICAS, facts=facts)


def _measure(url: str, pods: int, *, facts: bool) -> None:
    source = PrometheusSource(PrometheusSettings(url=url, facts=facts))
    seen = source.observe(ObserveRequest(scope=Scope(), window=DAY)).coverage
    if any("no advice" in note for note in seen.notes):
        sys.exit("; ".join(seen.notes))
    name = "with advice" if facts else "cost alone"
    print(
        f"| {pods} | {name} | {seen.queries} | {seen.bytes_read:,} | {seen.bytes_read // pods:,} |"
    )


def _text(deployments: int) -> str:
    pods, owners, lines = [], [], []
    for number in range(deployments):
        name, rolled = f"service-{number}", number % 3 == 0
        lives = (
            [(-3600.0, float(NOON)), (float(NOON), 25 * 3600.0)] if rolled else [(-3600.0, 90000.0)]
        )
        for turn, (start, end) in enumerate(lives):
            owners.append(("shop", f"rs/{name}-{turn}", "Deployment", name))
            pods += [
                Pod(
                    f"0000{turn}000-0000-4000-8000-{number:06}{at:06}",
                    f"{name}-{turn}-{at}",
                    f"node-{at % 10}",
                    start=start,
                    end=end,
                    owner=("ReplicaSet", f"{name}-{turn}"),
                    cpu=0.2,
                    memory=2.0**28,
                )
                for at in range(REPLICAS)
            ]
        lines += _about(number, name)
    lines += [line for pod in pods for line in _times(pod)]
    world = World(nodes=[Node(f"node-{n}") for n in range(10)], pods=pods, owners=owners)
    state = openmetrics(world, Scrape(STEP), cadvisor=Scrape(STEP, extra={"job": "kubelet"}))
    return state.removesuffix("# EOF\n") + "\n".join(lines) + "\n# EOF\n"


def _series(name: str, labels: str, value: float, start: float = -3600) -> Iterator[str]:
    return (f"{name}{{{labels}}} {value} {T0 + at}" for at in TIMES if at >= start)


def _about(number: int, name: str) -> Iterator[str]:
    who = f'namespace="shop",deployment="{name}"'
    yield from _series("kube_deployment_spec_replicas", who, REPLICAS)
    yield from _series("kube_deployment_spec_strategy_rollingupdate_max_unavailable", who, 1)
    if number % 2 == 0:
        budget = f'namespace="shop",poddisruptionbudget="{name}"'
        for fact, value in (("pod_disruptions_allowed", 1), ("expected_pods", REPLICAS)):
            yield from _series(f"kube_poddisruptionbudget_status_{fact}", budget, value)
    if number % 4 == 0:
        scaler = f'namespace="shop",horizontalpodautoscaler="{name}"'
        target = f'scaletargetref_kind="Deployment",scaletargetref_name="{name}"'
        base = "kube_horizontalpodautoscaler_"
        yield from _series(f"{base}info", f"{scaler},{target}", 1)
        yield from _series(f"{base}spec_min_replicas", scaler, 2)
        yield from _series(f"{base}spec_max_replicas", scaler, 20)


def _times(pod: Pod) -> Iterator[str]:
    who = f'namespace="shop",pod="{pod.name}",uid="{pod.uid}"'
    yield from _series("kube_pod_status_scheduled_time", who, T0 + pod.start, pod.start)
    yield from _series("kube_pod_status_ready_time", who, T0 + pod.start + 20, pod.start)
    for key in ("node.kubernetes.io/not-ready", "dedicated"):
        labels = f'{who},key="{key}",operator="Exists",effect="NoSchedule"'
        yield from _series("kube_pod_tolerations", labels, 1, pod.start)


if __name__ == "__main__":
    main()
