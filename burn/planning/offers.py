"""What could be committed to, by what it covers and for how long, at the discounts that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.api import schemas
from burn.api.commitments import SOURCES
from burn.api.find import WEEK
from burn.findings.commitments import ON_DEMAND
from burn.findings.covering import at_on_demand
from burn.planning.commit import break_even, floor
from burn.planning.families import bound_family
from burn.planning.ways import Supply, Way, listed_ways

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import FindRequest, OffersFrame
    from burn.planning.asked import PlanRequest
    from burn.planning.demand import Demand

OWN, LISTED, ASSUMED = SOURCES
_ID = "commitment_discount_id"
_WAY = ["family", "months", "upfront"]


def offers(
    asked: PlanRequest, demand: Demand, left: pd.DataFrame, freed: pd.Series[float]
) -> OffersFrame:
    """What each kind of commitment would save on the floor that the plan's other steps leave.

    Each is worked out as if nothing else were bought. What is committed and not used, now or by the
    plan, comes first: what covers any family in proportion to the families' cost.

    Args:
        asked: what the plan is made from.
        demand: which nodes were there, hour by hour; nodes that the plan buys included.
        left: see `burn.planning.paid`, of the nodes that stay, and those that come.
        freed: what commitments paid in the window for nodes that go, by asset_id; by anything else,
            for nodes of a family that is not known.
    """
    import pandas as pd

    request = asked.request
    if request.hours < WEEK or left.empty or demand.presence.empty:
        return schemas.OFFERS.empty()
    supply = Supply.of(demand, left, request.hours)
    hourly = supply.by_family()
    held = schemas.COMMITMENTS.empty() if request.commitments is None else request.commitments
    known = _discounts(request, held)
    discount = float(known["discount"].max())
    named = demand.nodes["machine"].map(bound_family).set_axis(demand.nodes["asset_id"])
    whose = named.reindex(freed.index).fillna("").to_numpy()
    first = _first(held, hourly, freed.groupby(whose).sum(), discount)
    listed = listed_ways(supply, asked.listed(supply.bought(demand.nodes)))
    if any(not way.about["family"] for way in listed):
        known = known[known["source"] != ASSUMED]
    usual = _before_sustained(asked.paid, named)
    own = (_own(about, hourly, usual) for about in known.to_dict("records"))
    rows = []
    for way in [*own, *listed]:
        part = float(way.about["discount"])
        unused = float(first.reindex(list(way.families)).sum())
        found = floor(way.hourly, unused, part)
        if found.saving > 0:
            rows.append(
                way.about
                | {
                    "first": unused,
                    "on_demand": found.hourly,
                    "commitment": found.hourly * (1 - part),
                    "saving": found.saving * request.hours * request.month,
                    "break_even": break_even(part),
                }
            )
    frame = pd.DataFrame(rows, columns=schemas.OFFERS.names)
    frame = frame.sort_values(["saving", *_WAY], ascending=[False, True, True, True])
    return schemas.OFFERS.validate(frame, author="burn")


def _own(about: dict[Any, Any], hourly: pd.DataFrame, usual: pd.Series[float]) -> Way:
    """A way that this bill teaches, or that is assumed.

    What it teaches is off the price before sustained use, which committed hours have no discount for.
    """
    mine = [str(name) for name in hourly if about["family"] in ("", name)]
    if about["source"] == OWN:
        paid = hourly[mine].sum()
        whole = float(paid.sum())
        before = float((paid * usual.reindex(mine, fill_value=1.0)).sum())
        part = before / whole if whole > 0 else 1.0
        about = about | {"discount": 1 - (1 - float(about["discount"])) * part}
    return Way(about, hourly[mine].sum(axis="columns"), mine)


def _before_sustained(paid: pd.DataFrame | None, family: pd.Series[str]) -> pd.Series[float]:
    """By family: what it cost on demand before sustained-use discounts, to what it cost after."""
    import pandas as pd

    if paid is None:
        return pd.Series(dtype="float64")
    of = family.reindex(paid["asset_id"]).fillna("").to_numpy()
    sums = paid.groupby(of)[["standard", "sustained"]].sum()
    after = sums["standard"] + sums["sustained"]
    return (sums["standard"] / after).where(after > 0, 1.0)


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
