"""A fortnight of what is paid for and idle, each beside its twin that is in use or unknown."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from burn.api import Observation, ObserveRequest, schemas
from tests.e2e.lab_run import report, written
from tests.lab.network import cluster_tags
from tests.lab.source import LabSource
from tests.lab.things import Balancer, Node, Pod, Service, Volume, World

DAYS, CLUSTER = 14, "lab-idle"
WHOLE = (0, DAYS * 86400)
OWNED = cluster_tags(CLUSTER)
HELD = {"spare": 4.0, "full": 80.0}
"""GiB of 100 by claim; nobody measured `dark`."""
EC2, ARN = "Amazon Elastic Compute Cloud", "arn:aws:ec2:us-east-1:123456789012"


def balancer(name: str, load: str) -> Balancer:
    arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net"
    return Balancer(
        "network",
        f"{arn}/{name}/0123456789abcdef",
        f"{name}-0123456789abcdef.elb.us-east-1.amazonaws.com",
        "shop",
        name,
        WHOLE,
        WHOLE,
        load=Decimal(load),
        tags=(*OWNED, ("kubernetes.io/service-name", f"shop/{name}")),
    )


def snapshot(name: str, volume: str) -> Service:
    tags = (*OWNED, ("velero.io/pv", volume))
    gib = Decimal("0.2")
    return Service(
        *("AmazonEC2", EC2, f"{ARN}:snapshot/{name}", "EBS:SnapshotUsage", "GB-Mo", "0.05", gib),
        tags,
        "snapshot",
    )


def address(name: str, use: str) -> Service:
    arn, usage = f"{ARN}:elastic-ip/{name}", f"USE1-PublicIPv4:{use}"
    return Service(
        *("AmazonVPC", "Amazon Virtual Private Cloud", arn, usage, "Hrs", "0.005", Decimal(1)),
        OWNED,
        "public_ip",
    )


def world() -> World:
    disks = ("spare", "full", "dark")
    pods = [
        Pod("u-web", "web", "shop", "Deployment", "web", "n", WHOLE, 1, 4, 0.9, 3, volumes=disks)
    ]
    pods += [
        Pod(
            *(f"u-{space}", "w", space, "Deployment", "w", "n", WHOLE, 1, 4, cores, 1),
            network_mib_hour=0.001,
        )
        for space, cores in (("old", 0.001), ("hosts", 0.001), ("crunch", 0.9))
    ]
    return World(
        seed=0,
        cluster=CLUSTER,
        account="123456789012",
        region="us-east-1",
        start=datetime(2026, 10, 5, tzinfo=UTC),
        hours=DAYS * 24,
        scrape=60,
        nodes=(Node("n", "i-00000000000000001", "m6i.2xlarge", "us-east-1a", WHOLE, WHOLE),),
        pods=tuple(pods),
        volumes=tuple(
            Volume(name, f"vol-{at}", "gp3", "us-east-1a", ((*WHOLE, 100),), WHOLE, "shop", name)
            for at, name in enumerate(disks)
        ),
        balancers=(balancer("busy", "1.5"), balancer("mute", "0")),
        services=(
            *(snapshot("snap-1", "pvc-gone"), snapshot("snap-2", "spare")),
            *(address("eipalloc-1", "IdleAddress"), address("eipalloc-2", "InUseAddress")),
        ),
    )


class IdleSource(LabSource):
    """Also measured volumes, and the bytes of pods that are not on the host's network."""

    def observe(self, request: ObserveRequest) -> Observation:
        seen = super().observe(request)
        held = seen.inventory["owner_name"].map(HELD)
        own = seen.pods["namespace"].map({"hosts": 0.0}).fillna(24.0)
        inventory = seen.inventory.assign(x_used_gib=held)
        return dataclasses.replace(
            seen,
            inventory=schemas.INVENTORY.validate(inventory, author="lab"),
            pods=schemas.PODS.validate(seen.pods.assign(x_network_hours=own), author="lab"),
        )


def test_idle_things_are_found_and_their_twins_are_not(tmp_path: Path) -> None:
    _, bill = written(world(), tmp_path)
    seen = report(world(), bill, source=IdleSource(world()))
    rules = ("nearly-empty-volume", "idle-balancer", "idle-address", "orphaned-snapshot")
    found = {(one.rule, one.subject): one.amount for one in seen.findings if one.rule in rules}
    # 336 hours: 0.0225 an hour; 0.005 an hour; 0.2 × 0.05 an hour; 90 of 100 GiB at 0.08 for 336/744.
    wanted: dict[tuple[str, str], Any] = {
        ("idle-balancer", "Service/shop/mute"): pytest.approx(7.56),
        ("idle-address", "eipalloc-1"): pytest.approx(1.68),
        ("orphaned-snapshot", "PersistentVolume/pvc-gone"): pytest.approx(3.36),
        ("nearly-empty-volume", "shop/spare"): pytest.approx(90 * 0.08 * 336 / 744, abs=0.01),
    }
    assert found == wanted
    (quiet,) = [one for one in seen.findings if one.rule == "quiet-namespace"]
    mine = seen.allocation[
        (seen.allocation["namespace"] == "old") & (seen.allocation["basis"] == "effective")
    ]
    assert (quiet.subject, quiet.amount) == ("old", pytest.approx(mine["cost"].sum()))
    assert quiet.amount > 0
    others = {"orphaned-disk", "orphaned-balancer", "dead-node", "unmounted-volume"}
    assert not others & {one.rule for one in seen.findings}
