"""What became of each commitment in a window: used, unused, and what the cluster had of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from burn.api import schemas
from burn.api.money import count

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import Bill, CommitmentsFrame

ON_DEMAND = "on demand"
"""Kind of the row that is no commitment: the cluster's nodes that none covered."""
UNNAMED = "unnamed"
"""Id of what is under a commitment that the bill does not name."""
HALF_A_CENT = 0.005
_ID = "commitment_discount_id"


def commitments(bill: Bill) -> CommitmentsFrame:
    """One row a commitment on the bill, the next to end first, and one of what none covered.

    On demand, the nodes would have cost what they did and what the commitment saved of public
    rates, less the negotiated discount that its own cost shows.
    """
    import pandas as pd

    rows = bill.rows[~bill.rows["x_cost_class"].isin(schemas.ACCOUNTING_CLASSES)]
    idle = rows["x_cost_class"] == "unused_commitment"
    fee = rows["x_cost_class"] == "commitment_fee"
    nodes = rows["in_cluster"] & (rows["x_cost_class"] == "node")
    held = rows[(rows["pricing_category"] == "Committed") | idle | (rows[_ID] != "")]
    who = held[_ID].astype("str").where(held[_ID] != "", UNNAMED)
    mine = nodes & ~idle
    parts = pd.DataFrame(
        {
            "used_cost": held["effective_cost"].where(~idle & ~fee, 0.0),
            "unused_cost": held["effective_cost"].where(idle, 0.0),
            "cluster_cost": held["effective_cost"].where(mine, 0.0),
            "listed": held["list_cost"].where(mine, 0.0),
            "agreed": held["contracted_cost"].where(mine, 0.0),
            "public": held["x_public_cost"].where(mine, 0.0),
        }
    )
    sums = parts.groupby(who).sum()
    kinds = held["commitment_discount_type"].astype("str").groupby(who).max()
    sums = sums.assign(kind=kinds, on_demand_cost=_on_demand(sums))
    frame = sums.rename_axis(_ID).reset_index()
    frame = _with_terms(frame.drop(columns=["listed", "agreed", "public"]), bill)
    frame = frame.sort_values(["end", _ID], kind="stable")
    standard = float(
        rows.loc[nodes & (rows["pricing_category"] == "Standard"), "effective_cost"].sum()
    )
    rest = pd.DataFrame(
        {_ID: [""], "kind": [ON_DEMAND], "cluster_cost": [standard], "on_demand_cost": [standard]}
    )
    both = pd.concat([schemas.COMMITMENTS.fill(part) for part in (frame, rest)], ignore_index=True)
    return schemas.COMMITMENTS.validate(both, author="burn")


def how(months: float, upfront: str) -> str:
    """`1 year, nothing upfront`, as far as it is known."""
    parts = []
    if not math.isnan(months):
        years = int(months) // 12
        parts.append(count(years, "year") if years * 12 == months else f"{months:g} months")
    if upfront:
        parts.append(f"{'nothing' if upfront == 'none' else upfront} upfront")
    return ", ".join(parts)


def _on_demand(sums: pd.DataFrame) -> pd.Series[float]:
    """Null where the bill shows no price beside the commitment's."""
    paid, listed, public = sums["cluster_cost"], sums["listed"], sums["public"]
    part = (paid / public.where(public > 0)).clip(upper=1.0)
    made = paid + (listed - public) * part
    made = made.where(listed > public).where(paid != 0, 0.0)
    # Where the public cost is no other than the paid one, discounts are in the contracted cost.
    agreed = sums["agreed"]
    told = ((public - paid).abs() < HALF_A_CENT) & (agreed > paid) & (agreed < listed)
    return made.where(~told, agreed)


def _with_terms(frame: pd.DataFrame, bill: Bill) -> pd.DataFrame:
    terms = schemas.COMMITMENT_TERMS.empty() if bill.commitments is None else bill.commitments
    out = frame.merge(terms, on=_ID, how="left")
    texts = [c.name for c in schemas.COMMITMENT_TERMS.columns if c.kind == "string"]
    return out.assign(
        **{name: out[name].astype("object").fillna("").astype("str") for name in texts}
    )
