"""What Google Cloud calls the things of a world: projects, zones, machine types, resources, SKUs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from tests.lab.charges import Dim
from tests.lab.compute import node_asset
from tests.lab.network import balancer_asset
from tests.lab.storage import volume_asset
from tests.lab.things import Node, Volume, World

PROJECT, OTHER_PROJECT = "shop-prod-1", "other-team-2"
REGION = {"us-east-1": "us-east1", "us-west-2": "us-west1", "eu-west-1": "europe-west1"}
PLACE = {"us-east1": "South Carolina", "us-west1": "Oregon", "europe-west1": "Belgium"}
SERVICE = {
    "Amazon Elastic Compute Cloud": "Compute Engine",
    "Savings Plans for AWS Compute usage": "Compute Engine",
    "Elastic Load Balancing": "Networking",
    "Amazon Virtual Private Cloud": "Networking",
    "Amazon Elastic Container Service for Kubernetes": "Kubernetes Engine",
    "Amazon Relational Database Service": "Cloud SQL",
    "Amazon Simple Storage Service": "Cloud Storage",
    "Amazon Simple Queue Service": "Cloud Pub/Sub",
    "AWS Support (Business)": "Support",
    "Amazon ElastiCache": "Cloud Memorystore for Redis",
    "AmazonCloudWatch": "Cloud Logging",
    "AWS Lambda": "Cloud Run Functions",
    "Amazon CloudFront": "Networking",
    "Amazon DynamoDB": "Firestore",
    "Amazon EC2 Container Registry (ECR)": "Artifact Registry",
}


@dataclass(frozen=True)
class Machine:
    """A machine type, its billed size, and what its SKUs are called."""

    name: str
    sku: str
    cores: int
    gib: int
    gpu: str = ""


MACHINES = {
    "m6i.large": Machine("n2-standard-2", "N2", 2, 8),
    "m6i.xlarge": Machine("n2-standard-4", "N2", 4, 16),
    "m6i.2xlarge": Machine("n2-standard-8", "N2", 8, 32),
    "c6i.xlarge": Machine("c2d-highcpu-4", "C2D AMD", 4, 8),
    "c6i.2xlarge": Machine("c2d-highcpu-8", "C2D AMD", 8, 16),
    "r6i.large": Machine("n2d-highmem-2", "N2D AMD", 2, 16),
    "r6i.xlarge": Machine("n2d-highmem-4", "N2D AMD", 4, 32),
    "t3.medium": Machine("e2-medium", "E2", 1, 4),
    "m7g.xlarge": Machine("t2a-standard-4", "T2A Arm", 4, 16),
    "g5.xlarge": Machine("g2-standard-4", "G2", 4, 16, "Nvidia L4 GPU"),
}
CORE_SHARE, GPU_SHARE = Decimal("0.6"), Decimal("0.7")
"""How an instance's price falls on cores and memory, and on a GPU before those."""
DISK = {
    "gp2": "SSD backed PD Capacity",
    "gp3": "Balanced PD Capacity",
    "io2": "Hyperdisk Extreme Capacity",
}

SKUS = {
    "DataProcessing-Bytes": "Log Storage cost",
    "NodeUsage:cache.r6g.large": "Redis Capacity Standard M3",
    "Requests-Tier1": "Message Delivery Basic",
    "Multi-AZUsage:db.r6g.xlarge": "Cloud SQL for PostgreSQL: Regional - vCPU",
    "RDS:Multi-AZ-GP3-Storage": "Cloud SQL for PostgreSQL: Regional - Standard storage",
    "TimedStorage-ByteHrs": "Standard Storage Regional",
    "WriteRequestUnits": "Cloud Firestore Entity Writes",
    "Tax for product code AmazonEC2": "Tax",
    "AWS Marketplace software usage": "Log Shipper Pro usage",
    "Monthly AWS Support (Business) charges": "Enhanced Support",
}
"""What the lab's charges are called here; those that are not listed keep their names."""


