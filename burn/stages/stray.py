"""Pod-hours on nodes that were not there: they carry no cost, and that must not go unsaid."""

from __future__ import annotations

from burn.api import Observation

WORTH_SAYING = 0.001
"""Part of all pod-hours. Less is the seam between two scrapes when a node goes."""


def stray_hours(day: Observation) -> tuple[float, float]:
    """Pod-hours in hours without the pod's node, and all pod-hours."""
    keys = ["asset_id", "hour"]
    ran = day.usage.groupby(keys, observed=True, sort=False)["hours"].sum().reset_index()
    there = day.presence.loc[day.presence["hours"] > 0, keys]
    both = ran.astype({"asset_id": "str"}).merge(
        there.astype({"asset_id": "str"}), on=keys, how="left", indicator=True
    )
    alone = both.loc[both["_merge"] == "left_only", "hours"].sum()
    return float(alone), float(ran["hours"].sum())


def stray_note(stray: float, total: float) -> str | None:
    """The sentence a reader must see; None when there is nothing to say."""
    if stray <= WORTH_SAYING * total:
        return None
    return (
        f"{stray:,.0f} of {total:,.0f} pod-hours ran on nodes that the metrics do not show in"
        " those hours; they carry no cost, their nodes' other hours carry it all"
    )
