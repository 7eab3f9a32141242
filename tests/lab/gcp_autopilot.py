"""GKE Autopilot: nodes that no bill has, and pods billed by what they ask for, with the truth."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.lab.gcp_lines import MODEL, Printed, named
from tests.lab.gcp_names import PROJECT, region, zone
from tests.lab.money import UNIT, ratio, units
from tests.lab.observed import frames
from tests.lab.spans import HOUR, by_hour, observed
from tests.lab.things import Node, Pod, World

if TYPE_CHECKING:
    import pandas as pd

FREE = ("kube-system", "gke-managed-system", "gmp-system")


@dataclass(frozen=True)
class PodClass:
    """A class of pods: its name in SKUs, a machine that it runs on, and rates per hour."""

    sku: str
    machine: str
    core: str
    gib: str
    spot_core: str
    spot_gib: str
    gpu: str = "0"
    """Pods of such a class ask for one."""


CLASSES = {
    "general": PodClass("", "ek-standard-8", "0.0445", "0.0049225", "0.0133", "0.0014767"),
    "old": PodClass("", "e2-standard-4", "0.0445", "0.0049225", "0.0133", "0.0014767"),
    "balanced": PodClass("Balanced ", "n2d-standard-8", "0.064", "0.007", "0.0194", "0.0021406"),
    "arm": PodClass("Scale-Out Arm ", "t2a-standard-4", "0.04", "0.0045", "0.012", "0.00135"),
    "gpu": PodClass("NVIDIA L4 ", "g2-standard-8", "0.05", "0.006", "0.02", "0.002", "0.6"),
}
DISK = "0.0000548"


@dataclass(frozen=True)
class PodNode:
    """A node of Autopilot's, as a metrics source sees it."""

    name: str
    kind: str
    zone: str
    seen: tuple[int, int]
    spot: bool = False
    cores: float = 8.0
    gib: float = 32.0

    @property
    def gpus(self) -> float:
        return float(self.kind == "gpu")


@dataclass(frozen=True)
class Autopilot:
    """What runs on Autopilot in a world's cluster; requests are in thousandths of a core and MiB."""

    world: World
    nodes: tuple[PodNode, ...]
    pods: tuple[Pod, ...]
    disk_gib: int = 1
    """Ephemeral storage that every pod asks for."""
    committed: int = 0
    """Percent that a spend-based commitment takes off what is not spot, as a consumption model."""

    def billed(self) -> list[tuple[Pod, PodNode]]:
        """The pods that are on the bill, with their node."""
        nodes = {node.name: node for node in self.nodes}
        return [(pod, nodes[pod.node]) for pod in self.pods if pod.namespace not in FREE]


def amounts(pod: Pod) -> tuple[int, int]:
    """Thousandths of a core, and MiB."""
    return round(pod.cpu * 1000), round(pod.memory_gib * 1024)


def pods_frames(
    here: Autopilot, base: Callable[..., dict[str, pd.DataFrame]]
) -> Callable[..., dict[str, pd.DataFrame]]:
    """What a source sees: the world's own frames, with Autopilot's nodes and pods besides."""
    import pandas as pd

    def seen(
        world: World, day: int, labels: tuple[str, ...] = (), **options: Any
    ) -> dict[str, Any]:
        shadow = replace(
            world,
            nodes=tuple(
                Node(one.name, one.name, "m6i.xlarge", one.zone, (0, 0), one.seen, spot=one.spot)
                for one in here.nodes
            ),
            pods=here.pods,
            volumes=(),
            balancers=(),
        )
        made = frames(shadow, day, labels, **options)
        about = {f"node/aws:///{one.zone}/{one.name}": one for one in here.nodes}
        place = {old: f"gce://{PROJECT}/{one.zone}/{one.name}" for old, one in about.items()}
        ids = {old: f"node/{new}" for old, new in place.items()}
        inventory = made["inventory"]
        if len(inventory):
            old = inventory["asset_id"]
            made["inventory"] = inventory.assign(
                provider_id=old.map(place),
                region=region(world),
                instance_type=old.map({k: CLASSES[one.kind].machine for k, one in about.items()}),
                cpu_cores=old.map({k: one.cores for k, one in about.items()}),
                memory_gib=old.map({k: one.gib for k, one in about.items()}),
                gpu_count=old.map({k: one.gpus for k, one in about.items()}),
            )
        for name in ("inventory", "presence", "usage"):
            if len(made[name]):
                made[name] = made[name].assign(asset_id=made[name]["asset_id"].map(ids))
        if not (world.nodes or world.volumes or world.balancers):
            return made
        own = base(world, day, labels, **options)
        both = {name: [part for part in (own[name], made[name]) if len(part)] for name in own}
        return {name: pd.concat(parts) if parts else own[name] for name, parts in both.items()}

    return seen


