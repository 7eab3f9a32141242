"""Public addresses that are paid for and that nothing in the cluster uses."""

from __future__ import annotations

from collections.abc import Iterator

from burn.api import Finding
from burn.api.find import WEEK, FindRequest
from burn.api.vocabulary import NOTHING
from burn.findings.visible import could_see
from burn.ledger.tie import same


def idle(request: FindRequest) -> Iterator[Finding]:
    """Addresses that the bill itself charges as idle, or whose Service is not in the cluster.

    For a week or more, and until the bill's end; an address that was in use on its last day is in
    use. Of an address that is charged the same in use or idle, and that no tag ties to a Service,
    nothing is known.
    """
    import pandas as pd

    rows = request.inside
    rows = rows[(rows["x_cost_class"] == "public_ip") & (rows["resource_key"] != "")]
    rows = rows[rows["effective_cost"] > 0]
    if rows.empty:
        return
    said = rows["x_tied_to"].astype(object).fillna("").astype(str)
    services = could_see(request, "services")
    gone = {
        name
        for name in said[said.str.startswith("Service/")].unique()
        if services and not any(same(name, known) for known in request.shown)
    }
    unused = said == NOTHING
    spare = unused | said.isin(gone)
    end = request.inside["day"].max()
    grace = pd.Timedelta(days=request.thresholds.still_billed_days)
    for key, mine in rows.assign(said=said, unused=unused, spare=spare).groupby(
        rows["resource_key"].astype(str)
    ):
        last = mine["day"].max()
        idle_days = mine.loc[mine["spare"], "day"].nunique()
        if not mine.loc[mine["day"] == last, "spare"].all() or idle_days < WEEK / 24:
            continue
        if end - last > grace:
            continue
        amount = float(mine.loc[mine["spare"], "effective_cost"].sum())
        by_bill = bool(mine.loc[mine["day"] == last, "unused"].all())
        why = "which the bill charges as idle" if by_bill else f"made for {mine['said'].max()}"
        more = "" if by_bill else ", which the metrics do not show"
        yield Finding(
            title="A public address that nothing uses",
            subject=str(mine["resource_name"].max() or key),
            amount=amount,
            monthly=amount * request.month,
            evidence=f"Billed {amount:,.2f} on {idle_days} days until {last:%Y-%m-%d}, {why}{more}",
            action=(
                "Check that no DNS record, allow list or stopped machine needs it, then release it:"
                " the same address cannot be had again"
            ),
            confidence="high" if by_bill else "medium",
        )
