"""What could be committed to, by what it covers and for how long, at the discounts that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import schemas
from burn.api.find import WEEK
from burn.findings.commitments import ON_DEMAND
from burn.findings.covering import at_on_demand
from burn.planning.commit import break_even, floor
from burn.planning.families import family

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import FindRequest, OffersFrame
    from burn.planning.demand import Demand

OWN, ASSUMED = "this bill", "assumed"
_ID = "commitment_discount_id"
_WAY = ["family", "months", "upfront"]


def offers(
    request: FindRequest, demand: Demand, left: pd.DataFrame, freed: pd.Series[float]
) -> OffersFrame:
    """What each kind of commitment would save on the floor that the plan's other steps leave.

    Each is worked out as if nothing else were bought. What is committed and not used, now or by the
    plan, comes first: what covers any family in proportion to the families' cost.

    Args:
        request: the run's frames.
        demand: which nodes were there, hour by hour.
        left: see `burn.planning.paid`, of the nodes that stay, and those that come.
        freed: what commitments paid in the window for nodes that go, by asset_id; by anything else,
            for nodes of a family that is not known.
    """
    import pandas as pd

    if request.hours < WEEK or left.empty or demand.presence.empty:
        return schemas.OFFERS.empty()
    families = demand.nodes["machine"].map(bound_family).astype("str")
    named = families.set_axis(demand.nodes["asset_id"])
    hourly = _hourly(named, demand.presence, left, request.hours)
    held = schemas.COMMITMENTS.empty() if request.commitments is None else request.commitments
    known = _discounts(request, held)
    discount = float(known["discount"].max())
    whose = named.reindex(freed.index).fillna("").to_numpy()
    first = _first(held, hourly, freed.groupby(whose).sum(), discount)
    rows = []
    for way in known.to_dict("records"):
        bound = str(way["family"])
        if bound and bound not in hourly:
            continue
        mine = hourly[bound] if bound else hourly.sum(axis="columns")
        unused = float(first[bound] if bound else first.sum())
        found = floor(mine, unused, way["discount"])
        if found.saving > 0:
            rows.append(
                way
                | {
                    "first": unused,
                    "on_demand": found.hourly,
                    "commitment": found.hourly * (1 - way["discount"]),
                    "saving": found.saving * request.hours * request.month,
                    "break_even": break_even(way["discount"]),
                }
            )
    frame = pd.DataFrame(rows, columns=schemas.OFFERS.names)
    frame = frame.sort_values(["saving", *_WAY], ascending=[False, True, True, True])
    return schemas.OFFERS.validate(frame, author="burn")


def bound_family(machine: str) -> str:
    """What commitments to a family are bought of: `m6i`, `n2` of all its shapes, a size series."""
    named = family(machine)
    shape = "." not in machine and "_" not in machine
    return named.partition("-")[0].replace("custom", "n1") if shape else named


def _hourly(
    families: pd.Series[str], presence: pd.DataFrame, left: pd.DataFrame, hours: int
) -> pd.DataFrame:
    """On-demand cost of each hour by family; hours without any are there, too.

    What a node cost on demand lies evenly on the hours in which it was seen.
    """
    import pandas as pd

    there = presence.merge(left, on="asset_id")
    seen = there.groupby("asset_id")["hours"].transform("sum")
    there = there.assign(
        family=families.reindex(there["asset_id"]).fillna("").to_numpy(),
        open=there["cost"] * there["standard"] * there["hours"] / seen,
    )
    by_hour = there.pivot_table(
        index="hour", columns="family", values="open", aggfunc="sum", fill_value=0.0
    )
    missing = max(0, hours - len(by_hour))
    blank = pd.DataFrame(0.0, index=range(missing), columns=by_hour.columns)
    return pd.concat([by_hour, blank], ignore_index=True)


def _discounts(request: FindRequest, held: pd.DataFrame) -> pd.DataFrame:
    """Of ways to commit: `family` (empty: any), months, upfront, discount, source."""
    import pandas as pd

    rows = request.bill
    rows = rows[(rows["x_cost_class"] == "node") & (rows["pricing_category"] == "Committed")]
    sums = rows.groupby(rows[_ID].astype("str"))[["list_cost", "x_public_cost"]].sum()
    known = sums.join(held.set_index(_ID)[["bound", *_WAY]], how="inner")
    known["family"] = _bound(known)
    by = known.groupby(_WAY, dropna=False)[["list_cost", "x_public_cost"]].sum().reset_index()
    told = by[(by["x_public_cost"] > 0) & (by["x_public_cost"] < by["list_cost"])]
    own = told[_WAY].assign(discount=1 - told["x_public_cost"] / told["list_cost"], source=OWN)
    if (own["family"] == "").any():
        return own
    guess = {"family": "", "months": float("nan"), "upfront": "", "source": ASSUMED}
    guess["discount"] = request.thresholds.assumed_discount
    return pd.concat([part for part in (own, pd.DataFrame([guess])) if len(part)])


def _first(
    held: pd.DataFrame, hourly: pd.DataFrame, freed: pd.Series[float], discount: float
) -> pd.Series[float]:
    """On-demand cost an hour, by family, that what is committed already would cover."""
    hours, there = len(hourly), hourly.sum()
    held = held[held["kind"] != ON_DEMAND]
    idle = held["unused_cost"].groupby(_bound(held)).sum()
    of_any = float(idle.get("", 0.0)) + float(freed.get("", 0.0))
    whole = float(there.sum())
    worth = at_on_demand(1.0, discount)
    own = idle.reindex(there.index, fill_value=0.0).where(there.index != "", 0.0) * worth
    gone = freed.reindex(there.index, fill_value=0.0).where(there.index != "", 0.0)
    # One bound to a family covers no more than there is of it.
    own = own.clip(upper=there)
    spare = there / whole * of_any if whole > 0 else there * 0.0
    # Nothing is worth nothing, also where all that is committed is free.
    return ((own + (spare + gone) * worth) / hours).fillna(0.0)


def _bound(held: pd.DataFrame) -> pd.Series[str]:
    """To which family; empty: to none, or not known."""
    return held["family"].map(bound_family).where(held["bound"] == "family", "").astype("str")
