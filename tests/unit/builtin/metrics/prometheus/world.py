"""A cluster as an event log, and what kube-state-metrics and cAdvisor would show of it.

Shares nothing with the code under test: series are written sample by sample, and `truth` walks
the log second by second.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from burn.api import Window

DAY = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))
T0 = int(DAY.start.timestamp())
GIB = 2**30
ALWAYS = (-3600, 25 * 3600)
"""Seconds since the day's start: from before it to after it."""


@dataclass
class Node:
    name: str
    start: float = ALWAYS[0]
    end: float = ALWAYS[1]
    provider_id: str | None = None
    cpu: float = 8
    memory: float = 32 * GIB
    devices: dict[str, float] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.name if self.provider_id is None else self.provider_id


@dataclass
class Pod:
    uid: str
    name: str
    node: str
    start: float = ALWAYS[0]
    end: float = ALWAYS[1]
    """When the object is deleted."""
    done: float | None = None
    """When it Succeeded; the object stays until `end`."""
    namespace: str = "shop"
    owner: tuple[str, str] = ("<none>", "<none>")
    requests: dict[str, dict[str, float]] = field(default_factory=lambda: {"main": {"cpu": 1.0}})
    resized: tuple[float, dict[str, dict[str, float]]] | None = None
    """From this second on, these requests."""
    init: dict[str, dict[str, float]] = field(default_factory=dict)
    sidecars: tuple[str, ...] = ()
    overhead: dict[str, float] = field(default_factory=dict)
    claims: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    cpu: float = 0.0
    """Cores used, all the time."""
    memory: float = 0.0
    host_network: bool = False

    def asks(self, at: float) -> dict[str, dict[str, float]]:
        return self.resized[1] if self.resized and at >= self.resized[0] else self.requests

    def alive(self, at: float) -> bool:
        return self.start <= at < min(self.end, self.end if self.done is None else self.done)


@dataclass
class Volume:
    name: str
    handle: str = ""
    start: float = ALWAYS[0]
    end: float = ALWAYS[1]
    claim: tuple[str, str] = ("", "")
    bytes: float = 100 * GIB
    grown: tuple[float, float] | None = None
    storageclass: str = "gp3"


@dataclass
class Service:
    name: str
    hostname: str = ""
    ip: str = ""
    start: float = ALWAYS[0]
    end: float = ALWAYS[1]
    namespace: str = "shop"


