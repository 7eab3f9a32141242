"""Figures that only another unit explains: millicores for cores, bytes for GiB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import DataError

if TYPE_CHECKING:
    from burn.api import InventoryFrame, UsageFrame

LEAST, MOST = 0.05, 1000.0
"""GiB a core; machines on sale have 0.5 to 64."""
FACTOR = 10.0
"""How far a pod's request may exceed the largest node: none was scheduled with more than all of it."""
HINT = "its author finds the units in docs/reference/frames.md#{}: cores and GiB, and by the hour"


def require_units(inventory: InventoryFrame, usage: UsageFrame, author: str) -> None:
    """Nodes are of a size that machines have, and pods ask for what a node can give.

    Raises:
        DataError: names a node, or the largest request, and the unit that it should be in.
    """
    nodes = inventory[(inventory["kind"] == "node") & (inventory["cpu_cores"] > 0)]
    nodes = nodes[nodes["memory_gib"] > 0]
    ratio = nodes["memory_gib"] / nodes["cpu_cores"]
    odd = nodes[(ratio < LEAST) | (ratio > MOST)]
    if len(odd):
        row = odd.iloc[0]
        raise DataError(
            f"{author} says that {row['asset_id']} has {row['cpu_cores']:,.6g} cores and"
            f" {row['memory_gib']:,.6g} GiB, as no machine has ({len(odd)} such nodes): is one of"
            " them in another unit?",
            hint=HINT.format("inventory"),
        )
    for request, size, unit in (
        ("cpu_request", "cpu_cores", "core-hours"),
        ("memory_request", "memory_gib", "GiB-hours"),
    ):
        largest, room = usage[request].max(), nodes[size].max()
        if largest > FACTOR * room:
            at = usage.iloc[int(usage[request].to_numpy().argmax())]
            raise DataError(
                f"{author} says that pod {at['pod_uid']} asked for {largest:,.6g} {unit} in an hour,"
                f" where the largest node has {room:,.6g}: is `{request}` in another unit?",
                hint=HINT.format("usage"),
            )
