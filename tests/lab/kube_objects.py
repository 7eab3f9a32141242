"""A world at one instant as Kubernetes API lists: what `kubectl get -o json` would show."""

from __future__ import annotations

from typing import Any

from tests.lab.rates import INSTANCES
from tests.lab.series import creator
from tests.lab.things import Balancer, Interval, Node, Pod, Volume, World

Object = dict[str, Any]


def kube_objects(world: World, at: int) -> dict[str, Object]:
    """Lists by resource name (`nodes`, `pods`, `persistentvolumes`, …).

    Args:
        world: what runs.
        at: seconds from the world's start.
    """
    volumes = [v for v in world.volumes if _there(v.seen, at)]
    balancers = [b for b in world.balancers if _there(b.seen, at)]
    pods = [p for p in world.pods if _there(p.alive, at)]
    names = sorted({pod.namespace for pod in world.pods})
    lists = {
        "nodes": [_node(world, n) for n in world.nodes if _there(n.seen, at)],
        "pods": [_pod(world, p) for p in pods],
        "persistentvolumes": [_volume(v, at) for v in volumes],
        "persistentvolumeclaims": [_claim(v, at) for v in volumes],
        "services": [_front(b) for b in balancers if not b.ingress],
        "ingresses": [_front(b) for b in balancers if b.ingress],
        "namespaces": [{"metadata": {"name": name, "labels": {}}} for name in names],
        "replicasets": _owners(pods, "Deployment"),
        "jobs": _owners(pods, "CronJob"),
    }
    return {name: {"kind": "List", "metadata": {}, "items": made} for name, made in lists.items()}


def _there(seen: Interval | None, at: int) -> bool:
    return seen is not None and seen[0] <= at < seen[1]


def _node(world: World, node: Node) -> Object:
    size = INSTANCES[node.instance_type]
    whole = {"cpu": str(size.cores), "memory": f"{size.memory_gib}Gi", "pods": "110"}
    usable = {
        "cpu": f"{size.cores * 1000 - 80}m",
        "memory": f"{size.memory_gib * 960}Mi",
        "pods": "110",
    }
    if size.gpus:
        whole["nvidia.com/gpu"] = usable["nvidia.com/gpu"] = str(size.gpus)
    shown = {
        "node.kubernetes.io/instance-type": node.instance_type,
        "topology.kubernetes.io/region": world.region,
        "topology.kubernetes.io/zone": node.zone,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": size.arch,
        "eks.amazonaws.com/capacityType": "SPOT" if node.spot else "ON_DEMAND",
        "eks.amazonaws.com/nodegroup": node.pool,
    }
    return {
        "metadata": {"name": node.name, "uid": node.instance_id, "labels": shown},
        "spec": {"providerID": f"aws:///{node.zone}/{node.instance_id}"},
        "status": {
            "capacity": whole,
            "allocatable": usable,
            "conditions": [{"type": "Ready", "status": "True"}],
            "nodeInfo": {"operatingSystem": "linux", "architecture": size.arch},
        },
    }


def _pod(world: World, pod: Pod) -> Object:
    requests: dict[str, str] = {}
    if pod.cpu:
        requests["cpu"] = f"{pod.cpu * 1000:.0f}m"
        requests["memory"] = f"{pod.memory_gib * 1024:.0f}Mi"
    if pod.gpus:
        requests["nvidia.com/gpu"] = str(pod.gpus)
    kind, name = creator(pod)
    claims = {volume.name: volume.claim for volume in world.volumes}
    mounts = [
        {"name": f"v{n}", "persistentVolumeClaim": {"claimName": claims[name_]}}
        for n, name_ in enumerate(pod.volumes)
    ]
    return {
        "metadata": {
            "name": pod.name,
            "namespace": pod.namespace,
            "uid": pod.uid,
            "labels": dict(pod.labels),
            "ownerReferences": [{"kind": kind, "name": name, "uid": name, "controller": True}],
        },
        "spec": {
            "nodeName": pod.node,
            "containers": [{"name": "main", "resources": {"requests": requests}}],
            "volumes": mounts,
        },
        "status": {"phase": "Running", "startTime": f"{world.at(pod.alive[0]):%Y-%m-%dT%H:%M:%SZ}"},
    }


def _size(volume: Volume, at: int) -> str:
    fits = [gib for start, end, gib in volume.sizes if start <= at < end]
    return f"{(fits or [volume.sizes[-1][2]])[0]}Gi"


def _volume(volume: Volume, at: int) -> Object:
    source: Object
    if volume.csi:
        source = {"csi": {"driver": "ebs.csi.aws.com", "volumeHandle": volume.volume_id}}
    else:
        source = {"awsElasticBlockStore": {"volumeID": f"aws://{volume.zone}/{volume.volume_id}"}}
    return {
        "metadata": {"name": volume.name, "uid": volume.name},
        "spec": {
            "capacity": {"storage": _size(volume, at)},
            "storageClassName": volume.disk,
            "claimRef": {"namespace": volume.namespace, "name": volume.claim},
            **source,
        },
        "status": {"phase": "Bound"},
    }


def _claim(volume: Volume, at: int) -> Object:
    return {
        "metadata": {"name": volume.claim, "namespace": volume.namespace},
        "spec": {
            "volumeName": volume.name,
            "storageClassName": volume.disk,
            "resources": {"requests": {"storage": _size(volume, at)}},
        },
        "status": {"phase": "Bound"},
    }


def _front(one: Balancer) -> Object:
    return {
        "metadata": {"name": one.service, "namespace": one.namespace, "uid": one.hostname[:12]},
        "spec": {} if one.ingress else {"type": "LoadBalancer"},
        "status": {"loadBalancer": {"ingress": [{"hostname": one.hostname}]}},
    }


def _owners(pods: list[Pod], kind: str) -> list[Object]:
    made = sorted({(p.namespace, creator(p)[1], p.workload) for p in pods if p.kind == kind})
    return [
        {
            "metadata": {
                "namespace": namespace,
                "name": name,
                "ownerReferences": [{"kind": kind, "name": owner, "controller": True}],
            }
        }
        for namespace, name, owner in made
    ]
