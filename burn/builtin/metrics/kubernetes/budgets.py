"""How many of a workload's pods its disruption budgets let go at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from burn.builtin.metrics.kubernetes.selectors import Labelled

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Budgets:
    """By workload, in the order they were given.

    Attributes:
        allowed: disruptions at once; None where no budget selects it, or nobody knows.
        known: whether None is "no budget".
    """

    allowed: list[float | None]
    known: list[bool]


def budgets_of(
    budgets: Iterable[Object],
    pods: Sequence[tuple[str, Mapping[str, str]]],
    replicas: Sequence[float],
) -> Budgets:
    """What each workload's budget lets go when all its pods are healthy.

    A pod that two budgets select cannot be evicted at all: the API refuses it.

    Args:
        budgets: all PodDisruptionBudgets.
        pods: of each workload, its namespace and the labels of its newest pod.
        replicas: pods that each wants.
    """
    things = Labelled(pods)
    of: list[list[float | None]] = [[] for _ in pods]
    for budget in budgets:
        spec = budget.get("spec") or {}
        chosen = things.selected(budget["metadata"]["namespace"], spec.get("selector"))
        lets = _allowed(budget, sum(replicas[at] for at in chosen))
        for at in chosen:
            of[at].append(lets)
    several: list[float | None] = [None if not each else each[0] for each in of]
    allowed = [0.0 if len(each) > 1 else lets for each, lets in zip(of, several, strict=True)]
    return Budgets(
        allowed, [not each or lets is not None for each, lets in zip(of, allowed, strict=True)]
    )


def _allowed(budget: Object, wanted: float) -> float | None:
    """By its controller's own count, else by its spec for the pods that are wanted."""
    status, spec = budget.get("status") or {}, budget.get("spec") or {}
    generation = budget["metadata"].get("generation") or 0
    current = (status.get("observedGeneration") or generation) >= generation
    if current and _failed(status):
        return 0.0
    expected = status.get("expectedPods") or 0
    if current and expected:
        # What it lets go now is less while some of them are not ready: that passes.
        healthy = expected - (status.get("desiredHealthy") or 0)
        return float(max(0, healthy, status.get("disruptionsAllowed") or 0))
    if spec.get("maxUnavailable") is not None:
        return float(min(wanted, _count(spec["maxUnavailable"], wanted)))
    if spec.get("minAvailable") is not None:
        return float(max(0.0, wanted - _count(spec["minAvailable"], wanted)))
    return None


def _failed(status: Object) -> bool:
    """Its controller cannot count its pods, and lets none go."""
    return any(one.get("reason") == "SyncFailed" for one in status.get("conditions") or ())


def _count(value: int | str, of: float) -> float:
    """`2` or `50%`, which Kubernetes rounds up."""
    text = str(value)
    return math.ceil(float(text[:-1]) * of / 100) if text.endswith("%") else float(text)
