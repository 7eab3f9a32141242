"""What has to be priced: each observed asset and day, as Google names and measures it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from burn.api import InventoryFrame
from burn_gcp.autopilot import pod_class
from burn_gcp.identity import DISK, INSTANCE, PLAIN
from burn_gcp.prices.machines import billed_size
from burn_gcp.prices.pods import UNIT as POD_UNIT

if TYPE_CHECKING:
    import pandas as pd

UNIT = "core-hours"
"""A machine is billed as cores and memory apart; its price here is all-in, per billed core-hour.

Not `vCPU-hours`, which marks nodes that are billed by their pod.
"""
DEVICES = "device-hours"
"""Of a machine that is billed by its chips or slices alone."""
DISKS = {
    "standard-rwo": "balanced pd capacity",
    "premium-rwo": "ssd backed pd capacity",
    "standard": "storage pd capacity",
    "pd-standard": "storage pd capacity",
    "pd-balanced": "balanced pd capacity",
    "pd-ssd": "ssd backed pd capacity",
}
"""GKE's storage classes, and classes that have their disk type's name."""
RULE = "cloud load balancer forwarding rule minimum"


def unpriced(
    inventory: InventoryFrame,
    machines: Collection[str] = (),
    devices: Mapping[str, float] = MappingProxyType({}),
) -> pd.DataFrame:
    """One row per inventory row, same index, with what a price is looked up by.

    Args:
        inventory: what was observed.
        machines: assets that are on the bill as instances.
        devices: of assets that are billed by no core: units billed an hour, see `devices.py`.

    Adds:
        service: machine, autopilot, disk, balancer; or other: not Google's, or billed otherwise.
        pod_class: of nodes that are billed by their pods, see `burn_gcp.autopilot`.
        family, cores, gib: of machines, as billed.
        component: of disks and balancers.
        quantity, unit: core-hours, device-hours, GiB-hours or hours observed; vCPU-hours that
            pods asked for.
        month_hours: hours of the calendar month; Google divides a monthly rate by them.
    """
    import numpy as np

    frame = inventory.copy()
    for column in ("asset_id", "kind", "name", "region", "instance_type", "provider_id"):
        frame[column] = frame[column].astype("str")
    provider_id, kind = frame["provider_id"], frame["kind"]
    node, volume, balancer = (kind == k for k in ("node", "volume", "load_balancer"))
    ours = provider_id.str.extract(INSTANCE)["name"].notna()
    frame["pod_class"] = pod_class(inventory).mask(frame["asset_id"].isin(machines))
    pods = frame["pod_class"].notna()
    disk = ours | provider_id.str.extract(DISK)["name"].notna()
    # A bucket's handle is a bare name too, but it is in no zone; its size means nothing.
    disk |= provider_id.str.extract(PLAIN)["name"].notna() & (frame["zone"].astype("str") != "")
    frame["service"] = np.select(
        [pods, node & ours, node, volume & disk, balancer],
        ["autopilot", "machine", "elsewhere", "disk", "balancer"],
        default="other",
    )
    size = billed_size(frame["instance_type"], frame["cpu_cores"], frame["memory_gib"])
    frame[["cores", "gib", "family"]] = size[["cores", "gib", "family"]]
    disks = frame["instance_type"].map(DISKS).fillna("balanced pd capacity")
    frame["component"] = np.select([volume, balancer], [disks, RULE], "")
    hours, each = frame["hours"], frame["asset_id"].map(devices).astype("float64")
    amounts = {
        POD_UNIT: (pods, frame["cpu_requested"].fillna(0.0)),
        DEVICES: (each.notna(), hours * each),
        UNIT: (node, hours * frame["cores"]),
        "GiB-hours": (volume, hours * frame["storage_gib"]),
    }
    tests = [test for test, _ in amounts.values()]
    frame["quantity"] = np.select(tests, [amount for _, amount in amounts.values()], default=hours)
    frame["unit"] = np.select(tests, list(amounts), default="hours")
    frame["month_hours"] = frame["day"].dt.days_in_month * 24.0
    return frame
