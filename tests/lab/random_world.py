"""A consistent world from a seed: the same seed makes the same world, on every machine."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from tests.lab.network import CLUSTER_TAG, cluster_tags
from tests.lab.random_parts import Names, balancers, pods, services, volumes
from tests.lab.rates import INSTANCES
from tests.lab.things import (
    Discounts,
    Interval,
    Monthly,
    Node,
    Reservation,
    SavingsPlan,
    Tags,
    World,
)

ACCOUNT, OTHER_ACCOUNT = "123456789012", "210987654321"
GPU_FREE = [name for name, one in INSTANCES.items() if not one.gpus and one.drawn]


def random_world(
    seed: int,
    *,
    hours: int = 72,
    nodes: int = 5,
    scrape: int = 60,
    style: str | None = None,
    gaps: bool = False,
) -> World:
    """Build a world.

    Args:
        seed: chooses everything that the other arguments do not.
        hours: how long it lives, from a day in October 2026.
        nodes: about how many nodes the cluster has at a time.
        scrape: seconds between two scrapes; lives begin and end on scrapes.
        style: how discounts are printed (see `Discounts.style`); random when None.
        gaps: whether the metrics have a hole.
    """
    dice = random.Random(seed)
    step = math.lcm(180, scrape)
    start = datetime(2026, 10, dice.randint(1, 31 - -(-hours // 24)), tzinfo=UTC)
    region = dice.choice(["us-east-1", "us-west-2", "eu-west-1"])
    names = Names(dice, region, ACCOUNT)
    cluster = "lab-" + dice.choice(["blue", "green", "prod"])
    chosen = style or dice.choice(["both", "columns", "lines", "none"])
    edp = Decimal(dice.choice(["0.05", "0.07", "0.12"])) if chosen != "none" else Decimal(0)
    world = World(
        seed=seed,
        cluster=cluster,
        account=ACCOUNT,
        region=region,
        start=start,
        hours=hours,
        scrape=scrape,
        nodes=_nodes(dice, names, cluster, hours * 3600, step, nodes),
        strangers=_strangers(dice, names, cluster, hours * 3600, step),
        services=services(dice, names, cluster),
        discounts=Discounts(
            edp=edp,
            private_transfer=Decimal("0.2") if edp and dice.random() < 0.5 else Decimal(0),
            style=chosen,
        ),
        monthly=_monthly(dice),
        control_plane=dice.random() < 0.9,
        extended_support=dice.random() < 0.3,
        late_hours=dice.choice([0, 0, 0, 5, 26]),
    )
    world = replace(world, **_commitments(dice, world))
    world = replace(world, volumes=volumes(dice, names, world, step))
    world = replace(world, balancers=balancers(dice, names, world, step))
    if gaps:
        at = dice.randrange(step, hours * 3600 - 4 * 3600, step)
        world = replace(world, gaps=((at, at + step * dice.randint(5, 60)),))
    return replace(world, pods=pods(dice, world, step))


def life(dice: random.Random, whole: int, step: int, shortest: int) -> Interval:
    """A random stretch on the step grid, at least `shortest` steps long."""
    last = whole // step
    start = dice.randint(0, last - shortest)
    return start * step, dice.randint(start + shortest, last) * step


def _nodes(
    dice: random.Random, names: Names, cluster: str, whole: int, step: int, count: int
) -> tuple[Node, ...]:
    kinds = dice.sample(GPU_FREE, 3) + (["g5.xlarge"] if dice.random() < 0.3 else [])
    out = []
    for index in range(count):
        billed = (
            (-86400 * 3, whole + 86400)
            if index < 2 or dice.random() < 0.4
            else life(dice, whole, step, 4)
        )
        boot, drain = dice.randint(0, 2) * step, dice.randint(0, 1) * step
        seen: Interval | None = (billed[0] + boot, billed[1] - drain)
        if index >= 2 and dice.random() < 0.15:
            billed, seen = (billed[0], min(billed[0] + step * 2, whole)), None
            billed = (max(billed[0], 0), max(billed[1], step))
        kind = kinds[index % len(kinds)]
        tags = node_tags(dice, cluster) if seen is None or dice.random() < 0.7 else ()
        out.append(
            Node(
                **names.instance(),
                instance_type=kind,
                billed=billed,
                seen=seen,
                spot=index >= 1 and dice.random() < 0.3,
                root_volume=names.volume(),
                root_gib=dice.choice([20, 80]),
                public_ip=names.hex("eni-", 17) if dice.random() < 0.4 else "",
                tags=tags,
                internet_gib_hour=Decimal(dice.randint(0, 300)) / 100,
                regional_gib_hour=Decimal(dice.randint(0, 900)) / 100,
            )
        )
    return tuple(out)


def node_tags(dice: random.Random, cluster: str) -> Tags:
    """What ties an instance to a cluster: whoever made it tags in his own way."""
    return dice.choice(
        [
            cluster_tags(cluster),
            (("aws:eks:cluster-name", cluster),),
            (("eks:cluster-name", cluster), ("eks:nodegroup-name", "workers")),
            (("alpha.eksctl.io/cluster-name", cluster), ("Name", "worker")),
        ]
    )


def _strangers(
    dice: random.Random, names: Names, cluster: str, whole: int, step: int
) -> tuple[Node, ...]:
    """Other teams' instances, some of another cluster, or near this one, or in another account."""
    out = []
    for _ in range(dice.randint(1, 3)):
        near = ((f"{CLUSTER_TAG}{cluster}", "shared"),)
        tags = dice.choice([(), near, node_tags(dice, f"{cluster}-2")])
        out.append(
            Node(
                **names.instance(),
                instance_type=dice.choice(GPU_FREE),
                billed=life(dice, whole, step, 20),
                seen=None,
                root_volume=names.volume(),
                tags=tags,
                account=dice.choice(["", OTHER_ACCOUNT]),
                internet_gib_hour=Decimal(1),
            )
        )
    return tuple(out)


