"""Pod-hours on nodes that were not there: they carry no cost, and that must not go unsaid."""

from __future__ import annotations

from burn.api import Observation
from burn.api.rows_of import MICROSECONDS_PER_HOUR, RowsOf

WORTH_SAYING = 0.001
"""Part of all pod-hours. Less is the seam between two scrapes when a node goes."""


def stray_hours(seen: Observation) -> tuple[float, float]:
    """Pod-hours in hours without the pod's node, and all pod-hours."""
    there = seen.presence[seen.presence["hours"] > 0]
    nodes = RowsOf.of(there["asset_id"], there["hour"], MICROSECONDS_PER_HOUR)
    ran = seen.usage["hours"].to_numpy()
    alone = nodes.find(seen.usage["asset_id"], seen.usage["hour"]) < 0
    return float(ran[alone].sum()), float(ran.sum())


def stray_note(stray: float, total: float) -> str | None:
    """The sentence a reader must see; None when there is nothing to say."""
    if stray <= WORTH_SAYING * total:
        return None
    return (
        f"{stray:,.0f} of {total:,.0f} pod-hours ran on nodes that the metrics do not show in"
        " those hours; they carry no cost, their nodes' other hours carry it all"
    )
