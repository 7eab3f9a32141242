"""Who runs on `shop-prod`: about forty workloads in ten namespaces."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.lab.things import Interval, Node, Pod

HOUR, DAY = 3600, 86400
MONTH = 31 * DAY


@dataclass(frozen=True)
class App:
    """A workload that runs all month; `nodes` are numbers of pools' nodes, one pod each."""

    namespace: str
    name: str
    team: str
    nodes: tuple[str, ...]
    cpu: float
    memory: float
    cpu_used: float
    memory_used: float
    kind: str = "Deployment"
    claims: tuple[str, ...] = ()
    gpus: int = 0


G, S, P, X = (
    ("general-0", "general-1", "general-2", "general-3"),
    ("search-0", "search-1"),
    ("spot-0", "spot-1"),
    "gpu-0",
)
APPS = (
    App("checkout", "api", "checkout", (G[0], G[1], G[2]), 0.5, 1.0, 0.22, 0.7),
    App("checkout", "cart", "checkout", (G[1], G[3]), 0.25, 0.5, 0.11, 0.35),
    App("checkout", "pricing", "checkout", (G[0],), 0.5, 0.5, 0.06, 0.2),
    App("checkout", "vouchers", "checkout", (G[2],), 0.1, 0.25, 0.02, 0.15),
    App("payments", "gateway", "payments", (G[0], G[3]), 0.5, 1.0, 0.31, 0.8),
    App("payments", "fraud", "payments", (G[1],), 0.5, 2.0, 0.4, 1.6),
    App(
        "payments", "postgres", "payments", (G[2],), 1.0, 4.0, 0.55, 3.4, "StatefulSet", ("pvc-1",)
    ),
    App("payments", "invoices", "payments", (G[3],), 0.2, 0.5, 0.05, 0.3),
    App("catalog", "browse", "catalog", (G[1], G[2]), 0.4, 0.75, 0.3, 0.6),
    App("catalog", "images", "catalog", (P[0], P[1]), 1.0, 1.0, 0.45, 0.6),
    App("catalog", "redis", "catalog", (G[0],), 0.25, 2.0, 0.1, 1.7, "StatefulSet", ("pvc-4",)),
    App("catalog", "importer", "catalog", (P[0],), 0.5, 1.0, 0.08, 0.3),
    App("catalog", "reviews", "catalog", (P[1],), 0.25, 0.5, 0.1, 0.3),
    App(
        "search", "opensearch", "search", S, 2.5, 22.0, 1.6, 19.0, "StatefulSet", ("pvc-2", "pvc-3")
    ),
    App("search", "query-api", "search", S, 0.5, 1.0, 0.35, 0.9),
    App("search", "suggest", "search", (S[0],), 0.25, 2.0, 0.05, 0.6),
    App("search", "indexer", "search", (P[0],), 0.0, 0.0, 0.6, 0.9),
    App("recommend", "embedder", "ml", (X,), 2.0, 8.0, 1.1, 6.5, gpus=1),
    App("recommend", "ranker", "ml", (X,), 1.0, 2.0, 0.3, 1.2),
    App(
        "streaming",
        "kafka",
        "platform",
        (G[0], G[1], G[3]),
        0.5,
        2.0,
        0.25,
        1.9,
        "StatefulSet",
        ("pvc-6", "pvc-7", "pvc-8"),
    ),
    App("streaming", "connect", "platform", (P[1],), 0.5, 1.0, 0.12, 0.8),
    App("edge", "ingress-nginx", "platform", (G[2], G[3]), 0.25, 0.5, 0.2, 0.4),
    App("edge", "cert-manager", "platform", (G[0],), 0.05, 0.1, 0.01, 0.08),
    App("edge", "oauth-proxy", "platform", (G[3],), 0.1, 0.1, 0.02, 0.06),
    App(
        "monitoring",
        "prometheus",
        "platform",
        (G[3],),
        0.5,
        4.0,
        0.35,
        3.6,
        "StatefulSet",
        ("pvc-5",),
    ),
    App("monitoring", "grafana", "platform", (G[1],), 0.1, 0.25, 0.03, 0.2),
    App("monitoring", "alertmanager", "platform", (G[2],), 0.05, 0.1, 0.01, 0.05),
    App("monitoring", "kube-state-metrics", "platform", (G[0],), 0.05, 0.2, 0.02, 0.15),
    App("kube-system", "coredns", "platform", (G[0], G[2]), 0.1, 0.07, 0.03, 0.05),
    App("kube-system", "karpenter", "platform", (G[1],), 0.25, 0.5, 0.05, 0.4),
    App("kube-system", "ebs-csi-controller", "platform", (G[3],), 0.05, 0.2, 0.02, 0.15),
    App("kube-system", "load-balancer-controller", "platform", (G[2],), 0.05, 0.2, 0.02, 0.12),
    App("data-jobs", "airflow", "data", (G[1],), 0.5, 1.5, 0.2, 1.3),
)
NIGHTLY = (
    ("feed-export", 0.2, 2.0, 2.0, 4.0, 1.7, 3.1),
    ("sales-report", 0.3, 3.6, 3.0, 6.0, 0.9, 2.2),
    ("index-rebuild", 1.0, 2.5, 2.0, 4.0, 2.4, 3.9),
)
"""CronJobs: name, start and length in hours after the night's node came, requests, usage."""


