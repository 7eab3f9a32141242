"""Balancers, addresses, NAT, data transfer, the control plane, and services by the hour."""

from __future__ import annotations

from dataclasses import replace

from tests.lab.charges import Book, Dim
from tests.lab.compute import EC2
from tests.lab.money import UNIT, scale, units
from tests.lab.rates import (
    BALANCER,
    CLASSIC_GB,
    CONTROL_PLANE,
    EXTENDED_SUPPORT,
    INTERNET_GB,
    LCU,
    LONG_PREFIX,
    PREFIX,
    PUBLIC_IP,
    REGIONAL_GB,
)
from tests.lab.spans import by_hour, hours_units
from tests.lab.things import Balancer, Interval, Tags, World

ELB, VPC, EKS = (
    "Elastic Load Balancing",
    "Amazon Virtual Private Cloud",
    "Amazon Elastic Container Service for Kubernetes",
)
FAMILY = {
    "network": "Load Balancer-Network",
    "application": "Load Balancer-Application",
    "classic": "Load Balancer",
}
CLUSTER_TAG = "kubernetes.io/cluster/"


def balancer_asset(balancer: Balancer) -> str:
    """The asset a metrics source makes of a balancer; empty when it never saw it."""
    return f"load_balancer/{balancer.hostname}" if balancer.seen else ""


def charge_network(book: Book, world: World) -> None:
    """Everything on the wire, and what is flat per hour."""
    prefix, long = PREFIX[world.region], LONG_PREFIX[world.region]
    whole = (0, world.hours * 3600)
    for one in world.balancers:
        dim = Dim(
            one.resource,
            "load_balancer",
            True,
            "AWSELB",
            ELB,
            f"{prefix}LoadBalancerUsage",
            "Hrs",
            units(BALANCER[one.kind]),
        )
        dim = replace(
            dim, family=FAMILY[one.kind], operation=f"LoadBalancing:{one.kind.capitalize()}"
        )
        dim = replace(dim, asset=balancer_asset(one), tags=one.tags)
        _hourly(book, world, dim, one.billed, UNIT)
        load = f"{prefix}DataProcessing-Bytes" if one.kind == "classic" else f"{prefix}LCUUsage"
        rate = CLASSIC_GB if one.kind == "classic" else LCU[one.kind]
        unit = "GB" if one.kind == "classic" else "LCU-Hrs"
        more = replace(
            dim,
            cost_class="load_balancer_usage",
            usage_type=load,
            unit=unit,
            rate=units(rate),
            asset="",
        )
        _hourly(book, world, more, one.billed, units(one.load))
    private = units(world.discounts.private_transfer)
    for node, inside in [(n, True) for n in world.nodes] + [(n, False) for n in world.strangers]:
        base = Dim(
            node.instance_id,
            "data_transfer" if inside else "",
            inside,
            "AmazonEC2",
            EC2,
            "",
            "GB",
            0,
        )
        base = replace(base, family="Data Transfer", operation="RunInstances")
        base = replace(base, tags=node.tags, account=node.account)
        for name, rate, gib in (
            ("DataTransfer-Out-Bytes", INTERNET_GB, node.internet_gib_hour),
            ("DataTransfer-Regional-Bytes", REGIONAL_GB, node.regional_gib_hour),
        ):
            if gib:
                dim = replace(
                    base,
                    usage_type=prefix + name,
                    rate=units(rate),
                    description=f"${rate} per GB - {name}",
                )
                _hourly(book, world, dim, node.billed, units(gib), private=private)
        if node.public_ip:
            name = f"arn:aws:ec2:{world.region}:{world.account}:network-interface/{node.public_ip}"
            mine = inside and bool(node.tags)  # nothing but a tag ties an address to a cluster
            dim = Dim(
                name,
                "public_ip" if mine else "",
                mine,
                "AmazonVPC",
                VPC,
                f"{long}PublicIPv4:InUseAddress",
                "Hrs",
                units(PUBLIC_IP),
                operation="RunInstances",
                account=node.account,
                tags=node.tags,
            )
            _hourly(book, world, dim, node.billed, UNIT)
    if world.control_plane:
        arn = f"arn:aws:eks:{world.region}:{world.account}:cluster/{world.cluster}"
        dim = Dim(
            arn,
            "control_plane",
            True,
            "AmazonEKS",
            EKS,
            f"{long}AmazonEKS-Hours:perCluster",
            "Hours",
            units(CONTROL_PLANE),
        )
        dim = replace(dim, family="Compute", operation="CreateOperation")
        _hourly(book, world, dim, whole, UNIT)
        if world.extended_support:
            more = replace(
                dim,
                cost_class="extended_support",
                usage_type=f"{long}AmazonEKS-Hours:extendedSupport",
            )
            more = replace(more, rate=units(EXTENDED_SUPPORT), operation="ExtendedSupport")
            _hourly(book, world, more, whole, UNIT)
    for one in world.services:
        dim = Dim(
            one.resource,
            one.cost_class,
            bool(one.cost_class),
            one.code,
            one.name,
            prefix + one.usage_type,
            one.unit,
            units(one.rate),
        )
        dim = replace(dim, family=one.family, operation=one.operation, tags=one.tags)
        _hourly(book, world, dim, whole, units(one.per_hour))


def cluster_tags(cluster: str, **more: str) -> Tags:
    """What an in-cluster controller tags its cloud resources with."""
    return ((f"{CLUSTER_TAG}{cluster}", "owned"), *sorted(more.items()))


def _hourly(
    book: Book, world: World, dim: Dim, interval: Interval, amount: int, private: int = 0
) -> None:
    """`amount` for every full hour, in proportion for the first and the last."""
    hour, filled = by_hour(interval, world.hours)
    book.used(dim, hour, scale(hours_units(filled), amount), private=private)
