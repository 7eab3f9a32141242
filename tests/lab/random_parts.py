"""Random volumes, balancers, services and pods for `random_world`."""

from __future__ import annotations

import random
from decimal import Decimal

from tests.lab.network import cluster_tags
from tests.lab.things import Balancer, Interval, Node, Pod, Service, Volume, World

NAMESPACES = ("checkout", "catalog", "search", "jobs")


class Names:
    """Identifiers in the cloud's own shapes."""

    def __init__(self, dice: random.Random, region: str, account: str) -> None:
        self.dice, self.region, self.account = dice, region, account

    def hex(self, prefix: str, length: int) -> str:
        return prefix + "".join(self.dice.choice("0123456789abcdef") for _ in range(length))

    def volume(self) -> str:
        return self.hex("vol-0", 16)

    def zone(self) -> str:
        return self.region + self.dice.choice("abc")

    def instance(self) -> dict[str, str]:
        name = f"ip-10-0-{self.dice.randint(0, 255)}-{self.hex('', 4)}.ec2.internal"
        return {"name": name, "instance_id": self.hex("i-0", 16), "zone": self.zone()}

    def uid(self) -> str:
        digits = self.hex("", 32)
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def volumes(dice: random.Random, names: Names, world: World, step: int) -> tuple[Volume, ...]:
    """Volumes with a claim, one resized, one in-tree, one that no metrics source sees."""
    whole = world.hours * 3600
    out = []
    for index in range(dice.randint(2, 5)):
        start = 0 if index < 2 else dice.randint(0, whole // step // 2) * step
        end = (
            whole if dice.random() < 0.7 else dice.randint(start // step + 30, whole // step) * step
        )
        gib = dice.choice([8, 20, 100, 500])
        sizes: tuple[tuple[int, int, int], ...] = ((start, end, gib),)
        if dice.random() < 0.3:
            middle = (start + end) // 2 // step * step
            sizes = ((start, middle, gib), (middle, end, gib * 2))
        orphan = index >= 2 and dice.random() < 0.4
        seen = None if orphan else (start + dice.randint(0, 2) * step, end)
        disk = dice.choice(["gp3", "gp3", "gp2"])
        claim = f"data-{index}"
        tags = cluster_tags(
            world.cluster,
            **{
                "kubernetes.io/created-for/pvc/name": claim,
                "kubernetes.io/created-for/pv/name": f"pvc-{index}",
            },
        )
        out.append(
            Volume(
                name=f"pvc-{names.uid()}",
                volume_id=names.volume(),
                disk=disk,
                zone=names.zone(),
                sizes=sizes,
                seen=seen,
                namespace=dice.choice(NAMESPACES),
                claim=claim,
                csi=dice.random() < 0.7,
                iops=dice.choice([0, 0, 2000]) if disk == "gp3" else 0,
                snapshot=names.hex("snap-0", 16) if dice.random() < 0.3 else "",
                snapshot_gib=gib // 2,
                tags=tags,
            )
        )
    return tuple(out)


def balancers(dice: random.Random, names: Names, world: World, step: int) -> tuple[Balancer, ...]:
    """Zero to three balancers, one kind each, in the hostname and ARN shapes of that kind."""
    out = []
    whole = world.hours * 3600
    arn = f"arn:aws:elasticloadbalancing:{world.region}:{world.account}:loadbalancer"
    for index, kind in enumerate(
        dice.sample(["network", "application", "classic"], dice.randint(0, 3))
    ):
        start = dice.randint(0, whole // step // 3) * step
        seen: Interval | None = (start + step, whole) if dice.random() < 0.85 else None
        name, tail = f"k8s-edge-gw{index}-{names.hex('', 10)}", names.hex("", 16)
        if kind == "network":
            resource, host = (
                f"{arn}/net/{name}/{tail}",
                f"{name}-{tail}.elb.{world.region}.amazonaws.com",
            )
        elif kind == "application":
            digits = dice.randint(10**8, 10**9)
            resource, host = (
                f"{arn}/app/{name}/{tail}",
                f"{name}-{digits}.{world.region}.elb.amazonaws.com",
            )
        else:
            name = "a" + names.hex("", 31)
            digits = dice.randint(10**8, 10**9)
            resource, host = f"{arn}/{name}", f"{name}-{digits}.{world.region}.elb.amazonaws.com"
        out.append(
            Balancer(
                kind=kind,
                resource=resource,
                hostname=host,
                namespace=dice.choice(NAMESPACES),
                service=f"edge-{index}",
                billed=(start, whole),
                seen=seen,
                ingress=kind == "application",
                load=Decimal(dice.randint(1, 60)) / 10,
                tags=cluster_tags(world.cluster),
            )
        )
    return tuple(out)


def services(dice: random.Random, names: Names, cluster: str) -> tuple[Service, ...]:
    """What else the account runs; a NAT gateway and a queue may belong to the cluster."""
    ec2, arn = "Amazon Elastic Compute Cloud", f"arn:aws:ec2:{names.region}:{names.account}"
    nat = f"{arn}:natgateway/{names.hex('nat-0', 16)}"
    mine = cluster_tags(cluster) if dice.random() < 0.6 else ()
    kind = "nat" if mine else ""
    gateway = {"family": "NAT Gateway", "operation": "NatGateway", "tags": mine, "cost_class": kind}
    queue = f"arn:aws:sqs:{names.region}:{names.account}:{cluster}"
    database = f"arn:aws:rds:{names.region}:{names.account}:db:orders"
    size = Decimal(dice.randint(10, 400)) / 10
    return (
        Service("AmazonEC2", ec2, nat, "NatGateway-Hours", "Hrs", "0.045", Decimal(1), **gateway),
        Service("AmazonEC2", ec2, nat, "NatGateway-Bytes", "GB", "0.045", size, **gateway),
        Service(
            "AmazonRDS",
            "Amazon Relational Database Service",
            database,
            "InstanceUsage:db.r6g.large",
            "Hrs",
            "0.225",
            Decimal(1),
            family="Database Instance",
            operation="CreateDBInstance:0021",
        ),
        Service(
            "AmazonS3",
            "Amazon Simple Storage Service",
            "shop-assets",
            "TimedStorage-ByteHrs",
            "GB-Mo",
            "0.023",
            Decimal(dice.randint(1, 90)) / 10,
            family="Storage",
            operation="StandardStorage",
        ),
        Service(
            "AWSQueueService",
            "Amazon Simple Queue Service",
            queue,
            "Requests-Tier1",
            "Requests",
            "0.0000004",
            Decimal(9000),
            cluster_tags(cluster),
            "other",
            family="API Request",
            operation="SendMessage",
        ),
    )


def pods(dice: random.Random, world: World, step: int) -> tuple[Pod, ...]:
    """Pods of Deployments, a DaemonSet, a StatefulSet and a CronJob, on nodes that are seen."""
    names = Names(dice, world.region, world.account)
    out: list[Pod] = []
    free = [volume for volume in world.volumes if volume.seen]
    for node in world.nodes:
        if not node.seen:
            continue
        start, end = max(node.seen[0], 0), min(node.seen[1], world.hours * 3600)
        if end <= start:
            continue
        out.append(
            _pod(dice, names, node, "kube-system", "DaemonSet", "node-agent", (start, end), 0.1)
        )
        for _ in range(dice.randint(1, 4)):
            namespace = dice.choice(NAMESPACES)
            if namespace == "jobs":
                born = dice.randrange(start, end, step)
                died = min(born + step * dice.randint(1, 20), end)
                out.append(
                    _pod(dice, names, node, namespace, "CronJob", "nightly", (born, died), 1.0)
                )
                continue
            kind = "StatefulSet" if free and dice.random() < 0.4 else "Deployment"
            alive = (start, end)
            mount = ()
            if kind == "StatefulSet":
                volume = free.pop()
                mount, namespace = (volume.name,), volume.namespace
                alive = _both(alive, volume.seen or alive)
            if alive[0] < alive[1]:
                out.append(
                    _pod(
                        dice,
                        names,
                        node,
                        namespace,
                        kind,
                        f"app-{dice.randint(0, 4)}",
                        alive,
                        0.5,
                        mount,
                    )
                )
    return tuple(out)


def _both(one: Interval, other: Interval) -> Interval:
    return max(one[0], other[0]), min(one[1], other[1])


def _pod(
    dice: random.Random,
    names: Names,
    node: Node,
    namespace: str,
    kind: str,
    workload: str,
    alive: Interval,
    cpu: float,
    mounts: tuple[str, ...] = (),
) -> Pod:
    request = dice.choice([0.0, cpu, cpu * 2])
    return Pod(
        uid=names.uid(),
        name=f"{workload}-{names.hex('', 10)}",
        namespace=namespace,
        kind=kind,
        workload=workload,
        node=node.name,
        alive=alive,
        cpu=request,
        memory_gib=request * 2,
        cpu_used=dice.choice([0.125, 0.5, 1.25]) * cpu,
        memory_used_gib=dice.choice([0.5, 1.0, 3.0]) * cpu,
        gpus=1 if node.instance_type.startswith("g5") and kind == "Deployment" else 0,
        volumes=mounts,
        labels=(("app", workload), ("team", namespace)),
    )
