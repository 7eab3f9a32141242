"""The lab's world as an AKS cluster: names, ids and sizes in Azure's shapes.

Money and time stay what they are in the world; only what things are called changes. A node of
the cluster's own (tagged in the world) is an instance of a scale set in the node resource group;
one that nothing ties to the cluster is a machine of its own in another group.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.lab.charges import Dim
from tests.lab.compute import node_asset
from tests.lab.ledger import Charged, charge
from tests.lab.network import balancer_asset
from tests.lab.storage import volume_asset
from tests.lab.things import Node, Volume, World

if TYPE_CHECKING:
    import pandas as pd

SUBSCRIPTION = "0b1f6471-1bf0-4dda-aec3-cb9272f09590"
OTHER = "5d2f81c4-77aa-4b11-9a3e-0c54f1f2b7d1"
REGION = {"us-east-1": "eastus", "us-west-2": "westus2", "eu-west-1": "westeurope"}
SIZE = {
    "m6i.large": "Standard_D2s_v5",
    "m6i.xlarge": "Standard_D4s_v5",
    "m6i.2xlarge": "Standard_D8s_v5",
    "c6i.xlarge": "Standard_F4s_v2",
    "c6i.2xlarge": "Standard_F8s_v2",
    "r6i.large": "Standard_E2s_v5",
    "r6i.xlarge": "Standard_E4s_v5",
    "t3.medium": "Standard_B2s",
    "m7g.xlarge": "Standard_D4ps_v5",
    "g5.xlarge": "Standard_NC4as_T4_v3",
}
SERVICE = {
    "Amazon Virtual Private Cloud": "Virtual Network",
    "Elastic Load Balancing": "Load Balancer",
    "Amazon Elastic Container Service for Kubernetes": "Azure Kubernetes Service",
    "Savings Plans for AWS Compute usage": "Savings Plans",
    "Amazon Relational Database Service": "SQL Database",
    "Amazon Simple Queue Service": "Service Bus",
    "AWS Support (Business)": "Support",
    "Log Shipper Pro": "Log Shipper Pro",
    "Amazon Simple Storage Service": "Storage",
    "Amazon ElastiCache": "Azure Cache for Redis",
    "Amazon CloudFront": "Content Delivery Network",
    "AmazonCloudWatch": "Log Analytics",
    "Amazon DynamoDB": "Azure Cosmos DB",
}


def azure_world(world: World) -> World:
    """The world without what Azure has no counterpart of: application balancers."""
    kept = tuple(one for one in world.balancers if one.kind != "application")
    return replace(world, balancers=kept)


def azure_charge(world: World) -> Charged:
    """All charges, with the services named as meter categories."""
    charged = charge(world)
    dims = [replace(dim, service=service(dim)) for dim in charged.dims]
    return Charged(world, dims, charged.facts)


def service(dim: Dim) -> str:
    """The meter category of a charge."""
    if dim.family == "Compute Instance" or dim.kind in ("reservation_fee", "upfront"):
        return "Virtual Machines"
    if dim.family in ("Storage", "Storage Snapshot", "System Operation"):
        return "Storage"
    if dim.family == "Data Transfer":
        return "Bandwidth"
    if dim.family == "NAT Gateway":
        return "NAT Gateway"
    return SERVICE.get(dim.service, "Virtual Machines")


def managed_group(world: World, cluster: str = "") -> str:
    """The ARM id of the resource group AKS makes for a cluster's nodes."""
    name = cluster or world.cluster
    return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/MC_shop_{name}_{REGION[world.region]}"


def group(name: str, subscription: str = SUBSCRIPTION) -> str:
    """The ARM id of another resource group."""
    return f"/subscriptions/{subscription}/resourceGroups/{name}"


def instance_number(node: Node) -> int:
    """A node's number in its scale set: a few thousand, by its id."""
    return int(hashlib.sha256(node.instance_id.encode()).hexdigest()[:8], 16) % 1_000_003


def set_name(node: Node) -> str:
    return f"aks-{node.pool.replace('-', '')}-38291044-vmss"


def node_name(node: Node) -> str:
    """A scale set's instance is called by its number in base 36."""
    import numpy as np

    if not node.tags:
        return node.instance_id
    return set_name(node) + np.base_repr(instance_number(node), 36).lower().rjust(6, "0")


def node_id(world: World, node: Node, *, mine: bool = True) -> str:
    """The ARM id of a node, as `spec.providerID` has it after `azure://`."""
    if mine and node.tags:
        base = f"{managed_group(world)}/providers/Microsoft.Compute/virtualMachineScaleSets"
        return f"{base}/{set_name(node)}/virtualMachines/{instance_number(node)}"
    account = OTHER if node.account else SUBSCRIPTION
    return f"{group('shared-vms', account)}/providers/Microsoft.Compute/virtualMachines/{node.instance_id}"


def disk_id(world: World, volume: Volume) -> str:
    return f"{managed_group(world)}/providers/Microsoft.Compute/disks/{volume.name}"


def balancer_address(kind: str, number: int) -> str:
    """A Service's IP: public ones are behind `kubernetes`, private ones behind `…-internal`."""
    return f"10.1.0.{number + 4}" if kind == "classic" else f"20.81.3.{number + 17}"


def renamed(world: World) -> pd.DataFrame:
    """What each of the world's assets is on Azure.

    Columns: asset_id (the world's), new_id, provider_id, class (instance type or storage class).
    """
    import pandas as pd

    rows = []
    for node in world.nodes:
        arm = "azure://" + node_id(world, node)
        rows.append((node_asset(world, node), "node/" + arm, arm, SIZE[node.instance_type]))
    for volume in world.volumes:
        arm = disk_id(world, volume)
        named = "managed-csi-premium" if tiered(volume) else "premium-v2"
        rows.append((volume_asset(volume), "volume/" + arm, arm, named))
    for number, one in enumerate(world.balancers):
        address = balancer_address(one.kind, number)
        rows.append((balancer_asset(one), "load_balancer/" + address, address, ""))
    columns = ["asset_id", "new_id", "provider_id", "class"]
    return pd.DataFrame([row for row in rows if row[0]], columns=columns)


def tiered(volume: Volume) -> bool:
    """Whether a volume is a disk of a tier; a resized one is charged by the GiB."""
    return volume.disk == "gp2" and len(volume.sizes) == 1


def azure_frames(world: World, made: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The frames of an observed day, with Azure's names."""
    names = renamed(world).set_index("asset_id")
    out = {name: frame.copy() for name, frame in made.items()}
    seen = out["inventory"]
    if len(seen):
        row = names.reindex(seen["asset_id"])
        seen["provider_id"] = row["provider_id"].to_numpy()
        seen["instance_type"] = row["class"].to_numpy()
        seen["region"] = REGION[world.region]
        seen["name"] = seen["name"].replace({n.name: node_name(n) for n in world.nodes})
    for name in ("inventory", "presence", "usage", "mounts"):
        frame = out[name]
        frame["asset_id"] = frame["asset_id"].map(names["new_id"]).fillna(frame["asset_id"])
    return out
