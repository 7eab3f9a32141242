"""Volumes that exist in the cluster and that no pod mounts."""

from __future__ import annotations

from collections.abc import Iterator

from burn.api import Finding
from burn.api.find import WEEK, FindRequest
from burn.findings.visible import could_see


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
