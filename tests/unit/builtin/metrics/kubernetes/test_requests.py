"""What a pod holds while it is resized in place: figures by hand, from the rules of KEP-1287."""

from __future__ import annotations

from typing import Any

import pytest

from burn.builtin.metrics.kubernetes.requests import held_by

Cores = str | None


def pod(*containers: tuple[str, Cores, Cores], why: str = "", **spec: Any) -> dict[str, Any]:
    """Containers that want, are allocated, and actually have so much CPU."""
    names = "abc"
    statuses = [
        {"name": names[at]}
        | ({"allocatedResources": {"cpu": allocated}} if allocated else {})
        | ({"resources": {"requests": {"cpu": actual}}} if actual else {})
        for at, (_, allocated, actual) in enumerate(containers)
    ]
    wanted = [
        {"name": names[at], "resources": {"requests": {"cpu": cpu}}}
        for at, (cpu, _, _) in enumerate(containers)
    ]
    conditions = [{"type": "PodResizePending", "status": "True", "reason": why}] if why else []
    status = {"containerStatuses": statuses, "conditions": conditions}
    return {"spec": {"containers": wanted, **spec}, "status": status}


@pytest.mark.parametrize(
    ("found", "cores"),
    [
        (pod(("1", "1", "1")), 1.0),
        (pod(("1", "4", "4")), 4.0),  # shrinking, and not yet
        (pod(("4", "4", "2")), 4.0),  # growing
        (pod(("8", "2", "2"), why="Deferred"), 8.0),  # the scheduler keeps its room
        (pod(("64", "2", "2"), why="Infeasible"), 2.0),
        (pod(("6", "4", "2"), why="Infeasible"), 4.0),
        (pod(("64", None, "2"), ("1", None, None), why="Infeasible"), 3.0),
        (pod(("1", "2", "2"), ("2", "1", "1")), 3.0),  # the pod's sums are compared
        (pod(("1", None, None)), 1.0),  # before Kubernetes 1.33
        (pod(("1", "4", "4"), resources={"requests": {"cpu": "6"}}), 6.0),
    ],
)
def test_a_pod_that_is_resized_in_place(found: dict[str, Any], cores: float) -> None:
    assert [one["cpu"] for one in held_by([found])] == [cores]


def test_a_sidecar_and_a_whole_pod_are_resized_too() -> None:
    side = {"name": "s", "restartPolicy": "Always", "resources": {"requests": {"cpu": "1"}}}
    with_sidecar = pod(("1", "1", "1"), initContainers=[side])
    with_sidecar["status"]["initContainerStatuses"] = [
        {"name": "s", "allocatedResources": {"cpu": "3"}}
    ]
    whole = pod(("1", "1", "1"), resources={"requests": {"cpu": "2"}})
    whole["status"] |= {"allocatedResources": {"cpu": "5"}}
    pods = [with_sidecar, whole, pod(("1", "1", "1")), with_sidecar]
    assert [one["cpu"] for one in held_by(pods)] == [4.0, 5.0, 1.0, 4.0]