def gcp_world(world: World) -> World:
    """The world as it could be on Google Cloud: no upfront fees, discounts in the prices.

    A commitment's fee comes hour by hour, so a late bill lacks the late hours' fee as well; the
    lab prints a reservation's fee as one line, so a world with one is not late.
    """
    style = "columns" if world.discounts.edp else "none"
    rights = tuple(
        replace(
            one,
            recurring_hourly=one.recurring_hourly + one.upfront_hourly,
            upfront_hourly=Decimal(0),
            bought=Decimal(0),
        )
        for one in world.reservations
    )
    plans = tuple(replace(plan, upfront=Decimal(0)) for plan in world.plans)
    return replace(
        world,
        discounts=replace(world.discounts, style=style),
        reservations=rights,
        plans=plans,
        late_hours=0 if rights else world.late_hours,
    )


def region(world: World) -> str:
    return REGION[world.region]


def zone(world: World, name: str) -> str:
    return f"{region(world)}-{name[-1]}" if name else ""


def node_name(world: World, node: Node) -> str:
    prefix = "gk3" if node.pool == "performance" else "gke"  # Autopilot's, billed as machines
    return f"{prefix}-{world.cluster}-{node.pool}-{node.instance_id.removeprefix('i-')}"


def node_id(world: World, node: Node) -> str:
    return f"gce://{PROJECT}/{zone(world, node.zone)}/{node_name(world, node)}"


def volume_handle(world: World, volume: Volume) -> str:
    place = zone(world, volume.zone)
    if volume.csi:
        return f"projects/{PROJECT}/zones/{place}/disks/{volume.name}"
    return f"gce://{PROJECT}/{place}/{volume.name}"


def address(number: int) -> str:
    return f"34.118.{number // 250}.{number % 250 + 1}"


def assets(world: World) -> dict[str, tuple[str, str]]:
    """Each asset of the lab → its provider id and zone here; the asset id follows from it."""
    out = {}
    for node in world.nodes:
        out[node_asset(world, node)] = (node_id(world, node), zone(world, node.zone))
    for volume in world.volumes:
        out[volume_asset(volume)] = (volume_handle(world, volume), zone(world, volume.zone))
    for number, one in enumerate(world.balancers):
        out[balancer_asset(one)] = (address(number), "")
    return out


def rules(world: World) -> tuple[str, ...]:
    """The setting that ties forwarding rules to addresses."""
    return tuple(f"{rule_name(n)}={address(n)}" for n, _ in enumerate(world.balancers))


def rule_name(number: int) -> str:
    return f"a{number:031x}"


def resources(world: World) -> dict[str, tuple[str, str, str]]:
    """Resource of a charge → (kind, name, zone) on the bill."""
    out = {}
    for node in (*world.nodes, *world.strangers):
        name, place = node_name(world, node), zone(world, node.zone)
        out[node.instance_id] = ("instance", name, place)
        tied = node in world.nodes and node.tags
        out[node.root_volume] = ("disk", name if tied else f"disk-{node.root_volume}", place)
    for volume in world.volumes:
        out[volume.volume_id] = ("disk", volume.name, zone(world, volume.zone))
    for number, one in enumerate(world.balancers):
        out[one.resource] = ("forwardingRule", rule_name(number), "")
    return out


def sku(dim: Dim, place: str) -> str:
    """The SKU of a charge that is not a machine's."""
    if dim.disk and "VolumeUsage" in dim.usage_type:
        return f"{DISK[dim.disk]} in {place}"
    named = {
        "disk_performance": "Hyperdisk Balanced IOPS",
        "snapshot": f"Storage PD Snapshot in {place}",
        "load_balancer": "Cloud Load Balancer Forwarding Rule Minimum in Americas",
        "load_balancer_usage": "Cloud Load Balancer Outbound Data Processing in Americas",
        "public_ip": "External IP Charge on a Standard VM",
        "control_plane": "Regional Kubernetes Clusters",
        "extended_support": "Extended Support Kubernetes Clusters",
        "nat": "Networking Cloud Nat Gateway Uptime",
        "observability": "Log Storage cost",
    }
    if dim.cost_class in named:
        return named[dim.cost_class]
    if "DataTransfer" in dim.usage_type:
        way = "Inter Zone" if "Regional" in dim.usage_type else "Internet"
        return f"Network {way} Data Transfer Out from {place}"
    return google(dim.usage_type or dim.description or "Usage")


def google(name: str) -> str:
    """A charge's name as Google would give it."""
    return SKUS.get(name, name)