@dataclass
class World:
    nodes: list[Node] = field(default_factory=list)
    pods: list[Pod] = field(default_factory=list)
    volumes: list[Volume] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    owners: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Namespace, ReplicaSet or Job (by prefix `rs/`, `job/`), owner kind, owner name."""


@dataclass
class Scrape:
    """How Prometheus looked at the cluster."""

    interval: float = 30
    phase: float = 0
    start: float = ALWAYS[0]
    end: float = ALWAYS[1]
    down: tuple[tuple[float, float], ...] = ()
    extra: dict[str, str] = field(default_factory=lambda: {"job": "kube-state-metrics"})
    names: str = "v2"
    """`v1` or `v2` names of requests and capacity."""

    def times(self, start: float, end: float) -> Iterator[float]:
        first = self.start + self.phase
        at = first + max(0, math.ceil((start - first) / self.interval)) * self.interval
        while at < min(end, self.end):
            if not any(a <= at < b for a, b in self.down):
                yield at
            at += self.interval


Value = Callable[[float], float | None]


def openmetrics(world: World, *scrapes: Scrape, cadvisor: Scrape | None = None) -> str:
    """Text for promtool; ends with `# EOF`."""
    lines: list[str] = []
    for scrape in scrapes:
        for name, labels, start, end, value in _state(world, scrape.names):
            lines += _series(name, labels | scrape.extra, scrape.times(start, end), value)
    if cadvisor is not None:
        for name, labels, start, end, value in _used(world):
            lines += _series(name, labels | cadvisor.extra, cadvisor.times(start, end), value)
    return "\n".join([*lines, "# EOF\n"])


def _series(name: str, labels: dict[str, str], times: Iterable[float], value: Value) -> list[str]:
    text = ",".join(f'{key}="{word}"' for key, word in sorted(labels.items()))
    out = []
    for at in times:
        number = value(at)
        if number is not None:
            out.append(f"{name}{{{text}}} {number!r} {T0 + at:.3f}")
    return out


def _one(_: float) -> float:
    return 1


def _constant(number: float) -> Value:
    return lambda _: number


def _state(world: World, names: str) -> Iterator[tuple[str, dict[str, str], float, float, Value]]:
    for node in world.nodes:
        who = {"node": node.name}
        life = (node.start, node.end)
        provider = {"provider_id": node.id, "kubelet_version": "v1.33"}
        yield "kube_node_info", who | provider, *life, _one
        said = {"label_" + _sanitized(key): word for key, word in node.labels.items()}
        yield "kube_node_labels", who | said, *life, _one
        sizes = {"cpu": node.cpu, "memory": node.memory, **node.devices}
        for kind, part in (("capacity", 1.0), ("allocatable", 0.9)):
            for resource, size in sizes.items():
                amount = size * part if resource in ("cpu", "memory") else size
                for name, labels in _resource(f"kube_node_status_{kind}", resource, names):
                    yield name, who | labels, *life, _constant(amount)
    for pod in world.pods:
        yield from _pod(pod, names)
    for volume in world.volumes:
        yield from _volume(volume)
    for service in world.services:
        who = {"namespace": service.namespace, "service": service.name}
        if service.hostname or service.ip:
            address = {"hostname": service.hostname, "ip": service.ip}
            name = "kube_service_status_load_balancer_ingress"
            yield name, who | address, service.start, service.end, _one
    for namespace, child, kind, owner in world.owners:
        form, name = child.split("/")
        metric, label = {
            "rs": ("kube_replicaset_owner", "replicaset"),
            "job": ("kube_job_owner", "job_name"),
        }[form]
        labels = {"namespace": namespace, label: name, "owner_kind": kind, "owner_name": owner}
        yield metric, labels, *ALWAYS, _one


def _pod(pod: Pod, names: str) -> Iterator[tuple[str, dict[str, str], float, float, Value]]:
    who = {"namespace": pod.namespace, "pod": pod.name}
    if names == "v2":
        who["uid"] = pod.uid
    life = (pod.start, pod.end)
    about = {
        "uid": pod.uid,
        "node": pod.node,
        "created_by_kind": pod.owner[0],
        "created_by_name": pod.owner[1],
        "host_network": str(pod.host_network).lower(),
    }
    yield "kube_pod_info", who | about, *life, _one
    for phase in ("Running", "Succeeded", "Failed"):
        done = pod.done if pod.done is not None else pod.end

        def is_in(at: float, phase: str = phase, done: float = done) -> float:
            return float(phase == ("Succeeded" if at >= done else "Running"))

        yield "kube_pod_status_phase", who | {"phase": phase}, *life, is_in
    for form, containers in (("", pod.requests), ("init_", pod.init)):
        for container, asked in containers.items():
            for resource in asked:

                def size(at: float, c: str = container, r: str = resource, f: str = form) -> float:
                    return (pod.init if f else pod.asks(at))[c][r]

                base = f"kube_pod_{form}container_resource_requests"
                for name, labels in _resource(base, resource, "v2" if form else names):
                    yield (
                        name,
                        who | labels | {"container": container, "node": pod.node},
                        *life,
                        size,
                    )
    for container in pod.sidecars:
        labels = {"container": container, "restart_policy": "Always"}
        yield "kube_pod_init_container_info", who | labels, *life, _one
    for resource, amount in pod.overhead.items():
        unit = {"cpu": "cpu_cores", "memory": "memory_bytes"}[resource]
        yield f"kube_pod_overhead_{unit}", who, *life, _constant(amount)
    for claim in pod.claims:
        labels = {"volume": "data", "persistentvolumeclaim": claim}
        yield "kube_pod_spec_volumes_persistentvolumeclaims_info", who | labels, *life, _one
    if pod.labels:
        said = {"label_" + _sanitized(key): word for key, word in pod.labels.items()}
        yield "kube_pod_labels", who | said, *life, _one


def _volume(volume: Volume) -> Iterator[tuple[str, dict[str, str], float, float, Value]]:
    who = {"persistentvolume": volume.name}
    life = (volume.start, volume.end)
    about = {"storageclass": volume.storageclass, "csi_volume_handle": volume.handle}
    yield "kube_persistentvolume_info", who | about, *life, _one

    def size(at: float) -> float:
        return volume.grown[1] if volume.grown and at >= volume.grown[0] else volume.bytes

    yield "kube_persistentvolume_capacity_bytes", who, *life, size
    if volume.claim[1]:
        namespace, claim = volume.claim
        ref = {"claim_namespace": namespace, "name": claim}
        yield "kube_persistentvolume_claim_ref", who | ref, *life, _one
        bound = {"namespace": namespace, "persistentvolumeclaim": claim, "volumename": volume.name}
        yield "kube_persistentvolumeclaim_info", bound, *life, _one


def _resource(base: str, resource: str, names: str) -> list[tuple[str, dict[str, str]]]:
    unit = {"cpu": "cores", "memory": "bytes"}.get(resource)
    if names == "v1" and unit:
        return [(f"{base}_{resource}_{unit}", {})]
    return [
        (
            base,
            {
                "resource": resource,
                "unit": {"cpu": "core", "memory": "byte"}.get(resource, "integer"),
            },
        )
    ]


def _used(world: World) -> Iterator[tuple[str, dict[str, str], float, float, Value]]:
    for pod in world.pods:
        life = (pod.start, min(pod.end, pod.end if pod.done is None else pod.done))
        for container in pod.requests:
            part = 1 / len(pod.requests)
            who = {"namespace": pod.namespace, "pod": pod.name, "container": container}

            def seconds(at: float, pod: Pod = pod, part: float = part) -> float:
                return (at - pod.start) * pod.cpu * part

            yield "container_cpu_usage_seconds_total", who, *life, seconds
            yield "container_memory_working_set_bytes", who, *life, _constant(pod.memory * part)
        net = {"namespace": pod.namespace, "pod": pod.name, "interface": "eth0"}
        for direction, rate in (("receive", 1000.0), ("transmit", 500.0)):

            def count(at: float, pod: Pod = pod, rate: float = rate) -> float:
                return (at - pod.start) * rate

            yield f"container_network_{direction}_bytes_total", net, *life, count


def _sanitized(key: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in key)
