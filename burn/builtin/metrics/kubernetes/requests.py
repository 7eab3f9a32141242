"""What the scheduler holds for a pod: its spec, in the order of its init containers, and what is in place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

from burn.builtin.metrics.kubernetes.quantity import quantity

Amounts = dict[str, float]
_RESIZE = "PodResizePending"
_WANTED: tuple[str, ...] = ()
_IN_PLACE = (("allocated", "actual"), ("actual", "allocated"))
"""Which figure of a status goes first; what a status lacks is as the spec wants it."""
_OF_CONTAINER = ("name", "restartPolicy", "resources")
_OF_STATUS = ("name", "resources", "allocatedResources")


def held_by(pods: Iterable[dict[str, Any]]) -> list[Amounts]:
    """Requests per resource of each pod, as kube-scheduler adds them up.

    Pods that one template made say the same of them, which is added up once.
    """
    known: dict[str, Amounts] = {}
    found = []
    for pod in pods:
        said = _said(pod)
        text = repr(said)
        if text not in known:
            known[text] = _held(said)
        found.append(known[text])
    return found


def _said(pod: dict[str, Any]) -> dict[str, Any]:
    """A pod with nothing but what its requests follow from."""
    spec, status = pod["spec"], pod.get("status") or {}
    asked = [_only(spec.get(kind), _OF_CONTAINER) for kind in ("containers", "initContainers")]
    given = [
        _only(status.get(kind), _OF_STATUS)
        for kind in ("containerStatuses", "initContainerStatuses")
    ]
    resizes = _only(status.get("conditions"), ("type", "reason"))
    return {
        "spec": {
            "containers": asked[0],
            "initContainers": asked[1],
            "resources": spec.get("resources"),
            "overhead": spec.get("overhead"),
        },
        "status": {
            "containerStatuses": given[0],
            "initContainerStatuses": given[1],
            "conditions": [one for one in resizes if one.get("type") == _RESIZE],
            "resources": status.get("resources"),
            "allocatedResources": status.get("allocatedResources"),
        },
    }


def _only(items: Sequence[dict[str, Any]] | None, keys: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{key: item[key] for key in keys if key in item} for item in items or ()]


def _held(pod: dict[str, Any]) -> Amounts:
    """Of one pod.

    While it is resized in place, the largest is held of what is wanted, what the kubelet has
    allocated and what is actual; where the kubelet says that its node can never give what is
    wanted, only what is in place (KEP-1287).
    """
    conditions = (pod.get("status") or {}).get("conditions") or ()
    never = any(
        said.get("type") == _RESIZE and said.get("reason") == "Infeasible" for said in conditions
    )
    orders = _IN_PLACE if never else (_WANTED, *_IN_PLACE)
    return reduce(_most, (_total(pod, order) for order in orders))


def _total(pod: dict[str, Any], order: tuple[str, ...]) -> Amounts:
    """All of a pod's requests.

    A sidecar (an init container that restarts) runs on beside what follows it; another init
    container needs its own request and those of the sidecars started before it.
    """
    spec, status = pod["spec"], pod.get("status") or {}
    running: Amounts = {}
    now = _by_name(status.get("containerStatuses") or ())
    for container in spec.get("containers") or ():
        running = _plus(running, _settled(container, now.get(container["name"], {}), order))
    beside: Amounts = {}
    peak: Amounts = {}
    now = _by_name(status.get("initContainerStatuses") or ())
    for container in spec.get("initContainers") or ():
        asked = _settled(container, now.get(container["name"], {}), order)
        if container.get("restartPolicy") == "Always":
            beside = _plus(beside, asked)
            peak = _most(peak, beside)
        else:
            peak = _most(peak, _plus(beside, asked))
    # Pod-level requests replace the containers' for the resources they name.
    total = _most(_plus(running, beside), peak) | _settled(spec, status, order)
    return _plus(total, _amounts(spec.get("overhead") or {}))


def _settled(holder: dict[str, Any], status: dict[str, Any], order: tuple[str, ...]) -> Amounts:
    """The requests of a container, or of a pod as a whole, as its status has them."""
    said = {
        "allocated": _amounts(status.get("allocatedResources") or {}),
        "actual": _requests(status),
    }
    wanted = _requests(holder)
    found: Amounts = {}
    for name in reversed(order):
        found |= said[name]
    return {name: found.get(name, amount) for name, amount in wanted.items()}


def _by_name(statuses: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {status.get("name", ""): status for status in statuses}


def _requests(holder: dict[str, Any]) -> Amounts:
    return _amounts((holder.get("resources") or {}).get("requests") or {})


def _amounts(said: dict[str, Any]) -> Amounts:
    return {name: quantity(str(value)) for name, value in said.items()}


def _plus(a: Amounts, b: Amounts) -> Amounts:
    return {name: a.get(name, 0.0) + b.get(name, 0.0) for name in a.keys() | b.keys()}


def _most(a: Amounts, b: Amounts) -> Amounts:
    return {name: max(a.get(name, 0.0), b.get(name, 0.0)) for name in a.keys() | b.keys()}
