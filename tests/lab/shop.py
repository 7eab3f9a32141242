"""The sample: the cluster `shop-prod` in October 2026, written by hand so that it tells a story.

Four general nodes, of which three would do for right-sized pods, under a Savings Plan that is a
little short, two search nodes under three reservations (one is left over), nightly spot nodes, a
GPU node, a load test of two days, an instance that never joined, an orphaned disk, a balancer nobody
stands behind, Kubernetes in extended support, a NAT gateway; and the rest of the account.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from tests.lab.network import cluster_tags
from tests.lab.shop_account import (
    ACCOUNT,
    ALWAYS,
    ARN,
    BOOT,
    CLUSTER,
    DAY,
    DRAIN,
    HOUR,
    HOURS,
    REGION,
    balancers,
    services,
    strangers,
)
from tests.lab.shop_runs import runs
from tests.lab.shop_workloads import workloads
from tests.lab.things import (
    Discounts,
    Interval,
    Monthly,
    Node,
    Reservation,
    SavingsPlan,
    Tags,
    Volume,
    World,
)

ZONES = {"general": "a", "nightly": "a"}
"""Pools of one zone, as their pods' disks are; the nodes of others are in turn in each."""


def shop() -> World:
    """The whole month."""
    nodes = _nodes()
    pods = workloads({node.name: node for node in nodes})
    return World(
        seed=0,
        cluster=CLUSTER,
        account=ACCOUNT,
        region=REGION,
        start=datetime(2026, 10, 1, tzinfo=UTC),
        hours=HOURS,
        scrape=60,
        nodes=nodes,
        pods=pods,
        workloads=runs(pods),
        told_from=17,  # a fortnight is enough to be sure of sizes, and a sample should be small
        volumes=_volumes(),
        balancers=balancers(),
        plans=(
            SavingsPlan(
                f"arn:aws:savingsplans::{ACCOUNT}:savingsplan/7d0c1b52-compute",
                Decimal("0.45"),
                Decimal("0.72"),
            ),
        ),
        reservations=(
            Reservation(
                f"{ARN}:reserved-instances/3f2a9c10-search",
                "r6i.xlarge",
                3,
                Decimal("0.083"),
                Decimal("0.076"),
            ),
        ),
        strangers=strangers(),
        services=services(),
        discounts=Discounts(edp=Decimal("0.07"), style="both"),
        monthly=Monthly(
            credit=Decimal("250.00"),
            refund=Decimal("12.40"),
            tax=Decimal("184.37"),
            support=Decimal("512.06"),
            marketplace=Decimal("199.00"),
        ),
        extended_support=True,
    )


def _tags(pool: str) -> Tags:
    return cluster_tags(CLUSTER, **{"eks:cluster-name": CLUSTER, "eks:nodegroup-name": pool})


def _node(number: int, kind: str, pool: str, life: Interval = ALWAYS, **more: object) -> Node:
    name = f"ip-10-2-{number // 200}-{number % 200 + 10}.ec2.internal"
    seen = more.pop("seen", (life[0] + BOOT, life[1] - DRAIN))
    zone = ZONES.get(pool) or "abc"[number % 3]
    return Node(
        name=name,
        instance_id=f"i-0b5e{number:013x}",
        instance_type=kind,
        zone=REGION + zone,
        billed=life,
        seen=seen,  # type: ignore[arg-type]
        pool=pool,
        root_volume=f"vol-0c0d{number:013x}",
        root_gib=40,
        tags=_tags(pool),
        slots=58,
        **more,  # type: ignore[arg-type]
    )


def _nodes() -> tuple[Node, ...]:
    wire = {"internet_gib_hour": Decimal("0.65"), "regional_gib_hour": Decimal("4.2")}
    out = [_node(n, "m6i.xlarge", "general", public_ip=f"eni-0a{n:015x}", **wire) for n in range(4)]
    out += [_node(n, "r6i.xlarge", "search", regional_gib_hour=Decimal("6.5")) for n in (4, 5)]
    out += [
        _node(n, "c6i.xlarge", "spot", spot=True, regional_gib_hour=Decimal("1.1")) for n in (6, 7)
    ]
    out.append(_node(8, "g5.xlarge", "gpu"))
    test = (13 * DAY + 9 * HOUR, 15 * DAY + 9 * HOUR)
    out.append(_node(9, "m6i.2xlarge", "load-test", test, internet_gib_hour=Decimal("2.5")))
    lost = (20 * DAY + 14 * HOUR, 23 * DAY + 11 * HOUR)
    out.append(_node(10, "m6i.2xlarge", "general", lost, seen=None))
    for night in range(31):
        life = (night * DAY + HOUR, night * DAY + 5 * HOUR + 1800)
        out.append(_node(200 + night, "c6i.2xlarge", "nightly", life, spot=True))
    return tuple(out)


def _volume(
    number: int,
    namespace: str,
    claim: str,
    gib: int,
    disk: str = "gp3",
    zone: str = "a",
    **more: object,
) -> Volume:
    life = (0, HOURS * HOUR)
    created = {
        "kubernetes.io/created-for/pvc/name": claim,
        "kubernetes.io/created-for/pvc/namespace": namespace,
    }
    facts: dict[str, object] = {"sizes": ((*life, gib),), "seen": life} | more
    return Volume(
        name=f"pvc-{number:08x}-5a0b-4c1d-9e2f-{number:012x}",
        volume_id=f"vol-0d1e{number:013x}",
        disk=disk,
        zone=REGION + zone,
        namespace=namespace,
        claim=claim,
        tags=cluster_tags(CLUSTER, **created),
        **facts,  # type: ignore[arg-type]
    )


def _volumes() -> tuple[Volume, ...]:
    grown = ((0, 11 * DAY, 300), (11 * DAY, HOURS * HOUR, 500))
    return (
        _volume(
            1,
            "payments",
            "data-postgres-0",
            200,
            iops=3000,
            snapshot="snap-0e2f00000000001",
            snapshot_gib=150,
        ),
        _volume(2, "search", "data-opensearch-0", 500, zone="b", sizes=grown),
        _volume(3, "search", "data-opensearch-1", 500, zone="c", sizes=grown),
        _volume(4, "catalog", "data-redis-0", 50),
        _volume(5, "monitoring", "data-prometheus-0", 300, "gp2", csi=False),
        _volume(6, "streaming", "data-kafka-0", 200),
        _volume(7, "streaming", "data-kafka-1", 200),
        _volume(8, "streaming", "data-kafka-2", 200),
        _volume(9, "data-jobs", "scratch", 100),
        _volume(10, "search", "data-elasticsearch-0", 800, "gp2", seen=None),
    )
