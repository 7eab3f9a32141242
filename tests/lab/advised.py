"""A fortnight with each kind of waste and each thing that pins a node, with the right answer to each.

Every pool has one lesson. Its nodes are of a type that no price list sets beside others, but for the
pool `other`, so that what may go, and what may not, is decided by the pool's own pods.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.lab.things import Interval, Node, Pod, Volume, Workload, World

DAYS = 14
WHOLE = (0, DAYS * 86400)
FIRST_DAY = (0, 86400)
FIRST_THREE = (0, 3 * 86400)
ZONE = "us-east-1a"


@dataclass(frozen=True)
class Planted:
    """A workload of one container.

    Attributes:
        nodes: of each replica.
        asks, uses: cores and GiB.
        size: cores and GiB that it should ask for; None: nothing may be said.
        told: whether that is worth telling.
        spot: whether it may run on spot nodes; None: it is not known.
        pins: its node must stay.
        apart: its pods may not meet on a node.
        run: fields of `Workload`; None: how it is run is not seen.
    """

    name: str
    nodes: tuple[str, ...]
    asks: tuple[float, float]
    uses: tuple[float, float]
    size: tuple[float, float] | None
    told: bool = False
    spot: bool | None = None
    pins: bool = False
    apart: bool = False
    kind: str = "Deployment"
    namespace: str = "shop"
    born: int = 0
    life: Interval = WHOLE
    gpus: int = 0
    volumes: tuple[str, ...] = ()
    run: dict[str, Any] = field(default_factory=dict)


def _fits(name: str, node: str, cpu: float = 0.115, memory: float = 0.115, **more: Any) -> Planted:
    """One that asks for what it needs: 15 % more than it uses."""
    size = (cpu, memory)
    return Planted(name, (node,), size, (cpu / 1.15, memory / 1.15), size, **more)


SEEN = {"spec": True, "known": None}
"""All of how it is run was seen."""
PLANTED = (
    # Right-sized, three of four nodes hold them: 7.755 cores of 3 x 3.036.
    Planted("waste", ("web-0", "web-1"), (2.0, 4.0), (0.4, 1.0), (0.46, 1.15), told=True),
    Planted(
        "weekly", ("web-2",), (2.0, 0.92), (0.3, 0.8), (1.84, 0.92), told=True,
        run={"busy": ((3, 1.6), (10, 1.6))}, spot=False,
    ),
    Planted(
        "scaled", ("web-1", "web-2"), (1.0, 1.035), (0.5, 0.9), (0.6, 1.035), told=True,
        run={"scaled": (2, 9, 0.6)},
    ),
    Planted(
        "starts-up", ("web-0",), (1.0, 2.3), (0.3, 2.0), (0.345, 2.3), told=True,
        run={"start": (2.0, 2.0), "cpu_limit": 2.5}, spot=False,
    ),
    Planted(
        "killed", ("web-1",), (0.46, 1.0), (0.4, 0.5), (0.46, 1.25),
        run={"memory_limit": 1.0, "killed": (4,)}, spot=False,
    ),
    Planted(
        "java", ("web-3",), (1.0, 8.0), (1 / 1.15, 2.0), (1.0, 8.0),
        run={"runtime": "jvm", "heap": 6.4}, spot=False,
    ),
    Planted("well-sized", ("web-0",), (0.5, 1.2), (0.43, 1.04), (0.4945, 1.196), spot=False),
    Planted("young", ("web-3",), (1.0, 1.0), (0.1, 0.1), None, born=10, spot=False),
    Planted("nightly", ("web-2",), (0.5, 1.0), (0.05, 0.1), None, kind="CronJob"),
    # Nothing but what pins it holds the first three; what is on the fourth fits there; the fifth is empty.
    # What pins one came after the busiest day, which the job of the first day made.
    _fits("bare", "pinned-0", kind="Pod", pins=True, spot=False, born=1),
    _fits("import", "pinned-3", 1.0, 1.0, kind="Job", life=FIRST_DAY),
    _fits("on-node", "pinned-1", pins=True, spot=False, run=SEEN | {"local": ("hostPath",)}),
    _fits("held", "pinned-2", pins=True, spot=False, run=SEEN | {"disruptions": 0}),
    _fits("loose", "pinned-3", spot=False),
    # A disk of one zone each: the pods of neither may move to the other's.
    _fits("disk-a", "zones-0", kind="StatefulSet", volumes=("disk-a",), spot=False),
    _fits("disk-b", "zones-1", kind="StatefulSet", volumes=("disk-b",), spot=False),
    # A DaemonSet that is on the first alone leaves no room there.
    _fits("heavy", "daemons-0", 3.0, 1.0, kind="DaemonSet"),
    _fits("beside", "daemons-1", 2.0, 2.0, spot=False),
    # A GPU in use, and one that nobody uses.
    _fits("model", "gpu-0", 0.5, 2.0, gpus=1, pins=True, spot=False),
    Planted(
        "apart", ("apart-0", "apart-1"), (0.115, 0.115), (0.1, 0.1), (0.115, 0.115), apart=True
    ),
    # All that is on it may run on spot nodes; the next has one that may not, or of which it is not known.
    Planted(
        "ready", ("stateless-0",) * 2, (0.46, 0.46), (0.4, 0.4), (0.46, 0.46), spot=True,
        run=SEEN | {"disruptions": 1},
    ),
    Planted(
        "cache", ("stateless-0",) * 2, (0.46, 0.46), (0.4, 0.4), (0.46, 0.46), spot=True,
        run=SEEN | {"local": ("memory",)},
    ),
    Planted(
        "shrinks", ("stateful-0",) * 2, (0.46, 0.46), (0.4, 0.4), (0.46, 0.46), spot=False,
        run=SEEN | {"scaled": (1, 9, 0.87)},
    ),
    Planted(
        "slow-to-stop", ("stateful-0",) * 2, (0.46, 0.46), (0.4, 0.4), (0.46, 0.46), spot=False,
        run=SEEN | {"stops": 600.0},
    ),
    Planted(
        "scratch", ("stateful-0",) * 2, (0.46, 0.46), (0.4, 0.4), (0.46, 0.46),
        run=SEEN | {"local": ("emptyDir",)},
    ),
    # Half of the cores and a fourth of the memory would do.
    _fits("small", "other-0", 1.0, 4.0, spot=False),
)  # fmt: skip
AGENT = Planted(
    "agent", (), (0.1, 0.2), (0.05, 0.1), None, kind="DaemonSet", namespace="kube-system"
)

TYPES = {"gpu": "g5.xlarge", "other": "m6i.2xlarge"}
COUNTS = {"web": 4, "pinned": 5, "daemons": 2, "gpu": 2, "apart": 2, "stateless": 1, "stateful": 1}


def advised() -> World:
    """All of it, and a node of one day, two spot nodes of which one is there for three days."""
    nodes = [_node(f"{pool}-{n}") for pool, count in COUNTS.items() for n in range(count)]
    nodes += [_node("zones-0"), _node("zones-1", zone="us-east-1b"), _node("other-0")]
    nodes += [_node("burst-0", FIRST_DAY)]
    nodes += [_node("cheap-0", spot=True), _node("cheap-1", FIRST_THREE, spot=True)]
    pods = [_pod(one, node, n, one.life) for one in PLANTED for n, node in enumerate(one.nodes)]
    pods += [_pod(AGENT, node.name, n, node.billed) for n, node in enumerate(nodes)]
    return World(
        seed=0,
        cluster="lab-advice",
        account="123456789012",
        region="us-east-1",
        start=datetime(2026, 10, 5, tzinfo=UTC),
        hours=DAYS * 24,
        scrape=60,
        nodes=tuple(nodes),
        pods=tuple(pods),
        workloads=tuple(_run(one) for one in (*PLANTED, AGENT)),
        volumes=tuple(_disk(n, letter) for n, letter in enumerate("ab")),
        control_plane=False,
    )


def _node(name: str, life: Interval = WHOLE, zone: str = ZONE, *, spot: bool = False) -> Node:
    pool, _, _ = name.rpartition("-")
    kind = TYPES.get(pool, "t3.xlarge")
    made = f"i-{hashlib.sha256(name.encode()).hexdigest()[:17]}"
    return Node(name, made, kind, zone, life, life, spot=spot, pool=pool, slots=58)


def _disk(number: int, letter: str) -> Volume:
    return Volume(
        f"disk-{letter}", f"vol-{number:017x}", "gp3", f"us-east-1{letter}", ((*WHOLE, 20),), WHOLE,
        namespace="shop", claim=f"disk-{letter}",
    )  # fmt: skip


def _pod(one: Planted, node: str, number: int, life: Interval) -> Pod:
    return Pod(
        uid=f"{one.name}-{number}",
        name=f"{one.name}-{number}",
        namespace=one.namespace,
        kind=one.kind,
        workload=one.name,
        node=node,
        alive=(max(life[0], one.born * 86400), life[1]),
        cpu=one.asks[0],
        memory_gib=one.asks[1],
        cpu_used=one.uses[0],
        memory_used_gib=one.uses[1],
        gpus=one.gpus,
        volumes=one.volumes,
    )


def _run(one: Planted) -> Workload:
    facts: dict[str, Any] = {"spec": False, "known": ()} | one.run
    replicas = None if one.kind in ("Job", "CronJob", "Pod", "DaemonSet") else len(one.nodes)
    return Workload(one.namespace, one.kind, one.name, replicas=replicas, **facts)
