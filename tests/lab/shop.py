"""The sample: the cluster `shop-prod` in October 2026, written by hand so that it tells a story.

Four general nodes under a Savings Plan that is a little short, two search nodes under three
reservations (one is left over), nightly spot nodes, a GPU node, a load test of two days, an
instance that never joined, an orphaned disk, a balancer nobody stands behind, Kubernetes in
extended support, a NAT gateway; and the rest of the account.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from tests.lab.network import cluster_tags
from tests.lab.shop_workloads import workloads
from tests.lab.things import (
    Balancer,
    Discounts,
    Interval,
    Monthly,
    Node,
    Reservation,
    SavingsPlan,
    Service,
    Tags,
    Volume,
    World,
)

CLUSTER, REGION, ACCOUNT = "shop-prod", "us-east-1", "112233445566"
HOURS = 744
HOUR, DAY = 3600, 86400
BOOT, DRAIN = 180, 120 + 60
ALWAYS = (-30 * DAY, 40 * DAY)
ARN = f"arn:aws:ec2:{REGION}:{ACCOUNT}"
ELB = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer"


def shop() -> World:
    """The whole month."""
    nodes = _nodes()
    return World(
        seed=0,
        cluster=CLUSTER,
        account=ACCOUNT,
        region=REGION,
        start=datetime(2026, 10, 1, tzinfo=UTC),
        hours=HOURS,
        scrape=60,
        nodes=nodes,
        pods=workloads({node.name: node for node in nodes}),
        volumes=_volumes(),
        balancers=_balancers(),
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
        strangers=_strangers(),
        services=_services(),
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
    return Node(
        name=name,
        instance_id=f"i-0b5e{number:013x}",
        instance_type=kind,
        zone=REGION + "abc"[number % 3],
        billed=life,
        seen=seen,  # type: ignore[arg-type]
        pool=pool,
        root_volume=f"vol-0c0d{number:013x}",
        root_gib=40,
        tags=_tags(pool),
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
    number: int, namespace: str, claim: str, gib: int, disk: str = "gp3", **more: object
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
        zone=REGION + "abc"[number % 3],
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
        _volume(2, "search", "data-opensearch-0", 500, sizes=grown),
        _volume(3, "search", "data-opensearch-1", 500, sizes=grown),
        _volume(4, "catalog", "data-redis-0", 50),
        _volume(5, "monitoring", "data-prometheus-0", 300, "gp2", csi=False),
        _volume(6, "streaming", "data-kafka-0", 200),
        _volume(7, "streaming", "data-kafka-1", 200),
        _volume(8, "streaming", "data-kafka-2", 200),
        _volume(9, "data-jobs", "scratch", 100),
        _volume(10, "search", "data-elasticsearch-0", 800, "gp2", seen=None),
    )


def _balancers() -> tuple[Balancer, ...]:
    life = (0, HOURS * HOUR)
    edge, api = "k8s-edge-ingress-5d1f0c9b2a", "k8s-checkout-api-77aa01b2c3"
    old = "a3c4d5e6f708192a3b4c5d6e7f809182"
    end = "amazonaws.com"
    mine = cluster_tags(CLUSTER)
    return (
        Balancer(
            "network",
            f"{ELB}/net/{edge}/0a1b2c3d4e5f6071",
            f"{edge}-0a1b2c3d4e5f6071.elb.{REGION}.{end}",
            "edge",
            "ingress",
            life,
            life,
            load=Decimal("2.4"),
            tags=mine,
        ),
        Balancer(
            "application",
            f"{ELB}/app/{api}/81726354fedcba98",
            f"{api}-1122334455.{REGION}.elb.{end}",
            "checkout",
            "api",
            life,
            life,
            ingress=True,
            load=Decimal("1.6"),
            tags=mine,
        ),
        Balancer(
            "classic",
            f"{ELB}/{old}",
            f"{old}-998877665.{REGION}.elb.{end}",
            "catalog",
            "legacy-gateway",
            life,
            life,
            load=Decimal("0.01"),
            tags=mine,
        ),
    )


def _strangers() -> tuple[Node, ...]:
    """The data team's instances and the staging cluster."""
    out = []
    for number, kind in enumerate(
        ["m6i.2xlarge", "m6i.2xlarge", "m6i.large", "m6i.large", "m6i.large"]
    ):
        staging = kind == "m6i.large"
        tags = cluster_tags("shop-staging") if staging else (("team", "data"),)
        name = f"{'staging' if staging else 'etl'}-{number}"
        out.append(
            Node(
                name,
                f"i-0f6a{number:013x}",
                kind,
                REGION + "a",
                ALWAYS,
                None,
                root_volume=f"vol-0f6b{number:013x}",
                root_gib=100,
                tags=tags,
            )
        )
    return tuple(out)


