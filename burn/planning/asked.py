"""What a plan is made from: the window, what was paid, and what price lists ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from burn.api import ListedFrame, SoldMachine, schemas
from burn.api.find import WEEK
from burn.planning.families import families_of
from burn.planning.rates import rates

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import FindRequest
    from burn.planning.demand import Demand

Lists = Callable[[Sequence[SoldMachine]], ListedFrame]
"""What price lists ask for machines, see `burn.api.schemas.LISTED`."""
SOLD = ["machine", "region", "gpus"]


def nothing_listed(machines: Sequence[SoldMachine]) -> ListedFrame:  # noqa: ARG001
    """No list may be asked."""
    return schemas.LISTED.empty()


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What the parts of a plan have in common.

    Attributes:
        request: the run's frames.
        demand: its busiest hours; its `nodes` have `family`, too, see `burn.planning.families`.
        paid: `burn.stages.reconcile.Reconciled.paid`; None: there is no bill, so that only sizes are
            known.
        rates: what a core-hour was paid, see `burn.planning.rates`.
        lists: asks price lists.
    """

    request: FindRequest
    demand: Demand
    paid: pd.DataFrame | None
    rates: pd.DataFrame
    lists: Lists

    @classmethod
    def of(
        cls,
        request: FindRequest,
        demand: Demand,
        paid: pd.DataFrame | None,
        lists: Lists = nothing_listed,
    ) -> PlanRequest:
        """Families and rates, worked out once."""
        seen = demand.with_nodes(demand.nodes.assign(family=families_of(demand.nodes)))
        known = rates(request.prices, seen.nodes, paid)
        return cls(request, seen, paid, known, lists)

    def spot_lists(self, nodes: pd.DataFrame) -> pd.DataFrame:
        """Of each node, what lists ask for it as spot: `listed`, 1 - spot ÷ on-demand, and `source`.

        Args:
            nodes: of `Demand.nodes`, or of some of its columns; of others `listed` is NaN.
        """
        rows = self.listed(self.demand.nodes[self.demand.nodes["capacity_type"] != "spot"])
        rows = rows[rows["covers"] == "spot"]
        rows = rows.assign(listed=1 - rows["rate"] / rows["on_demand"])
        found = sold(nodes).merge(rows[[*SOLD, "listed", "source"]], how="left", on=SOLD)
        return found[["listed", "source"]].set_axis(nodes.index)

    def listed(self, nodes: pd.DataFrame) -> ListedFrame:
        """What lists ask for the types of these nodes; nothing where no step is about nodes.

        Args:
            nodes: of `Demand.nodes`.
        """
        if self.paid is None or self.request.hours < WEEK:
            return schemas.LISTED.empty()
        about = sold(nodes)
        about = about[about["machine"] != ""].drop_duplicates()
        machines = [SoldMachine(*row) for row in about.itertuples(index=False, name=None)]
        return self.lists(machines) if machines else schemas.LISTED.empty()


def sold(nodes: pd.DataFrame) -> pd.DataFrame:
    """Of each node, what lists know it by: machine, region, gpus; without a machine unless on Linux."""
    linux = nodes["os"].isin(["linux", ""]) & (nodes["region"] != "")
    named = nodes["machine"].astype("str").where(linux, "")
    return nodes.assign(machine=named, gpus=nodes["gpu"])[SOLD]
