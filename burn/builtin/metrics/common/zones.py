"""What a volume's driver and id say of the zones whose nodes can mount it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

ANYWHERE = (
    "blob.csi.azure.com",
    "efs.csi.aws.com",
    "file.csi.azure.com",
    "gcsfuse.csi.storage.gke.io",
    "nfs.csi.k8s.io",
    "s3.csi.aws.com",
)
"""Drivers of file shares and buckets, which the nodes of every zone mount."""
ONE_ZONE = ("ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com")
"""Drivers of disks that are in one zone each: that of any node that mounts it."""
_IN_ID = re.compile(r"^projects/[^/]+/zones/([^/]+)/disks/|^aws://([^/]+)/vol-")


def zone_in_id(provider_id: str) -> str:
    """The zone in a Compute Engine disk's id, or in an in-tree volume's of AWS; else empty."""
    found = _IN_ID.match(provider_id)
    return "" if found is None else str(found[1] or found[2])


def zones_of_drivers(
    drivers: pd.Series[str], ids: pd.Series[str], mounted: pd.Series[str]
) -> pd.DataFrame:
    """Columns `zone` and `x_zones`, where the driver or the id decides.

    Args:
        drivers: of each volume; empty where nobody says.
        ids: its provider id.
        mounted: the only zone of the nodes on which it was mounted; empty where that is not known.
    """
    zone = ids.map(zone_in_id).astype("str")
    zone = zone.mask((zone == "") & drivers.isin(ONE_ZONE), mounted)
    listed = ('["' + zone + '"]').where(zone != "")
    return zone.to_frame("zone").assign(x_zones=listed.mask(drivers.isin(ANYWHERE), "[]"))