def _services() -> tuple[Service, ...]:
    nat, ec2 = f"{ARN}:natgateway/nat-0a9b8c7d6e5f40312", "Amazon Elastic Compute Cloud"
    rds, logs = f"arn:aws:rds:{REGION}:{ACCOUNT}:db", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group"
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{CLUSTER}-interruptions"
    mine = cluster_tags(CLUSTER)

    def away(
        code: str, name: str, resource: str, usage: str, unit: str, rate: str, hourly: str
    ) -> Service:
        return Service(code, name, resource, usage, unit, rate, Decimal(hourly))

    return (
        Service(
            "AmazonEC2",
            ec2,
            nat,
            "NatGateway-Hours",
            "Hrs",
            "0.045",
            Decimal(1),
            mine,
            "nat",
            "NAT Gateway",
            "NatGateway",
        ),
        Service(
            "AmazonEC2",
            ec2,
            nat,
            "NatGateway-Bytes",
            "GB",
            "0.045",
            Decimal("2.8"),
            mine,
            "nat",
            "NAT Gateway",
            "NatGateway",
        ),
        Service(
            "AWSQueueService",
            "Amazon Simple Queue Service",
            queue,
            "Requests-Tier1",
            "Requests",
            "0.0000004",
            Decimal(4000),
            mine,
            "other",
            "API Request",
            "SendMessage",
        ),
        away(
            "AmazonRDS",
            "Amazon Relational Database Service",
            f"{rds}:orders",
            "Multi-AZUsage:db.r6g.xlarge",
            "Hrs",
            "0.90",
            "1",
        ),
        away(
            "AmazonRDS",
            "Amazon Relational Database Service",
            f"{rds}:orders",
            "RDS:Multi-AZ-GP3-Storage",
            "GB-Mo",
            "0.23",
            "0.672",
        ),
        away(
            "AmazonElastiCache",
            "Amazon ElastiCache",
            f"arn:aws:elasticache:{REGION}:{ACCOUNT}:cluster:sessions",
            "NodeUsage:cache.r6g.large",
            "Hrs",
            "0.206",
            "2",
        ),
        away(
            "AmazonS3",
            "Amazon Simple Storage Service",
            "shop-assets",
            "TimedStorage-ByteHrs",
            "GB-Mo",
            "0.023",
            "18.4",
        ),
        away(
            "AmazonCloudFront",
            "Amazon CloudFront",
            "arn:aws:cloudfront::112233445566:distribution/E2SHOP",
            "US-DataTransfer-Out-Bytes",
            "GB",
            "0.085",
            "5.6",
        ),
        away(
            "AmazonCloudWatch",
            "AmazonCloudWatch",
            f"{logs}:/app/etl",
            "DataProcessing-Bytes",
            "GB",
            "0.50",
            "0.55",
        ),
        away(
            "AmazonDynamoDB",
            "Amazon DynamoDB",
            f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/carts",
            "WriteRequestUnits",
            "WriteRequestUnits",
            "0.000000625",
            "310000",
        ),
    )
