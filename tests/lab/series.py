"""The time series that exporters show of a world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from tests.lab.rates import INSTANCES
from tests.lab.spans import cut
from tests.lab.things import Balancer, Interval, Node, Pod, Volume, World

GIB = 1 << 30


@dataclass(frozen=True)
class Series:
    """One series: its value is constant, or a function of the seconds from the world's start."""

    name: str
    labels: tuple[str, ...]
    alive: Interval
    value: float | int | Callable[[int], float] = 1


def labels(**pairs: str | int) -> tuple[str, ...]:
    """Label pairs as text."""
    return tuple(f'{key}="{value}"' for key, value in pairs.items())


KSM = labels(job="kube-state-metrics", instance="10.0.9.9:8080")
CADVISOR = labels(job="kubelet", metrics_path="/metrics/cadvisor")


def all_series(world: World) -> Iterator[Series]:
    """All series, in no order that matters."""
    for node in world.nodes:
        if node.seen:
            yield from _node(world, node, node.seen)
    for pod in world.pods:
        yield from _pod(world, pod)
        yield from _containers(pod)
    yield from _owners(world)
    for volume in world.volumes:
        if volume.seen:
            yield from _volume(volume, volume.seen)
    for one in world.balancers:
        if one.seen:
            yield from _balancer(one, one.seen)
    whole = (0, world.hours * 3600)
    for namespace in sorted({pod.namespace for pod in world.pods}):
        named = labels(namespace=namespace, label_cost_center=f"cc-{namespace}")
        yield Series("kube_namespace_labels", KSM + named, whole)