def pods_lines(here: Autopilot, *, labels: bool = True) -> Callable[[Printed], None]:
    """Adds the pods' lines to a bill: an hour's, by namespace, class and SKU.

    Args:
        here: what runs.
        labels: as with GKE cost allocation; else only the resource names the cluster.
    """
    import pandas as pd

    world = here.world
    edp = units(world.discounts.edp)
    sums: dict[tuple[str, str, int, int], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for pod, node in here.billed():
        hour, seconds = by_hour(pod.alive, world.hours)
        for name, rate, per, size in (one for one in _skus(here, pod, node) if one[3]):
            for at, filled in zip(hour.tolist(), seconds.tolist(), strict=True):
                sums[pod.namespace, name, rate, per][at] += filled * size

    def add(out: Printed) -> None:
        for (namespace, name, rate, per), hours in sums.items():
            listed = [ratio(rate * amount, 1, HOUR * per) for amount in hours.values()]
            facts = pd.DataFrame({"hour": list(hours), "length": 1})
            usage = [ratio(UNIT * amount, 1, HOUR * per) for amount in hours.values()]
            kind = _kind(world, f"{name} ({region(world)})", namespace, labels)
            off = here.committed if "Spot " not in name and "Storage" not in name else 0
            public = [amount - ratio(amount, off, 100) for amount in listed]
            cost = [amount - ratio(amount, edp, UNIT) for amount in public]
            kind |= {"model": MODEL} if off else {}
            out.add(kind, facts, quantity=usage, cost=cost, list=listed, model_list=public)

    return add


def _skus(here: Autopilot, pod: Pod, node: PodNode) -> list[tuple[str, int, int, int]]:
    """SKU, its rate in money units per unit and hour, amounts a unit has, the pod's amount."""
    kind = CLASSES[node.kind]
    prefix = f"Autopilot {kind.sku}{'Spot ' * node.spot}Pod"
    milli, mib = amounts(pod)
    core, gib = (kind.spot_core, kind.spot_gib) if node.spot else (kind.core, kind.gib)
    return [
        (f"{prefix} mCPU Requests", units(Decimal(core) / 1000), 1, milli),
        (f"{prefix} Memory Requests", units(gib), 1024, mib),
        (f"{prefix} GPU Requests", units(kind.gpu), 1, pod.gpus),
        ("Autopilot Pod Ephemeral Storage Requests", units(DISK), 1, here.disk_gib),
    ]


def _kind(world: World, name: str, namespace: str, labels: bool) -> dict[str, Any]:
    place = region(world)
    tags = [("goog-k8s-cluster-name", world.cluster), ("k8s-namespace", namespace)]
    home = f"//container.googleapis.com/projects/{PROJECT}/locations/{place}/clusters"
    return {
        **named(name, "hour" if "mCPU" in name else "gibibyte hour"),
        "service": "Kubernetes Engine",
        "project": PROJECT,
        "resource": world.cluster,
        "global": f"{home}/{world.cluster}",
        "zone": "",
        "region": place,
        "labels": tags if labels else [],
        "cost_type": "regular",
        "seller": "Google Cloud",
        "model": "Default",
        "credit": ("", ""),
    }


def pods_ledger(here: Autopilot) -> dict[tuple[str, str], Fraction]:
    """What the pods add to the true ledger, in money units."""
    out: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    world = here.world
    left = 1 - Fraction(world.discounts.edp)
    for pod, node in here.billed():
        alive = _seconds(world, pod.alive)
        seen = sum(b - a for a, b in observed(world, pod.alive))
        listed, paid = rates(here, pod, node)
        out["report", "report"] += seen * listed
        out["observation", "uptime"] += (alive - seen) * listed
        out["rate", "spot" if node.spot else "commitment"] += alive * (paid - listed)
        out["rate", "negotiated"] += alive * paid * (left - 1)
        disk = Fraction(units(DISK) * here.disk_gib, HOUR)
        out["unmodelled", "node_disk"] += alive * disk * left
    return out


def pods_cost(here: Autopilot) -> dict[str, float]:
    """Namespace → what its pods' cores and memory cost in truth, in dollars."""
    out: dict[str, Fraction] = defaultdict(Fraction)
    for pod, node in here.billed():
        paid = rates(here, pod, node)[1] * (1 - Fraction(here.world.discounts.edp))
        out[pod.namespace] += _seconds(here.world, pod.alive) * paid / UNIT
    return {name: float(cost) for name, cost in out.items()}


def rates(here: Autopilot, pod: Pod, node: PodNode) -> tuple[Fraction, Fraction]:
    """Money units a second: on demand, and as charged before discounts."""
    kind = CLASSES[node.kind]
    milli, mib = amounts(pod)

    def both(core: str, gib: str) -> Fraction:
        whole = Fraction(units(core) * milli, 1000) + Fraction(units(gib) * mib, 1024)
        return (whole + units(kind.gpu) * pod.gpus) / HOUR

    listed = both(kind.core, kind.gib)
    if node.spot:
        return listed, both(kind.spot_core, kind.spot_gib)
    return listed, listed * (100 - here.committed) / 100


def _seconds(world: World, alive: tuple[int, int]) -> int:
    return max(0, min(alive[1], world.hours * HOUR) - max(alive[0], 0))


def random_autopilot(world: World, seed: int) -> Autopilot:
    """Nodes of some classes, with pods that are billed and pods that are not."""
    dice = random.Random(seed)
    end = world.hours * HOUR
    nodes, pods = [], []
    for number in range(dice.randint(3, 6)):
        start = 0 if number == 0 else dice.randrange(0, end // 2)
        stop = end if number == 0 else dice.randrange(start + HOUR, end + 1)
        node = PodNode(
            f"gk3-{world.cluster}-pool-{number}",
            dice.choice(sorted(CLASSES)) if number else "general",
            zone(world, dice.choice("abc")),
            (start, stop),
            spot=number > 0 and dice.random() < 0.4,
        )
        nodes.append(node)
        for at in range(dice.randint(1, 5)):
            born = dice.randrange(start, stop - 600)
            dies = born + 600 if at == 1 else dice.randrange(born + 600, stop + 1)
            pods.append(_pod(dice, node, at, (born, dies), dice.choice(("shop", "batch", "data"))))
        pods.append(_pod(dice, node, 9, (start, stop), dice.choice(FREE)))
    return Autopilot(world, tuple(nodes), tuple(pods))


def _pod(
    dice: random.Random, node: PodNode, number: int, alive: tuple[int, int], namespace: str
) -> Pod:
    name = f"{node.name}-pod-{number}"
    return Pod(
        name,
        name,
        namespace,
        "Deployment",
        f"{namespace}-app",
        node.name,
        alive,
        cpu=dice.randint(1, 40) / 20,
        memory_gib=dice.randint(1, 32) / 4,
        gpus=int(node.kind == "gpu" and namespace not in FREE),
        cpu_used=dice.random(),
        memory_used_gib=dice.random(),
        labels=(("team", namespace),),
    )
