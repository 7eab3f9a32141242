"""What the scheduler holds for a pod, from its spec, in the order of its init containers."""

from __future__ import annotations

from typing import Any

from burn.builtin.metrics.kubernetes.quantity import quantity

Amounts = dict[str, float]


def held(spec: dict[str, Any]) -> Amounts:
    """Requests per resource, as kube-scheduler adds them up.

    A sidecar (an init container that restarts) runs on beside what follows it; another init
    container needs its own request and those of the sidecars started before it.
    """
    # Pod-level requests replace the containers' for the resources they name.
    whole = _requests(spec)
    running: Amounts = {}
    for container in spec.get("containers") or ():
        running = _plus(running, _requests(container))
    beside: Amounts = {}
    peak: Amounts = {}
    for container in spec.get("initContainers") or ():
        if container.get("restartPolicy") == "Always":
            beside = _plus(beside, _requests(container))
            peak = _most(peak, beside)
        else:
            peak = _most(peak, _plus(beside, _requests(container)))
    total = _most(_plus(running, beside), peak) | whole
    overhead = {name: quantity(str(value)) for name, value in (spec.get("overhead") or {}).items()}
    return _plus(total, overhead)


def _requests(holder: dict[str, Any]) -> Amounts:
    asked = (holder.get("resources") or {}).get("requests") or {}
    return {name: quantity(str(value)) for name, value in asked.items()}


def _plus(a: Amounts, b: Amounts) -> Amounts:
    return {name: a.get(name, 0.0) + b.get(name, 0.0) for name in a.keys() | b.keys()}


def _most(a: Amounts, b: Amounts) -> Amounts:
    return {name: max(a.get(name, 0.0), b.get(name, 0.0)) for name in a.keys() | b.keys()}
