"""A fortnight with workloads that may run on spot nodes, that may not, and traps, each with the right answer."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from burn.api import Observation, ObserveRequest, schemas
from tests.lab.sizing import DAYS, WHOLE, world
from tests.lab.source import LabSource
from tests.lab.things import Node, Pod, Volume, World

SPEC = {"spec_known": True, "local_volumes": "[]", "x_known": '["autoscalers", "budgets"]'}


@dataclass(frozen=True)
class Planted:
    """A workload of the lab and the verdict on it.

    Attributes:
        node: the number of the first node it is on; its other replicas are there, too.
        facts: columns of `workloads`; None: no row.
    """

    name: str
    answer: str
    node: int
    replicas: int = 2
    kind: str = "Deployment"
    facts: dict[str, Any] | None = field(default_factory=lambda: dict(SPEC))
    label: str = ""
    volumes: tuple[str, ...] = ()


PLANTED = (
    Planted("web", "ready", 0, facts=SPEC | {"disruptions_allowed": 1.0}),
    Planted("cache", "ready", 0, facts=SPEC | {"local_volumes": '["memory"]'}),
    Planted("agent", "with its node", 0, replicas=1, kind="DaemonSet"),
    Planted("single", "not ready", 1, replicas=1),
    Planted("shrinks", "not ready", 1, facts=SPEC | {"hpa_min": 1.0, "hpa_max": 9.0}),
    Planted("held", "not ready", 1, facts=SPEC | {"disruptions_allowed": 0.0}),
    Planted("bare", "not ready", 1, replicas=1, kind="Pod"),
    Planted("on-disk", "not ready", 1, kind="StatefulSet", volumes=("data",)),
    Planted("members", "unknown", 2, replicas=3, kind="StatefulSet"),
    Planted("scratch", "unknown", 2, facts=SPEC | {"local_volumes": '["emptyDir"]'}),
    Planted("nightly", "unknown", 2, replicas=1, kind="CronJob"),
    Planted("silent", "unknown", 2, facts=None),
    Planted("told-yes", "ready", 2, facts=None, label="true"),
    Planted("told-no", "not ready", 2, label="false"),
)
GONE = (0, 3 * 86400)


def spot_world() -> World:
    """Three on-demand nodes of one family and size, and two spot nodes of it, one for three days only."""
    made = world()
    spots = tuple(
        Node(
            f"s{n}", f"i-00000000000000s{n:02}", "m6i.2xlarge", "us-east-1a", life, life, spot=True
        )
        for n, life in enumerate((WHOLE, GONE))
    )
    disk = Volume("data", "vol-00000000000000001", "gp3", "us-east-1a", ((*WHOLE, 20),), WHOLE)
    pods = tuple(
        Pod(
            uid=f"{one.name}-{n}",
            name=f"{one.name}-{n}",
            namespace="shop",
            kind=one.kind,
            workload=one.name,
            node=f"n{one.node}",
            alive=(0, DAYS * 86400),
            cpu=0.5,
            memory_gib=0.5,
            cpu_used=0.4,
            memory_used_gib=0.4,
            volumes=one.volumes,
            labels=(("burn/spot", one.label),) if one.label else (),
        )
        for one in PLANTED
        for n in range(one.replicas)
    )
    return dataclasses.replace(made, nodes=(*made.nodes, *spots), pods=pods, volumes=(disk,))


class SpotSource(LabSource):
    """Sees how workloads are run, besides."""

    def observe(self, request: ObserveRequest) -> Observation:
        import pandas as pd

        seen = super().observe(request)
        rows = [
            {
                "cluster": self.world.cluster,
                "namespace": "shop",
                "workload_kind": one.kind,
                "workload": one.name,
                "day": request.window.start,
                "replicas": float(one.replicas),
            }
            | one.facts
            for one in PLANTED
            if one.facts is not None
        ]
        frame: Any = schemas.WORKLOADS.validate(
            schemas.WORKLOADS.fill(pd.DataFrame(rows)), author="lab"
        )
        return dataclasses.replace(seen, workloads=frame)
