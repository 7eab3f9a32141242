"""How the workloads of `shop-prod` are run: most with two settings that nobody thinks about, some with a story.

Fraud was killed for memory once, suggest and the brokers are of Java, gateway's budget lets nobody go, and
checkout's API and the catalogue are scaled.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tests.lab.shop_workloads import MONTH
from tests.lab.things import Pod, Workload

_CRITICAL, _NODE_CRITICAL = "system-cluster-critical", "system-node-critical"
_POOL = "pool"
_POOLS = {
    "search": ("opensearch", "query-api", "suggest"),
    "spot": ("images", "importer", "reviews", "indexer", "connect"),
    "gpu": ("embedder", "ranker"),
    "nightly": ("feed-export", "sales-report", "index-rebuild"),
}
_SELECTED = {name: pool for pool, names in _POOLS.items() for name in names}
_STORIES: dict[str, dict[str, object]] = {
    "api": {"scaled": (3, 10, 0.6), "disruptions": 1},
    "cart": {"disruptions": 1},
    "gateway": {"disruptions": 0},
    "fraud": {"killed": (18,)},
    "browse": {"scaled": (2, 6, 0.8), "disruptions": 1},
    "images": {"disruptions": 1, "cpu_limit": 1.5, "start": (1.3, 0.6)},
    "opensearch": {
        "disruptions": 1,
        "runtime": "jvm",
        "heap": 16.0,
        "start": (3.4, 17.0),
        "ready": 90.0,
    },
    "query-api": {"disruptions": 1, "local": ("emptyDir",)},
    "suggest": {"runtime": "jvm", "heap": 1.2, "start": (1.8, 0.6)},
    "kafka": {"disruptions": 1, "runtime": "jvm", "heap": 1.0},
    "connect": {"runtime": "jvm", "heap": 0.7},
    "ingress-nginx": {"disruptions": 1},
    "prometheus": {"runtime": "go"},
    "airflow": {"local": ("emptyDir",)},
    "coredns": {"disruptions": 1, "priority": _CRITICAL},
    "karpenter": {"priority": _CRITICAL},
    "ebs-csi-controller": {"priority": _CRITICAL},
    "load-balancer-controller": {"priority": _CRITICAL},
    "node-agent": {"priority": _NODE_CRITICAL, "local": ("hostPath",)},
}


def runs(pods: Iterable[Pod]) -> tuple[Workload, ...]:
    """One a workload; memory is limited to what is asked for, and CPU is not."""
    out: dict[tuple[str, str, str], Workload] = {}
    for pod in pods:
        name = (pod.namespace, pod.kind, pod.workload)
        known = out.get(name) or _first(pod)
        if known.replicas is not None and pod.alive[0] <= 0 and pod.alive[1] >= MONTH:
            known = replace(known, replicas=known.replicas + 1)
        out[name] = known
    return tuple(out.values())


def _first(pod: Pod) -> Workload:
    """Without replicas yet. A job has none."""
    pool = _SELECTED.get(pod.workload)
    base = Workload(
        namespace=pod.namespace,
        kind=pod.kind,
        name=pod.workload,
        replicas=None if pod.kind in ("Job", "CronJob") else 0,
        memory_limit=pod.memory_gib or None,
        ready=20.0,
        stops=30.0,
        selector=((_POOL, pool),) if pool else (),
    )
    return replace(base, **_STORIES.get(pod.workload, {}))  # type: ignore[arg-type]
