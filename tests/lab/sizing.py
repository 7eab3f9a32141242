"""A fortnight with planted waste and traps of right-sizing, and the right answer to each.

Not planted: containers that leak until they are killed, autoscalers on other metrics than CPU, in-place
resizes within the fortnight, replicas of unlike load.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from burn.api import Observation, ObserveRequest, schemas
from burn.api.containers import QUANTILES
from tests.lab.source import LabSource
from tests.lab.things import Node, Pod, SavingsPlan, World

DAYS = 14
WHOLE = (0, DAYS * 86400)


@dataclass(frozen=True)
class Trap:
    """A workload of one container, the same each day but for what is said otherwise.

    Attributes:
        asks: cores and GiB.
        uses: cores by day (a percentile of any height is the same) and the highest of memory.
        extra: columns of `containers`.
        scaled: the part of its request that an autoscaler aims at.
        answer: cores and GiB; None: nothing may be said.
        found: whether it is worth telling.
    """

    name: str
    asks: tuple[float, float]
    uses: tuple[float, float]
    answer: tuple[float, float] | None
    found: bool
    replicas: int = 1
    kind: str = "Deployment"
    busy: dict[int, float] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    scaled: float | None = None
    born: int = 0


TRAPS = (
    Trap("waste", (2.0, 8.0), (0.4, 1.0), (0.46, 1.15), found=True, replicas=2),
    Trap("weekly", (2.0, 1.0), (0.3, 0.8), (1.725, 0.92), found=True, busy={3: 1.5, 10: 1.5}),
    Trap("forgotten", (2.0, 1.0), (0.3, 0.8), (0.345, 0.92), found=True, busy={0: 1.5}),
    Trap("scaled", (1.0, 1.0), (0.5, 0.9), (0.6, 1.035), found=True, scaled=0.6),
    Trap(
        "starts-up",
        (1.0, 2.5),
        (0.1, 2.0),
        (0.115, 2.3),
        found=True,
        extra={"cpu_start": 2.0, "memory_start": 2.0, "memory_limit": 2.5},
    ),
    Trap(
        "killed",
        (0.5, 1.0),
        (0.4, 0.5),
        (0.46, 1.25),
        found=False,
        extra={"memory_limit": 1.0, "oom_kills": 1.0, "restarts": 1.0},
    ),
    Trap(
        "java",
        (0.5, 5.0),
        (0.4, 2.0),
        (0.46, 5.0),
        found=False,
        extra={"runtime": "jvm", "heap_limit": 4.0},
    ),
    Trap("well-sized", (0.5, 1.2), (0.43, 1.04), (0.4945, 1.196), found=False),
    Trap("young", (2.0, 8.0), (0.1, 0.1), None, found=False, born=10),
    Trap("nightly", (2.0, 8.0), (0.1, 0.1), None, found=False, kind="CronJob"),
)


def world(plans: tuple[SavingsPlan, ...] = ()) -> World:
    """Three nodes that hold all of it, of which two would be enough once it is right-sized.

    Two take 2 × 0.8 × 7.92 cores; asked for are 9.12 then, and 14.5 before. Memory is no matter.
    """
    nodes = tuple(
        Node(f"n{n}", f"i-000000000000000{n:02}", "m6i.2xlarge", "us-east-1a", WHOLE, WHOLE)
        for n in range(3)
    )
    return World(
        seed=0,
        cluster="lab-sizes",
        account="123456789012",
        region="us-east-1",
        start=datetime(2026, 10, 5, tzinfo=UTC),
        hours=DAYS * 24,
        scrape=60,
        nodes=nodes,
        pods=tuple(_pods()),
        plans=plans,
    )


def _pods() -> list[Pod]:
    return [
        Pod(
            uid=f"{trap.name}-{n}",
            name=f"{trap.name}-{n}",
            namespace="traps",
            kind=trap.kind,
            workload=trap.name,
            node=f"n{(at + n) % 3}",
            alive=(trap.born * 86400, WHOLE[1]),
            cpu=trap.asks[0],
            memory_gib=trap.asks[1],
            cpu_used=trap.uses[0],
            memory_used_gib=trap.uses[1],
        )
        for at, trap in enumerate(TRAPS)
        for n in range(trap.replicas)
    ]


class SizedSource(LabSource):
    """Sees what containers use and how workloads are run, besides.

    Args:
        world: what was there.
        slots: pods that a node takes; None: nobody says.
    """

    def __init__(self, world: World, slots: float | None = 58.0) -> None:
        super().__init__(world)
        self.slots = slots

    def observe(self, request: ObserveRequest) -> Observation:
        import dataclasses

        import pandas as pd

        seen = super().observe(request)
        day = (request.window.start - self.world.start).days
        stamp = {"day": request.window.start}
        there = [trap for trap in TRAPS if trap.born <= day]
        rows = [_container(trap, n, day) | stamp for trap in there for n in range(trap.replicas)]
        who = {"cluster": self.world.cluster, "namespace": "traps"}
        runs = [
            who
            | stamp
            | {"workload_kind": trap.kind, "workload": trap.name, "replicas": trap.replicas}
            | ({"hpa_cpu_target": trap.scaled, "hpa_min": 1, "hpa_max": 9} if trap.scaled else {})
            for trap in there
        ]
        frames: dict[str, Any] = {
            schema.name: schema.validate(schema.fill(pd.DataFrame(made)), author="lab")
            for schema, made in ((schemas.CONTAINERS, rows), (schemas.WORKLOADS, runs))
        }
        inventory = seen.inventory.assign(x_pods=self.slots)
        frames["inventory"] = schemas.INVENTORY.validate(inventory, author="lab")
        return dataclasses.replace(seen, **frames)


def _container(trap: Trap, number: int, day: int) -> dict[str, Any]:
    cpu, memory = trap.busy.get(day, trap.uses[0]), trap.uses[1]
    row: dict[str, Any] = {"pod_uid": f"{trap.name}-{number}", "container": "main", "hours": 24.0}
    row |= {f"cpu_{name}": cpu for name in QUANTILES}
    row |= {f"memory_{name}": memory for name in QUANTILES}
    row |= {
        "cpu_request": trap.asks[0],
        "memory_request": trap.asks[1],
        "oom_kills": 0.0,
        "runtime": "",
    }
    kill = day == 4  # one of the fortnight's days
    extra = {
        k: v if kill or k not in ("oom_kills", "restarts") else 0.0 for k, v in trap.extra.items()
    }
    return row | extra
