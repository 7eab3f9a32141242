"""Data transfer and NAT that are large beside what the nodes cost."""

from __future__ import annotations

from collections.abc import Iterator

from burn.api import Finding
from burn.api.find import FindRequest

_TITLES = {
    "data_transfer": "Data transfer is large beside compute",
    "nat": "NAT is large beside compute",
}
_ACTIONS = {
    "data_transfer": "Keep traffic in one zone, compress it, and cache what leaves most often",
    "nat": "Use private endpoints for the provider's services and a cache for images",
}
SPIKE = 3.0
"""A day is called a spike from this many times the median day on."""


def transfer(request: FindRequest, driver: str) -> Iterator[Finding]:
    """One finding, when the driver costs `transfer_share` of the nodes or more."""
    rows = request.inside
    nodes = float(rows.loc[rows["x_cost_class"] == "node", "effective_cost"].sum())
    own = rows[rows["x_cost_class"] == driver]
    amount = float(own["effective_cost"].sum())
    if nodes <= 0 or amount < request.thresholds.transfer_share * nodes:
        return
    entries = request.ledger[request.ledger["driver"] == driver]
    by = entries["amount"].groupby(entries["name"].astype(str)).sum()
    top = min(by.index, key=lambda name: (-by[name], name), default="the cluster")
    largest = f", {by[top]:,.2f} of it on {top}" if len(by) else ""
    daily = own["effective_cost"].groupby(own["day"]).sum()
    peak, median = float(daily.max()), float(daily.median())
    spike = ""
    if peak >= SPIKE * median and len(daily) > 2:
        spike = f"; {peak:,.2f} on {daily.idxmax():%Y-%m-%d} against {median:,.2f} on a median day"
    yield Finding(
        title=_TITLES[driver],
        subject=str(top) if len(by) <= 1 else f"{len(by):,} resources",
        amount=amount,
        monthly=amount * request.month,
        evidence=(
            f"{amount:,.2f} beside {nodes:,.2f} of node cost "
            f"({100 * amount / nodes:.0f} %){largest}{spike}"
        ),
        action=_ACTIONS[driver],
        confidence="medium",
        # All of it is what traffic costs; no cluster can do without any.
        saves="part",
    )
