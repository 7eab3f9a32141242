"""Volumes that exist in the cluster and that no pod mounts, or that hold next to nothing."""

from __future__ import annotations

from collections.abc import Iterator

from burn.api import Finding
from burn.api.find import WEEK, FindRequest
from burn.findings.visible import could_see

FLOOR = 10.0
"""GiB; some clouds have no smaller disk, and below it there is little to save."""
WORTH = 0.5
"""A new volume must be at most this part of the old one: a copy is work, and data grows."""
_ORDINAL = r"-\d+$"


def unmounted(request: FindRequest) -> Iterator[Finding]:
    """Volumes there for the whole window and never mounted; silent if no mount was ever seen.

    A week at least: what a weekly job mounts is in use.
    """
    usage = request.usage
    volumes = usage[usage["scope"] == "volume"]
    if request.hours < WEEK:
        return
    if not could_see(request, "volumes", "claims", "mounts") or not (volumes["mounted"] > 0).any():
        return
    whole = request.hours * request.thresholds.steady
    idle = volumes[(volumes["mounted"] == 0) & (volumes["hours"] >= whole)]
    for asset, namespace, claim, hours in idle[
        ["asset_id", "namespace", "workload", "hours"]
    ].itertuples(index=False):
        amount = float(request.asset_costs.get(asset, 0.0))
        yield Finding(
            title="A volume that no pod mounts",
            subject=f"{namespace}/{claim}" if claim else str(asset),
            amount=amount,
            monthly=amount * request.month,
            evidence=f"Present {hours:,.0f} of {request.hours:,} hours, mounted by no pod in any",
            action="Ask the namespace's owner what it is kept for; snapshot it before it goes",
            confidence="medium",
        )


def nearly_empty(request: FindRequest) -> Iterator[Finding]:
    """Volumes that held so little, each day they were mounted, that half their size would do.

    Silent where any mounted day was not measured. The claims of a StatefulSet are of one size:
    the fullest of them says which. A disk that is priced by tier has no rate a GiB, so its amount is
    all it costs, of which a smaller one saves a part.
    """
    import numpy as np

    usage = request.usage
    volumes = usage[usage["scope"] == "volume"]
    if request.hours < WEEK or not could_see(request, "volumes", "claims", "mounts"):
        return
    claim = volumes["workload"].str.replace(_ORDINAL, "", regex=True)
    alike = [
        volumes["cluster"],
        volumes["namespace"],
        claim.where(claim != "", volumes["asset_id"]),
    ]
    known = (volumes["mounted"] > 0) & (volumes["filled"] == volumes["mounted"])
    fullest = volumes["used_gib"].groupby(alike).transform("max")
    enough = (fullest * (1 + request.thresholds.volume_headroom)).clip(lower=FLOOR)
    there = volumes["hours"] >= request.hours * request.thresholds.steady
    known = known.groupby(alike).transform("all") & there
    by_size = set(request.prices.loc[request.prices["unit"] == "GiB-hours", "asset_id"])
    table = volumes.assign(enough=np.ceil(enough), fullest=fullest)
    table = table[known & (enough <= WORTH * volumes["size_gib"])]
    for row in table.to_dict("records"):
        cost = float(request.asset_costs.get(row["asset_id"], 0.0))
        sized = row["asset_id"] in by_size
        amount = cost * (1 - row["enough"] / row["size_gib"]) if sized else cost
        rate = (
            f"at this bill's rate, {row['enough']:,.0f} GiB would have cost {cost - amount:,.2f}"
            if sized
            else "it is priced by tier, so that a smaller one saves a part of that"
        )
        alone = row["fullest"] == row["used_gib"]
        yield Finding(
            title="A volume that is nearly empty",
            subject=f"{row['namespace']}/{row['workload']}" if row["workload"] else row["asset_id"],
            amount=amount,
            monthly=amount * request.month,
            evidence=(
                f"Held at most {row['used_gib']:,.1f} of {row['size_gib']:,.0f} GiB, measured on all"
                f" {row['mounted']:,.0f} days it was mounted"
                + ("" if alone else f"; the fullest of its set {row['fullest']:,.1f}")
                + f"; it cost {cost:,.2f}, and {rate}"
            ),
            action=(
                f"{row['enough']:,.0f} GiB would leave {request.thresholds.volume_headroom:.0%} above"
                " that. A disk cannot shrink: make a smaller volume, copy, and switch over, once its"
                " owner says that it will not fill; smaller disks of some types are slower"
            ),
            confidence="medium",
            saves="all" if sized else "part",
        )