def _node(world: World, node: Node, seen: Interval) -> Iterator[Series]:
    size = INSTANCES[node.instance_type]
    me = labels(node=node.name)
    facts = labels(
        provider_id=f"aws:///{node.zone}/{node.instance_id}",
        kernel_version="6.12.9",
        os_image="Amazon Linux 2023",
        kubelet_version="v1.33.4",
        container_runtime_version="containerd://2.0.1",
        system_uuid=node.instance_id,
    )
    yield Series("kube_node_info", KSM + me + facts, seen)
    shown = labels(
        label_node_kubernetes_io_instance_type=node.instance_type,
        label_topology_kubernetes_io_region=world.region,
        label_topology_kubernetes_io_zone=node.zone,
        label_kubernetes_io_os="linux",
        label_kubernetes_io_arch=size.arch,
        label_eks_amazonaws_com_capacityType="SPOT" if node.spot else "ON_DEMAND",
        label_eks_amazonaws_com_nodegroup=node.pool,
    )
    yield Series("kube_node_labels", KSM + me + shown, seen)
    amounts = [("cpu", "core", size.cores, size.cores - 0.08)]
    amounts.append(("memory", "byte", size.memory_gib * GIB, size.memory_gib * GIB * 15 // 16))
    if size.gpus:
        amounts.append(("nvidia_com_gpu", "integer", size.gpus, size.gpus))
    for resource, unit, whole, usable in amounts:
        of = KSM + me + labels(resource=resource, unit=unit)
        yield Series("kube_node_status_capacity", of, seen, whole)
        yield Series("kube_node_status_allocatable", of, seen, usable)


def _pod(world: World, pod: Pod) -> Iterator[Series]:
    me = labels(namespace=pod.namespace, pod=pod.name, uid=pod.uid)
    kind, name = creator(pod)
    info = labels(node=pod.node, created_by_kind=kind, created_by_name=name, host_network="false")
    # A Job's pod stays in the API after it is done, until somebody deletes it.
    linger = 10 * world.scrape if pod.kind in ("CronJob", "Job") else 0
    shown = (pod.alive[0], pod.alive[1] + linger)
    yield Series("kube_pod_info", KSM + me + info, shown)
    yield Series(
        "kube_pod_labels", KSM + me + labels(**{f"label_{k}": v for k, v in pod.labels}), shown
    )
    phases = [("Running", pod.alive)]
    if linger:
        phases.append(("Succeeded", (pod.alive[1], shown[1])))
    for phase, span in phases:
        yield Series("kube_pod_status_phase", KSM + me + labels(phase=phase), span)
    requests = [("cpu", "core", pod.cpu), ("memory", "byte", int(pod.memory_gib * GIB))]
    requests.append(("nvidia_com_gpu", "integer", pod.gpus))
    for resource, unit, amount in requests:
        if amount:
            of = labels(container="main", node=pod.node, resource=resource, unit=unit)
            yield Series("kube_pod_container_resource_requests", KSM + me + of, shown, amount)
    claims = {volume.name: volume.claim for volume in world.volumes}
    for name in pod.volumes:
        of = labels(volume="data", persistentvolumeclaim=claims[name], read_only="false")
        yield Series("kube_pod_spec_volumes_persistentvolumeclaims_info", KSM + me + of, shown)


def creator(pod: Pod) -> tuple[str, str]:
    """The object that made a pod: a ReplicaSet for a Deployment, a Job for a CronJob."""
    if pod.kind == "Deployment":
        return "ReplicaSet", f"{pod.workload}-7d9f8c6b5"
    if pod.kind == "CronJob":
        return "Job", f"{pod.workload}-{29000000 + pod.alive[0] // 60}"
    return pod.kind, pod.workload


def _owners(world: World) -> Iterator[Series]:
    whole = (0, world.hours * 3600)
    sets = {(p.namespace, creator(p)[1], p.workload) for p in world.pods if p.kind == "Deployment"}
    for namespace, made, owner in sorted(sets):
        of = labels(namespace=namespace, replicaset=made, owner_kind="Deployment", owner_name=owner)
        yield Series("kube_replicaset_owner", KSM + of, whole)
    jobs = {(p.namespace, creator(p)[1], p.workload) for p in world.pods if p.kind == "CronJob"}
    for namespace, made, owner in sorted(jobs):
        of = labels(namespace=namespace, job_name=made, owner_kind="CronJob", owner_name=owner)
        yield Series("kube_job_owner", KSM + of, whole)


def _containers(pod: Pod) -> Iterator[Series]:
    group = f"/kubepods.slice/kubepods-pod{pod.uid.replace('-', '_')}.slice"
    me = labels(namespace=pod.namespace, pod=pod.name)
    main = labels(
        container="main", image="shop/app:1", id=f"{group}/cri-containerd-{pod.uid[:8]}.scope"
    )
    born = max(pod.alive[0], 0)
    yield Series(
        "container_cpu_usage_seconds_total",
        CADVISOR + me + main,
        pod.alive,
        partial(_grow, born, pod.cpu_used),
    )
    yield Series(
        "container_memory_working_set_bytes",
        CADVISOR + me + main,
        pod.alive,
        int(pod.memory_used_gib * GIB),
    )
    rate = pod.network_mib_hour * (1 << 20) / 3600
    for way, share in (("receive", 1.0), ("transmit", 0.5)):
        of = labels(interface="eth0", id=group)
        name = f"container_network_{way}_bytes_total"
        yield Series(name, CADVISOR + me + of, pod.alive, partial(_grow, born, rate * share))


def _grow(born: int, per_second: float, at: int) -> float:
    """A counter that starts at 0 when its container does."""
    return (at - born) * per_second


def _volume(volume: Volume, seen: Interval) -> Iterator[Series]:
    me = labels(persistentvolume=volume.name)
    if volume.csi:
        handle = labels(csi_driver="ebs.csi.aws.com", csi_volume_handle=volume.volume_id)
    else:
        handle = labels(ebs_volume_id=f"aws://{volume.zone}/{volume.volume_id}")
    yield Series(
        "kube_persistentvolume_info", KSM + me + labels(storageclass=volume.disk) + handle, seen
    )
    claim = labels(namespace=volume.namespace, persistentvolumeclaim=volume.claim)
    bound = labels(storageclass=volume.disk, volumename=volume.name)
    yield Series("kube_persistentvolumeclaim_info", KSM + claim + bound, seen)
    ref = labels(name=volume.claim, claim_namespace=volume.namespace)
    yield Series("kube_persistentvolume_claim_ref", KSM + me + ref, seen)
    for start, end, gib in volume.sizes:
        if part := cut(seen, (start, end)):
            yield Series("kube_persistentvolume_capacity_bytes", KSM + me, part, gib * GIB)
            name = "kube_persistentvolumeclaim_resource_requests_storage_bytes"
            yield Series(name, KSM + claim, part, gib * GIB)


def _balancer(one: Balancer, seen: Interval) -> Iterator[Series]:
    if one.ingress:  # kube-state-metrics shows no address of an Ingress
        yield Series(
            "kube_ingress_info",
            KSM + labels(namespace=one.namespace, ingress=one.service, ingressclass="alb"),
            seen,
        )
        return
    me = labels(namespace=one.namespace, service=one.service, uid=one.hostname[:12])
    yield Series("kube_service_info", KSM + me, seen)
    yield Series("kube_service_spec_type", KSM + me + labels(type="LoadBalancer"), seen)
    yield Series(
        "kube_service_status_load_balancer_ingress",
        KSM + me + labels(ip="", hostname=one.hostname),
        seen,
    )
