"""The steps in sequence, as the frame `plan`: each begins where the one before it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from burn.api import schemas
from burn.api.find import WORKLOAD
from burn.findings.commitments import how
from burn.planning.fewer import fewer
from burn.planning.market import Market
from burn.planning.offers import ASSUMED, LISTED, OWN, offers
from burn.planning.onto_spot import onto_spot
from burn.planning.others import others
from burn.planning.paid import by_node
from burn.planning.pools import NEW, PoolOf, pools_of
from burn.planning.step import Row, row, saved_now

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import Finding, FindRequest, Machine, OffersFrame, PlanFrame, SpotFrame
    from burn.planning.asked import PlanRequest
    from burn.planning.demand import Demand


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps, and what could be committed to when all but the last are taken."""

    steps: PlanFrame
    offers: OffersFrame


def planned(
    asked: PlanRequest,
    found: Sequence[Finding],
    spot: SpotFrame | None = None,
    machines: Sequence[Machine] = (),
) -> Plan:
    """What the cluster could save a month, in the order of `burn.api.containers.STEPS`.

    Amounts are a month's (730 hours) at what was paid. `idle` is no money: it is what right-sizing
    frees on nodes. `now` leaves the bill when the step is done, and is null where nobody knows what
    it would be; `later` stays on it, as unused commitment, until the commitment ends.

    Args:
        asked: what it is made from.
        found: the run's findings, of which rule `right-size` is the first step.
        spot: what may run on spot nodes, and what they were paid; None: nothing may.
        machines: types that the provider lists; none: no other types are judged.
    """
    import pandas as pd

    rows = [
        row(
            "right-size",
            one.subject,
            one.action,
            **{"now" if one.bill_saving else "idle": one.amount},
        )
        for one in found
        if one.rule == "right-size"
    ]
    offered = schemas.OFFERS.empty()
    if asked.paid is not None:
        more, offered = _on_nodes(asked, asked.paid, spot, machines)
        rows += more
    frame = pd.DataFrame(rows, columns=schemas.PLAN.names)
    for name in ("idle", "now", "later", "x_listed"):
        frame[name] = frame[name].astype("float64") * asked.request.month
    return Plan(schemas.PLAN.validate(frame, author="burn"), offered)


def _on_nodes(
    asked: PlanRequest,
    paid: pd.DataFrame,
    spot: SpotFrame | None,
    machines: Sequence[Machine],
) -> tuple[list[Row], OffersFrame]:
    """The steps about nodes, each for all pools, on what the step before leaves of them."""
    import pandas as pd

    request, demand = asked.request, asked.demand
    each = by_node(paid)
    pods = _resized(demand.pods, request)
    market = Market.of(demand.nodes, asked.rates, machines)
    before = list(pools_of(request, demand, pods, each, spot))
    families = None if spot is None else spot[spot["scope"] == "family"].set_index("subject")
    pools, rows = list[PoolOf](), list[Row]()
    for of in before:
        made, left_of = fewer(of)
        more, after = _cheaper(left_of, market, asked, families)
        rows += made + more
        pools.append(after)
    names = ["asset_id", "cost", "committed", "standard"]
    there = [of.about[names] for of in pools]
    mine = {name for of in before for name in of.pool.names}
    left = pd.concat([each[~each["asset_id"].isin(mine)], *there], ignore_index=True)
    left = left[left["cost"].notna()]
    offered = offers(asked, _with_new(demand, pools), left, _freed(rows))
    return rows + _commit(request, offered), offered


def _freed(rows: Sequence[Row]) -> pd.Series[float]:
    """What commitments paid for the nodes that give way, by what the steps call them."""
    import pandas as pd

    made = pd.DataFrame(rows, columns=["subject", "later"])
    return made["later"].astype("float64").groupby(made["subject"].astype("str")).sum()


def _cheaper(
    of: PoolOf, market: Market, asked: PlanRequest, families: pd.DataFrame | None
) -> tuple[list[Row], PoolOf]:
    """Other types, then spot; or spot alone, where that is known to save more.

    A type that is cheaper on demand may be one of which no spot was ever paid.
    """
    swapped, other = others(of, market, asked.request)
    more, both = onto_spot(other, families, asked)
    if not swapped:
        return more, both
    alone, only = onto_spot(of, families, asked)
    if saved_now(alone) > saved_now(swapped + more):
        return alone, only
    return swapped + more, both


def _with_new(demand: Demand, pools: Sequence[PoolOf]) -> Demand:
    """The window as if nodes that a step buys had been there for all of it."""
    import pandas as pd

    new = [of.about[of.about["asset_id"].str.startswith(NEW)] for of in pools]
    names = [name for about in new for name in about["asset_id"]]
    if not names:
        return demand
    hours = demand.presence["hour"].unique()
    there = pd.MultiIndex.from_product([names, hours], names=["asset_id", "hour"])
    return replace(
        demand,
        nodes=pd.concat([demand.nodes, *(about[demand.nodes.columns] for about in new)]),
        presence=pd.concat([demand.presence, there.to_frame(index=False).assign(hours=1.0)]),
    )


def _resized(pods: pd.DataFrame, request: FindRequest) -> pd.DataFrame:
    """The pods with what right-sizing would have them ask for, and no less than they used."""
    import numpy as np

    if request.sizes is None or pods.empty:
        return pods
    sizes = request.sizes[request.sizes["preset"] == "burn"]
    if sizes.empty:
        return pods
    out = pods.copy(deep=False)
    for name in ("cpu", "memory"):
        less = (sizes[f"{name}_request"] - sizes[f"{name}_request_new"]).fillna(0.0)
        freed = less.groupby([sizes[key].astype("str") for key in WORKLOAD]).sum()
        change = pods.join(freed.rename("freed"), on=list(WORKLOAD))["freed"].fillna(0.0)
        used = pods[f"{name}_used"]
        out[name] = np.maximum(pods[f"{name}_request"] - change, used)
    return out


def _commit(request: FindRequest, offered: OffersFrame) -> list[Row]:
    """Of what could be bought for any family, what binds for the shortest time."""
    flexible = offered[offered["family"] == ""].sort_values("months", kind="stable")
    if flexible.empty:
        return []
    best = flexible.iloc[0]
    bought = how(best["months"], best["upfront"])
    whose = {
        OWN: "is what this bill's commitments give",
        LISTED: f"is what {best['x_price_list']} asks",
        ASSUMED: "is assumed",
    }[str(best["source"])]
    why = (
        f"{best['on_demand']:,.4g} an hour of on-demand nodes, which 9 of 10 hours have;"
        f" {best['discount']:.0%} off{bought and f' for {bought},'} {whose}; it pays from"
        f" {best['break_even']:,.0f} hours a month on"
    )
    return [
        row(
            "commit",
            "nodes",
            why,
            now=best["saving"] / request.month,
            x_needs="a commitment, bought first, that binds for its term",
        )
    ]