def workloads(nodes: dict[str, Node]) -> tuple[Pod, ...]:
    """All pods of the month, on nodes that exist while they run."""
    by_pool: dict[str, Node] = {}
    for node in nodes.values():
        count = sum(name.startswith(f"{node.pool}-") for name in by_pool)
        if node.seen:
            by_pool[f"{node.pool}-{count}"] = node
    out = []
    for app in APPS:
        for index, place in enumerate(app.nodes):
            out.append(_pod(app, by_pool[place].name, index, (0, MONTH), len(out)))
    agent = App("kube-system", "node-agent", "platform", (), 0.1, 0.15, 0.04, 0.12, "DaemonSet")
    for node in nodes.values():
        if node.seen:
            life = (max(node.seen[0], 0), min(node.seen[1], MONTH))
            out.append(_pod(agent, node.name, 0, life, len(out)))
    out += _nightly(by_pool, len(out))
    test = by_pool["load-test-0"]
    assert test.seen
    storm = App("checkout", "load-test", "checkout", (), 6.0, 12.0, 5.1, 7.5, "Job")
    out.append(_pod(storm, test.name, 0, (test.seen[0] + 1800, test.seen[1] - 1800), len(out)))
    return tuple(out)


def _nightly(by_pool: dict[str, Node], number: int) -> list[Pod]:
    out = []
    for night in range(31):
        node = by_pool[f"nightly-{night}"]
        assert node.seen
        for name, after, length, cpu, memory, cpu_used, memory_used in NIGHTLY:
            born = node.seen[0] + int(after * HOUR)
            app = App("data-jobs", name, "data", (), cpu, memory, cpu_used, memory_used, "CronJob")
            life = (born, min(born + int(length * HOUR), node.seen[1]))
            pod = _pod(app, node.name, 0, life, number + len(out))
            mount = ("pvc-9",) if name == "feed-export" else ()
            out.append(replace(pod, volumes=tuple(_claim(one) for one in mount)))
    return out


def _pod(app: App, node: str, index: int, life: Interval, number: int) -> Pod:
    last = f"{app.name}-{index}" if app.kind == "StatefulSet" else f"{app.name}-{number:05x}"
    mounted = app.claims[index : index + 1]
    return Pod(
        uid=f"{number:08x}-0c1d-4e2f-8a3b-{number * 7919:012x}",
        name=last,
        namespace=app.namespace,
        kind=app.kind,
        workload=app.name,
        node=node,
        alive=life,
        cpu=app.cpu,
        memory_gib=app.memory,
        cpu_used=app.cpu_used,
        memory_used_gib=app.memory_used,
        gpus=app.gpus,
        volumes=tuple(_claim(one) for one in mounted),
        labels=(("app", app.name), ("team", app.team)),
        network_mib_hour=40.0,
    )


def _claim(short: str) -> str:
    """`pvc-7` → the volume's full name."""
    number = int(short.removeprefix("pvc-"))
    return f"pvc-{number:08x}-5a0b-4c1d-9e2f-{number:012x}"
