"""What has to be priced: each observed asset and day, as AWS would name and measure it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import InventoryFrame
from burn_aws.identity import FILE_SYSTEM, NAMED, NETWORK, VOLUME, is_fargate, on_aws
from burn_aws.prices.fargate import SIZE, sized

if TYPE_CHECKING:
    import pandas as pd

EBS_TYPE = r"(?:^|[^a-z0-9])(gp2|gp3|io1|io2|st1|sc1)(?:[^a-z0-9]|$)"
PRODUCT = ["service", "product", "region", "os"]
"""What names a product; the fields of `burn_aws.client.pricing.Product`."""
_CLASSIC = r"(?i:^a[0-9a-f]{31}$)"
"""The in-tree controller names a classic balancer after the Service's uid."""


def unpriced(inventory: InventoryFrame) -> pd.DataFrame:
    """One row per inventory row, same index, with what a price is looked up by.

    Adds:
        service: ec2, fargate, ebs, balancer; or file_system, other: on the bill in another
            way, or not AWS's at all; or on_premises: a node elsewhere.
        product: instance type, EBS type, or application, network, classic; empty when unknown.
        os: linux where nothing else is said, and for what has no system.
        quantity, unit: hours, vCPU-hours or GiB-hours observed.
        cpu_cores, memory_gib: of a Fargate pod, the size it is billed by, see `fargate`.
        month_hours: hours of the calendar month; AWS divides a monthly rate by them.
    """
    import numpy as np

    frame = inventory.copy()
    for column in ("asset_id", "kind", "name", "region", "instance_type"):
        frame[column] = frame[column].astype("str")
    provider_id, kind = frame["provider_id"].astype("str"), frame["kind"]
    node, volume, balancer = (kind == k for k in ("node", "volume", "load_balancer"))
    fargate = node & is_fargate(provider_id)
    if fargate.any() and "cpu_requested" in frame:
        frame.loc[fargate, SIZE] = sized(frame[fargate])
    disk = volume & provider_id.str.extract(VOLUME)[0].notna()
    shared = volume & ~disk & provider_id.str.extract(FILE_SYSTEM)[0].notna()
    network = provider_id.str.extract(NETWORK)["name"]
    named = provider_id.str.extract(NAMED)["name"]
    key = provider_id.str.extract(r"^loadbalancer/(?:(?P<form>app|net)/)?(?P<name>[^/]+)")
    elastic = balancer & (network.notna() | named.notna() | key["name"].notna())
    frame["service"] = np.select(
        [fargate, node & on_aws(provider_id), node, disk, shared, elastic],
        ["fargate", "ec2", "on_premises", "ebs", "file_system", "balancer"],
        default="other",
    )
    classic = named.str.contains(_CLASSIC, regex=True, na=False)
    classic |= key["name"].notna() & key["form"].isna()
    network = network.where(network.notna(), key["name"].where(key["form"] == "net"))
    form = np.select([network.notna(), classic], ["network", "classic"], default="application")
    disk_type = frame["instance_type"].astype("str").str.lower().str.extract(EBS_TYPE, expand=False)
    frame["product"] = np.select(
        [node & ~fargate, disk, elastic],
        [frame["instance_type"], disk_type.fillna(""), form],
        default="",
    )
    frame["os"] = frame["os"].astype("str").replace("", "linux").where(node, "linux")
    hours = frame["hours"]
    frame["quantity"] = np.select(
        [fargate, volume], [hours * frame["cpu_cores"], hours * frame["storage_gib"]], default=hours
    )
    frame["unit"] = np.select([fargate, volume], ["vCPU-hours", "GiB-hours"], default="hours")
    frame["month_hours"] = frame["day"].dt.days_in_month * 24.0
    return frame
