"""Commitments that end soon, or have: what they covered goes back to on demand."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta

from burn.api import Finding
from burn.api.find import FindRequest


def lapses(request: FindRequest) -> Iterator[Finding]:
    """One finding a commitment whose end the bill says, and the cluster's nodes use.

    Amount: what the nodes would have cost more on demand; where the bill does not say, what they cost.
    """
    frame, until = request.commitments, request.until
    if frame is None or until is None:
        return
    last = until + timedelta(days=request.thresholds.lapse_days)
    rows = frame[(frame["end"] <= last) & (frame["cluster_cost"] > 0)]
    for row in rows.to_dict("records"):
        now, then, end = row["cluster_cost"], row["on_demand_cost"], row["end"]
        known = not math.isnan(then)
        days = (end - until) / timedelta(days=1)
        when = f"in {days:.0f} days of the window's end" if days > 0 else "within the window"
        cost = f"cost {now:,.2f} under it and would cost {then:,.2f} on demand"
        if not known:
            cost = f"cost {now:,.2f} under it; the bill does not say what they cost on demand"
        amount = float(then - now if known else now)
        yield Finding(
            title="A commitment that ends" if days > 0 else "A commitment that has ended",
            subject=str(row["name"] or row["commitment_discount_id"]),
            amount=amount,
            monthly=amount * request.month,
            evidence=f"It ends on {end:%Y-%m-%d}, {when}; the cluster's nodes {cost}",
            action="Renew no more than the floor: burn plan --commitments",
            confidence="high" if known else "low",
            bill_saving=False,
            saves="none",
        )
