"""Disks: volumes of the cluster, root disks of its nodes, provisioned IOPS, snapshots."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.lab.charges import Book, Dim
from tests.lab.compute import EC2
from tests.lab.money import UNIT, units
from tests.lab.rates import DISK, GP3_IOPS, PREFIX, SNAPSHOT
from tests.lab.spans import HOUR, by_hour
from tests.lab.things import Interval, Volume, World

if TYPE_CHECKING:
    import numpy as np


def volume_asset(volume: Volume) -> str:
    """The asset a metrics source makes of a volume; empty when it never saw it."""
    if not volume.seen:
        return ""
    return (
        f"volume/{volume.volume_id}"
        if volume.csi
        else f"volume/aws://{volume.zone}/{volume.volume_id}"
    )


def charge_disks(book: Book, world: World) -> None:
    """Everything billed per GiB and month."""
    for volume in world.volumes:
        dim = _disk(world, volume.volume_id, volume.disk, "volume", volume.tags, volume.zone)
        dim = replace(dim, asset=volume_asset(volume))
        for start, end, gib in volume.sizes:
            _months(book, world, dim, (start, end), gib)
        if volume.iops:
            extra = f"{PREFIX[world.region]}EBS:VolumeP-IOPS.gp3"
            more = replace(
                dim, cost_class="disk_performance", usage_type=extra, unit="IOPS-Mo", asset=""
            )
            more = replace(more, rate=units(GP3_IOPS), family="System Operation")
            _months(book, world, more, volume.billed, volume.iops)
        if volume.snapshot:
            name = f"arn:aws:ec2:{world.region}:{world.account}:snapshot/{volume.snapshot}"
            snap = replace(dim, resource=name, cost_class="snapshot", asset="", disk="", zone="")
            snap = replace(
                snap, usage_type=f"{PREFIX[world.region]}EBS:SnapshotUsage", rate=units(SNAPSHOT)
            )
            snap = replace(snap, family="Storage Snapshot", operation="CreateSnapshot")
            _months(book, world, snap, volume.billed, volume.snapshot_gib)
    for node, inside in [(n, True) for n in world.nodes] + [(n, False) for n in world.strangers]:
        if node.root_volume:
            # Nothing but a tag ties a root disk to a cluster.
            kind = "node_disk" if inside and node.tags else ""
            dim = _disk(world, node.root_volume, "gp3", kind, node.tags, node.zone)
            dim = replace(dim, account=node.account)
            _months(book, world, dim, node.billed, node.root_gib)


def _disk(world: World, resource: str, disk: str, kind: str, tags: object, zone: str) -> Dim:
    return Dim(
        resource=resource,
        cost_class=kind,
        inside=bool(kind),
        code="AmazonEC2",
        service=EC2,
        usage_type=f"{PREFIX[world.region]}EBS:VolumeUsage.{disk}",
        unit="GB-Mo",
        rate=units(DISK[disk]),
        family="Storage",
        operation=f"CreateVolume-{disk.capitalize()}",
        description=f"${DISK[disk]} per GB-month of {disk} provisioned storage",
        disk=disk,
        zone=zone,
        tags=tags,  # type: ignore[arg-type]
    )


def _months(book: Book, world: World, dim: Dim, interval: Interval, amount: int) -> None:
    """Amount × part of the month, hour by hour, rounded to a unit as a bill prints it."""
    hour, filled = by_hour(interval, world.hours)
    book.used(dim, hour, _part(filled * amount, world))


def _part(amount_seconds: np.ndarray, world: World) -> np.ndarray:
    import numpy as np

    month = world.month_hours * HOUR
    values, back = np.unique(amount_seconds, return_inverse=True)
    made = [(int(v) * UNIT + month // 2) // month for v in values]
    return np.array(made, "int64")[back]
