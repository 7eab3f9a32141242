"""Commitments: paid and not used, or used up while steady usage pays the on-demand rate."""

from __future__ import annotations

from collections.abc import Iterator

from burn.api import Finding
from burn.api.find import FindRequest
from burn.findings import covering


def unused(request: FindRequest) -> Iterator[Finding]:
    """One finding a commitment: the cluster's share of what covered nothing."""
    rows = request.ledger[request.ledger["driver"] == "unused_commitment"]
    rows = rows[rows["group"] == "waste"]
    bill, idle = request.bill, request.bill["x_cost_class"] == "unused_commitment"
    key = bill["commitment_discount_id"].astype(str)
    wasted = bill["effective_cost"].where(idle, 0.0).groupby(key).sum()
    covered = bill["pricing_category"] == "Committed"
    used = bill["effective_cost"].where(covered & ~idle, 0.0).groupby(key).sum()
    for subject, name, amount, confidence in rows[
        ["subject", "name", "amount", "confidence"]
    ].itertuples(index=False):
        waste, use = float(wasted.get(subject, amount)), float(used.get(subject, 0.0))
        rate = f"{100 * use / (use + waste):.1f} %" if use + waste else "0 %"
        yield Finding(
            title="A commitment that is not used up",
            subject=str(name or subject),
            amount=float(amount),
            monthly=float(amount) * request.month,
            evidence=(
                f"{rate} of it was used: {use:,.2f} covered usage, {waste:,.2f} covered nothing; "
                f"the cluster's share of that is {amount:,.2f}"
            ),
            action="Move steady workloads under it, and renew for less",
            confidence=str(confidence),
        )


def uncovered(request: FindRequest) -> Iterator[Finding]:
    """On-demand node cost that was there on every day, less what unused commitments could take.

    Amount: what a commitment would have saved on that floor, at the discount the bill's own
    commitments give, else at an assumed one (then with low confidence).
    """
    rows = request.inside[request.inside["x_cost_class"] == "node"]
    days = rows["day"].nunique()
    if days < MIN_DAYS:
        return
    standard = rows["effective_cost"].where(rows["pricing_category"] == "Standard", 0.0)
    daily = standard.groupby(rows["day"]).sum().sort_index()
    inner = daily.iloc[1:-1]  # the first and last day may be partial
    discount, learned = covering.discount_of(request)
    floor = float(inner.min()) - covering.at_on_demand(covering.unused(request), discount) / days
    if floor <= 0:
        return
    covered = rows[rows["pricing_category"] == "Committed"]
    amount = floor * days * discount
    rate = f"the {100 * discount:.0f} % your commitments save"
    if not learned:
        rate = f"an assumed discount of {100 * discount:.0f} %"
    total = float(standard.sum()) + float(covered["effective_cost"].sum())
    share = 100 * float(standard.sum()) / total if total else 100.0
    yield Finding(
        title="Steady nodes at the on-demand rate",
        subject="nodes",
        amount=amount,
        monthly=amount * request.month,
        evidence=(
            f"On-demand node cost never fell below {inner.min():,.2f} a day over "
            f"{len(inner)} days; {share:.0f} % of non-spot node cost is not covered; at {rate}"
        ),
        action=f"Commit to no more than {floor:,.2f} a day, after consolidation and rightsizing",
        confidence="medium" if learned else "low",
    )


MIN_DAYS = 7
"""Shorter than a week says nothing about steadiness."""
