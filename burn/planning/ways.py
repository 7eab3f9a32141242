"""Ways to commit that price lists sell: what each can cover of a cluster, and what that would save."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from burn.planning.asked import SOLD, sold
from burn.planning.commit import hourly_costs
from burn.planning.families import bound_family

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import ListedFrame
    from burn.planning.demand import Demand

PURE = 0.999
"""Part of a node's cost that was on demand, from which its hours are known to be."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to commit.

    Attributes:
        about: family, months, upfront, discount, source, x_price_list of schema `offers`.
        hourly: on-demand cost of each hour that it can cover.
        families: of what it can cover.
    """

    about: dict[Any, Any]
    hourly: pd.Series[float]
    families: Sequence[str]


@dataclass(frozen=True, slots=True)
class Supply:
    """Nodes on demand, in groups that are sold alike.

    Attributes:
        kinds: of each group, by number: family (as commitments are bound), machine, region, gpus; `paid`, what an
            hour of it on demand was paid, NaN where none was on demand alone.
        hourly: hour × group: on-demand cost.
    """

    kinds: pd.DataFrame
    hourly: pd.DataFrame

    @classmethod
    def of(cls, demand: Demand, left: pd.DataFrame, hours: int) -> Supply:
        """From which nodes were there, and what was paid for those that stay."""
        about = sold(demand.nodes).assign(family=demand.nodes["machine"].map(bound_family))
        about = about.set_axis(demand.nodes["asset_id"])
        groups = about.groupby(["family", *SOLD], sort=False, dropna=False).ngroup()
        hourly = hourly_costs(groups, demand.presence, left, hours)
        kinds = about.assign(group=groups).drop_duplicates("group").set_index("group")
        pure = left[(left["standard"] >= PURE) & (left["cost"] > 0)].set_index("asset_id")["cost"]
        there = demand.presence.groupby("asset_id")["hours"].sum().reindex(pure.index)
        by = groups.reindex(pure.index)
        paid = pure.groupby(by).sum() / there.groupby(by).sum()
        return cls(kinds.assign(paid=paid).reindex(hourly.columns), hourly)

    def by_family(self) -> pd.DataFrame:
        """On-demand cost, hour × family."""
        return self.hourly.T.groupby(self.kinds["family"].astype("str")).sum().T

    def bought(self, nodes: pd.DataFrame) -> pd.DataFrame:
        """Those of these nodes that are of a group with on-demand cost."""
        some = self.kinds[self.hourly.sum() > 0]
        keys = some.set_index(SOLD).index
        return nodes[sold(nodes).set_index(SOLD).index.isin(keys)]


def listed_ways(supply: Supply, listed: ListedFrame) -> list[Way]:
    """What lists sell for the cluster's machines, one way a thing that it covers, term and payment.

    Of a machine, a commitment costs what the list asks of its own on-demand rate, and no less than that of what an
    hour was paid: a negotiated or sustained-use discount may not be had on top. What covers several machines
    has their mean discount, by cost. What is bound to a region is of the one that costs most.
    """
    rows = listed[listed["covers"] != "spot"]
    kinds = supply.kinds.assign(cost=supply.hourly.sum()).rename_axis("group").reset_index()
    rows = rows.merge(kinds, on=SOLD)
    dearer = (rows["rate"] / rows["paid"]).fillna(0.0)
    rows["part"] = (rows["rate"] / rows["on_demand"]).clip(lower=dearer)
    rows = rows[(rows["part"] < 1) & (rows["cost"] > 0)]
    bound = rows["covers"] != "any"
    rows["name"] = (
        rows["family"].where(rows["covers"] == "family", rows["machine"]).where(bound, "")
    )
    rows["place"] = rows["region"].where(bound, "")
    ways: dict[tuple[Any, ...], tuple[float, Way]] = {}
    for (name, months, upfront, _), mine in rows.groupby(["name", "months", "upfront", "place"]):
        cost = float(mine["cost"].sum())
        if cost <= ways.get((name, months, upfront), (0.0,))[0]:
            continue
        about = {
            "family": name,
            "months": months,
            "upfront": upfront,
            "discount": 1 - float((mine["part"] * mine["cost"]).sum()) / cost,
            "source": "price list",
            "x_price_list": ", ".join(sorted(mine["source"].unique())),
        }
        covered = supply.hourly[mine["group"].tolist()].sum(axis="columns")
        way = Way(about, covered, sorted(mine["family"].unique()))
        ways[name, months, upfront] = cost, way
    return [way for _, way in ways.values()]
