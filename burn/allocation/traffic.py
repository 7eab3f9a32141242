"""What traffic cost nodes, apart from their price: how much of it pods are known to have sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from burn.api import AllocationFrame

CENT = 0.01


def traffic(start: AllocationFrame, end: AllocationFrame) -> tuple[float, float]:
    """What traffic cost nodes in all, and what of it pods carry; of all bases together."""
    of_node, given = (
        (rows["resource"] == "network") & (rows["asset_id"] != "") for rows in (start, end)
    )
    given &= end["namespace"] != ""
    return float(start.loc[of_node, "cost"].sum()), float(end.loc[given, "cost"].sum())


def traffic_note(cost: float, given: float, currency: str) -> str | None:
    """The sentence a reader must see; None when pods carry all of it."""
    if cost - given < CENT:
        return None
    return (
        f"{cost - given:,.2f} of {cost:,.2f} {currency} of traffic on nodes was sent by no pod whose bytes"
        " the metrics have: it stays in the cost of its nodes"
    )
