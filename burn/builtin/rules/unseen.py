"""Cluster resources that are billed and not in the cluster: orphaned disks, dead nodes, balancers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from burn.api import Finding
from burn.api.find import FindRequest
from burn.findings.visible import could_see
from burn.ledger.tie import same

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    action: str
    needs: tuple[str, ...]


_KINDS = {
    "volume": _Words(
        "A disk of the cluster that no volume uses",
        "Snapshot it if in doubt, then delete it",
        ("volumes",),
    ),
    "node": _Words(
        "A machine of the cluster that is no node",
        "Find out what runs on it (it may serve the cluster without being a node) and why it never"
        " joined or dropped out; terminate it only when nothing does",
        ("nodes",),
    ),
    "load_balancer": _Words(
        "A load balancer of the cluster that no Service or Ingress uses",
        "Check that no Gateway, and nothing outside the cluster, points to it, then delete it",
        ("services", "ingresses"),
    ),
}


def unseen(request: FindRequest, kind: str) -> Iterator[Finding]:
    """One finding a resource of a cost class, if it is still billed at the end of the bill.

    What stopped being billed is gone: there is nothing left to do about it. Nothing is said of
    what has traffic, of what its tags or its name tie to something the metrics show, and of what
    carries nodes.
    """
    import pandas as pd

    ledger = request.ledger[request.ledger["driver"] == "unseen"].set_index("subject")
    rows = request.inside
    rows = rows[rows["resource_key"].isin(ledger.index) & (rows["x_cost_class"] == kind)]
    words = _KINDS[kind]
    if rows.empty or not could_see(request, *words.needs):
        return  # `visible.cannot_tell` says so
    busy = _in_use(request, rows)
    by = rows.groupby(rows["resource_key"].astype(str))
    table = by.agg(days=("day", "nunique"), last=("day", "max"))
    grace = pd.Timedelta(days=request.thresholds.still_billed_days)
    end = request.inside["day"].max()
    for key, days, last in table[end - table["last"] <= grace].itertuples():
        entry = ledger.loc[key]
        if key in busy:
            continue
        amount = float(entry["amount"])
        yield Finding(
            title=words.title,
            subject=str(entry["name"] or key),
            amount=amount,
            monthly=amount * request.month,
            evidence=(
                f"Billed {amount:,.2f} on {days} days, last on {last:%Y-%m-%d}; never in the "
                f"metrics; tied to the cluster by {entry['method']}"
            ),
            action=words.action,
            confidence=str(entry["confidence"]),
        )


def _in_use(request: FindRequest, rows: pd.DataFrame) -> set[str]:
    """Keys of what is billed for traffic, or is tied to what the metrics show or to nodes."""
    inside = request.inside
    flows = inside["x_cost_class"].isin(TRAFFIC) & (
        inside[["list_cost", "effective_cost"]] > 0
    ).any(axis="columns")
    keys = set(inside.loc[flows, "resource_key"].astype(str))
    tied = rows[["resource_key", "x_tied_to"]].dropna().drop_duplicates().astype(str)
    for key, said in tied.itertuples(index=False):
        kind = said.partition("/")[0]
        if kind in ALWAYS or any(same(said, name) for name in request.shown):
            keys.add(key)
    volumes = {name.partition("/")[2] for name in request.shown if name.startswith(VOLUME)}
    return keys | {key for key in rows["resource_key"].astype(str).unique() if volumes & _ends(key)}


def _ends(key: str) -> set[str]:
    """Volumes that a resource may be named after: drivers put the volume's name alone, or last."""
    name = re.split("[/:]", key.rstrip("/"))[-1]
    last = (at for at in range(1, len(name) - UNCOMMON + 1) if name[at - 1] in "-_")
    return {name, *(name[at:] for at in last)}


VOLUME = "PersistentVolume/"
UNCOMMON = 12
"""Letters from which on the end of a name is not a common word; `pvc-` and a UUID have 40."""
TRAFFIC = ("load_balancer_usage", "data_transfer")
ALWAYS = ("Node", "IngressGroup", "Gateway")
"""What carries nodes is in use; not every source shows Gateways, and none which Ingresses are of a group."""
