"""What `shop-prod` shares an account with, and the balancers in front of it."""

from __future__ import annotations

from decimal import Decimal

from tests.lab.network import cluster_tags
from tests.lab.things import Balancer, Node, Service

CLUSTER, REGION, ACCOUNT = "shop-prod", "us-east-1", "112233445566"
HOURS = 744
HOUR, DAY = 3600, 86400
BOOT, DRAIN = 180, 180
ALWAYS = (-30 * DAY, 40 * DAY)
ARN = f"arn:aws:ec2:{REGION}:{ACCOUNT}"
ELB = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer"


def balancers() -> tuple[Balancer, ...]:
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


def strangers() -> tuple[Node, ...]:
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


def services() -> tuple[Service, ...]:
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