def _commitments(dice: random.Random, world: World) -> dict[str, tuple]:
    plans: tuple[SavingsPlan, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    if dice.random() < 0.8:
        arn = f"arn:aws:savingsplans::{ACCOUNT}:savingsplan/{dice.randrange(16**8):08x}-plan"
        hourly = Decimal(dice.randint(5, 90)) / 100
        upfront = Decimal(dice.choice(["0", "0.5", "1"]))
        plans = (SavingsPlan(arn, hourly, Decimal(dice.choice(["0.72", "0.61"])), upfront),)
    if dice.random() < 0.6:
        kind = world.nodes[0].instance_type
        rate = Decimal(INSTANCES[kind].hourly)
        arn = f"arn:aws:ec2:{world.region}:{ACCOUNT}:reserved-instances/{dice.randrange(16**8):08x}-ri"
        recurring, upfront = dice.choice([("0.6", "0"), ("0.3", "0.28"), ("0", "0.55")])
        bought = Decimal(500) if Decimal(upfront) and dice.random() < 0.5 else Decimal(0)
        count = dice.randint(1, 3)
        one = Reservation(
            arn, kind, count, rate * Decimal(recurring), rate * Decimal(upfront), bought
        )
        reservations = (one,)
    return {"plans": plans, "reservations": reservations}


def _monthly(dice: random.Random) -> Monthly:
    def maybe(most: int) -> Decimal:
        return Decimal(dice.randint(1, most * 100)) / 100 if dice.random() < 0.7 else Decimal(0)

    return Monthly(
        credit=maybe(200),
        refund=maybe(20),
        tax=maybe(100),
        support=maybe(150),
        marketplace=maybe(90),
        odd=maybe(5) if dice.random() < 0.2 else Decimal(0),
    )
