"""The two optional frames of a day: what containers used and asked for, and how workloads are run."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from burn.api import schemas
from burn.api.containers import FACTS, QUANTILES
from tests.lab.spans import HOUR, cut, observed
from tests.lab.things import Interval, Pod, Workload, World

if TYPE_CHECKING:
    import pandas as pd

DAY = 24 * HOUR
START = 600
"""Seconds of a container's start-up, which is told apart."""


def facts(world: World, day: int) -> dict[str, pd.DataFrame]:
    """`containers` and `workloads`; neither where the world does not say how its workloads are run.

    Args:
        world: what to observe.
        day: UTC days after the day the world starts on.
    """
    import pandas as pd

    if not world.workloads or day < world.told_from:
        return {}
    midnight = world.start.replace(hour=0) + timedelta(days=day)
    first = int((midnight - world.start).total_seconds())
    window = (first, first + DAY)
    there = [(pod, lived) for pod in world.pods if (lived := observed(world, pod.alive, window))]
    names = {(pod.namespace, pod.kind, pod.workload) for pod, _ in there}
    runs = {(one.namespace, one.kind, one.name): one for one in world.workloads}
    made = {
        schemas.CONTAINERS: [
            _container(pod, runs[pod.namespace, pod.kind, pod.workload], day, first, lived)
            for pod, lived in there
            if (pod.namespace, pod.kind, pod.workload) in runs
        ],
        schemas.WORKLOADS: [
            _run(runs[name]) | {"cluster": world.cluster} for name in sorted(names & runs.keys())
        ],
    }
    stamp = pd.Timestamp(midnight).as_unit("us")
    return {
        schema.name: schema.validate(
            schema.fill(pd.DataFrame(rows).assign(day=stamp)) if rows else schema.empty(),
            author="lab",
        )
        for schema, rows in made.items()
    }


def _container(
    pod: Pod, run: Workload, day: int, first: int, lived: list[Interval]
) -> dict[str, Any]:
    """A pod's one container, which uses the same all day after its start-up."""
    began = pod.alive[0]
    after = sum(b - max(a, began + START) for a, b in lived if b > began + START)
    killed = day in run.killed
    starts = killed or cut((began, began + START), (first, first + DAY)) is not None
    cpu = dict(run.busy).get(day, pod.cpu_used)
    top, most = run.start or (cpu, pod.memory_used_gib)
    memory = max(pod.memory_used_gib, most) if starts else pod.memory_used_gib
    row: dict[str, Any] = {
        "pod_uid": pod.uid,
        "container": pod.workload,
        "hours": after / HOUR,
        "cpu_request": pod.cpu,
        "memory_request": pod.memory_gib,
        "cpu_limit": run.cpu_limit,
        "memory_limit": run.memory_limit,
        "cpu_start": top if starts else None,
        "memory_start": most if starts else None,
        "throttled": run.throttled if run.cpu_limit else None,
        "oom_kills": float(killed),
        "restarts": float(killed),
        "runtime": run.runtime,
        "heap_limit": run.heap,
    }
    row |= {f"cpu_{name}": cpu if after else None for name in QUANTILES}
    row |= {f"memory_{name}": pod.memory_used_gib for name in QUANTILES}
    return row | {"memory_max": memory}


def _run(run: Workload) -> dict[str, Any]:
    least, most, aim = run.scaled or (None, None, None)
    row: dict[str, Any] = {
        "namespace": run.namespace,
        "workload_kind": run.kind,
        "workload": run.name,
        "replicas": run.replicas,
        "hpa_min": least,
        "hpa_max": most,
        "hpa_cpu_target": aim,
        "disruptions_allowed": run.disruptions,
        "spec_known": run.spec,
        "x_known": json.dumps(FACTS if run.known is None else run.known),
        "x_start_seconds": run.ready,
        "x_stop_seconds": run.stops,
    }
    if not run.spec:
        texts = (one.name for one in schemas.WORKLOADS.columns if one.kind == "string")
        return dict.fromkeys(texts, "") | row
    strategies = {"Deployment": "RollingUpdate", "StatefulSet": "RollingUpdate"}
    return row | {
        "strategy": strategies.get(run.kind, ""),
        "priority_class": run.priority,
        "node_selector": json.dumps(dict(run.selector)),
        "affinity": "{}",
        "tolerations": "[]",
        "spread": "[]",
        "local_volumes": json.dumps(run.local),
    }
