"""What has to be priced: each observed asset and day, as Azure would name and measure it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import InventoryFrame
from burn_azure.identity import ADDRESS, on_azure

if TYPE_CHECKING:
    import pandas as pd

TIERS = (4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32767)
"""GiB up to which each tier of disk goes; a disk is charged for its whole tier."""
TIER_NUMBERS = (1, 2, 3, 4, 6, 10, 15, 20, 30, 40, 50, 60, 70, 80)
PRODUCT = ["service", "product", "region", "os"]
"""What names a product."""
_VIRTUAL = r"^virtual-(?:node-aci|kubelet)"
"""Nodes that are no machine: AKS virtual nodes, whose pods are Azure Container Instances."""
_BY_SIZE = r"premium-?v?2|premiumv2|ultra"
_FAMILIES = ((r"premium|(?:^|-)p", "P"), (r"standard-?ssd|managed-csi|default|(?:^|-)e", "E"))


def unpriced(inventory: InventoryFrame, by_size: frozenset[str] = frozenset()) -> pd.DataFrame:
    """One row per inventory row, same index, with what a price is looked up by.

    Args:
        inventory: asset × day.
        by_size: volumes that the bill is known to charge by the GiB.

    Adds:
        service: vm, disk (of a tier), disk_gib (charged by size), balancer, on_premises, or
            other: not Azure's, or billed in another way (Azure Files by what is stored, virtual
            nodes by their pods).
        product: VM size; tier such as P10; premium or ultra; empty for a balancer.
        quantity, unit: hours (of a node, balancer, or disk of a tier) or GiB-hours observed.
        month_hours: hours of the calendar month; Azure charges a disk's month by them.
    """
    import numpy as np

    frame = inventory.copy()
    for column in ("asset_id", "kind", "name", "region", "instance_type", "os"):
        frame[column] = frame[column].astype("str")
    text, kind = frame["provider_id"].astype("str").str.strip(), frame["kind"]
    node, volume = kind == "node", kind == "volume"
    arm = on_azure(text)
    virtual = node & ~arm & frame["name"].str.contains(_VIRTUAL, regex=True)
    disk = volume & arm & text.str.lower().str.contains("/disks/", regex=False)
    storage_class = frame["instance_type"].str.lower()
    sized = disk & (
        frame["asset_id"].isin(by_size) | storage_class.str.contains(_BY_SIZE, regex=True)
    )
    address = text.str.lower().str.contains(ADDRESS, regex=True) & (text != "")
    balancer = (kind == "load_balancer") & address
    frame["service"] = np.select(
        [node & arm, virtual, node, sized, disk, balancer],
        ["vm", "other", "on_premises", "disk_gib", "disk", "balancer"],
        default="other",
    )
    at = np.searchsorted(TIERS, frame["storage_gib"].to_numpy()).clip(max=len(TIERS) - 1)
    letters = np.select(
        [storage_class.str.contains(pattern, regex=True) for pattern, _ in _FAMILIES],
        [letter for _, letter in _FAMILIES],
        default="S",
    )
    tier = np.char.add(letters.astype("str"), np.array(TIER_NUMBERS)[at].astype("str"))
    ultra = np.where(storage_class.str.contains("ultra"), "ultra", "premium")
    frame["product"] = np.select(
        [node & arm, sized, disk], [frame["instance_type"], ultra, tier], default=""
    )
    frame["os"] = frame["os"].replace("", "linux").where(node, "linux")
    frame["quantity"] = frame["hours"] * frame["storage_gib"].where(sized, 1.0)
    frame["unit"] = np.where(sized, "GiB-hours", "hours")
    frame["month_hours"] = frame["day"].dt.days_in_month * 24.0
    return frame
