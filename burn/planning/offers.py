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
    named = demand.nodes["machine"].map(bound_family).set_axis(demand.nodes["asset_id"])
    known = _off_what_was_paid(_discounts(request, held), hourly, asked.paid, named)
    discount = float(known["discount"].max())
    whose = named.reindex(freed.index).fillna("").to_numpy()
    first = _first(held, hourly, freed.groupby(whose).sum(), discount)
    listed = listed_ways(supply, asked.listed(supply.bought(demand.nodes)))
    if any(not way.about["family"] for way in listed):
        known = known[known["source"] != ASSUMED]
    rows = []
    for way in [*(_own(about, hourly) for about in known.to_dict("records")), *listed]:
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


def _own(about: dict[Any, Any], hourly: pd.DataFrame) -> Way:
    """A way that this bill teaches, or that is assumed."""
    mine = _of_family(about["family"], hourly)
    return Way(about, hourly[mine].sum(axis="columns"), mine)


def _of_family(family: str, hourly: pd.DataFrame) -> list[str]:
    """The families that a way covers; one that is bound to none covers all."""
    return [str(name) for name in hourly if family in ("", name)]


def _off_what_was_paid(
    known: pd.DataFrame, hourly: pd.DataFrame, paid: pd.DataFrame | None, named: pd.Series[str]
) -> pd.DataFrame:
    """What a bill teaches is off the price before sustained use, which committed hours have no discount for.

    Args:
        known: see `_discounts`.
        hourly: on-demand cost, hour × family.
        paid: see `PlanRequest`.
        named: family of each node, by asset_id.
    """
    if paid is None:
        return known
    of = named.reindex(paid["asset_id"]).fillna("").to_numpy()
    sums = paid.groupby(of)[["standard", "sustained"]].sum()
    after = sums["standard"] + sums["sustained"]
    usual = (sums["standard"] / after).where(after > 0, 1.0)
    costs = hourly.sum()

    def dearer(family: str) -> float:
        mine = costs[_of_family(family, hourly)]
        whole = float(mine.sum())
        before = float((mine * usual.reindex(mine.index, fill_value=1.0)).sum())
        return before / whole if whole > 0 else 1.0

    part = known["family"].map(dearer).where(known["source"] == OWN, 1.0)
    return known.assign(discount=1 - (1 - known["discount"]) * part)


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
