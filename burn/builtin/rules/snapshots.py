"""Snapshots whose volume the cluster no longer has."""

from __future__ import annotations

from collections.abc import Iterator

from burn.api import Finding
from burn.api.find import FindRequest
from burn.api.money import count
from burn.findings.visible import could_see
from burn.ledger.tie import same

VOLUMES = ("PersistentVolume/", "PersistentVolumeClaim/")


def orphaned(request: FindRequest) -> Iterator[Finding]:
    """One finding a volume: the cluster's snapshots that their tags say are of it.

    A bill names no snapshot's source. Only where tags do is it known whose backup it is; of all
    other snapshots nothing is told.
    """
    import pandas as pd

    rows = request.inside[request.inside["x_cost_class"] == "snapshot"]
    said = rows["x_tied_to"].astype(object).fillna("").astype(str)
    rows = rows.assign(said=said)[said.str.startswith(VOLUMES)]
    if rows.empty or not could_see(request, "volumes", "claims"):
        return
    end = request.inside["day"].max()
    grace = pd.Timedelta(days=request.thresholds.still_billed_days)
    by = rows.groupby("said").agg(
        amount=("effective_cost", "sum"), last=("day", "max"), several=("resource_key", "nunique")
    )
    for name, amount, last, several in by.itertuples():
        if end - last > grace or any(same(str(name), known) for known in request.shown):
            continue
        yield Finding(
            title="Snapshots of a volume that the cluster no longer has",
            subject=str(name),
            amount=float(amount),
            monthly=float(amount) * request.month,
            evidence=(
                f"{count(int(several), 'snapshot')} billed at {amount:,.2f}, last on"
                f" {last:%Y-%m-%d}; the metrics, which show every volume, have none of that name"
            ),
            action=(
                "They may be the last copy of its data: ask whose it was and how long it must be"
                " kept, and set an expiry; one that goes leaves the blocks it shares with others"
            ),
            confidence="medium",
            saves="part",
        )
