"""Machines that are billed by no core: how many units of their own an hour of theirs is.

A TPU is billed by its chips, which its machine type names (`ct6e-standard-4t`: 4). Where the type
says nothing, the day on which the node was seen longest tells: what was billed then, an hour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import IdentityFrame, InventoryFrame
from burn_gcp.bill.charges.own_lines import DEVICE

if TYPE_CHECKING:
    from burn_gcp.bill.read import Read

CHIPS = r"^(?:ct|tpu)\w+-\w+-(\d+)t$"
"""Cloud TPU documentation, machine types of GKE: the last number counts the chips of the VM."""


def devices_an_hour(
    read: Read, identities: IdentityFrame, inventory: InventoryFrame
) -> dict[str, float]:
    """Units billed an hour, by asset, of assets whose own lines count no cores.

    Args:
        read: the bill and what it teaches.
        identities: which bill resources the assets are.
        inventory: how long they were seen, and of what type they are.
    """
    lines = read.detail
    counted = lines[(lines["part"] == DEVICE) & (lines["x_cost_class"] == "node")]
    if counted.empty:
        return {}
    mine = counted.merge(identities[["asset_id", "resource_key"]], on="resource_key")
    billed = mine.groupby(["asset_id", "day"], as_index=False)["usage"].sum()
    seen = inventory[["asset_id", "day", "hours", "instance_type"]]
    days = seen.merge(billed, on=["asset_id", "day"])
    days = days[(days["hours"] > 0) & (days["usage"] > 0)].sort_values(
        ["hours", "day"], ascending=[False, True], kind="stable"
    )
    longest = days.drop_duplicates("asset_id").set_index("asset_id")
    chips = longest["instance_type"].astype("str").str.extract(CHIPS, expand=False)
    units = chips.astype("float64").fillna(longest["usage"] / longest["hours"])
    return {str(asset): float(each) for asset, each in units.items()}
