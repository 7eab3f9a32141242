"""The steps in sequence, as the frame `plan`: each begins where the one before it ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from burn.api import schemas
from burn.api.find import WEEK, WORKLOAD
from burn.api.vocabulary import BILLED_BY_POD
from burn.findings.covering import at_on_demand, discount_of, unused
from burn.findings.visible import could_see
from burn.planning.commit import break_even, floor
from burn.planning.demand import POOL, RESOURCES
from burn.planning.nodes import BOUND, WITH_NODE, Pool, hour_of, surplus

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import Finding, FindRequest, PlanFrame
    from burn.planning.demand import Demand


NEEDED = ("requests", "cpu_use", "memory_use", "scheduling")
"""What the metrics must show for a node to be called spare."""


def planned(
    request: FindRequest, demand: Demand, paid: pd.DataFrame | None, found: Sequence[Finding]
) -> PlanFrame:
    """What the cluster could save a month: right-sizing, then fewer nodes, then commitments.

    Amounts are a month's (730 hours) at what was paid. `idle` is no money: it is what right-sizing
    frees on nodes. `now` leaves the bill when the step is done; `later` stays on it, as
    unused commitment, until the commitment ends.

    Args:
        request: the run's frames.
        demand: its busiest hours.
        paid: see `burn.planning.paid`; None: there is no bill, so that only sizes are known.
        found: the run's findings, of which rule `right-size` is the first step.
    """
    import pandas as pd

    rows = [
        _row(
            "right-size",
            one.subject,
            one.action,
            **{"now" if one.bill_saving else "idle": one.amount},
        )
        for one in found
        if one.rule == "right-size"
    ]
    if paid is not None:
        pods = _resized(demand.pods, request)
        gone = _fewer(request, demand, pods, paid)
        rows += gone
        left = paid[~paid["asset_id"].isin([row["subject"] for row in gone])]
        rows += _commit(request, demand, left, sum(row["later"] for row in gone))
    frame = pd.DataFrame(rows, columns=schemas.PLAN.names)
    for name in ("idle", "now", "later"):
        frame[name] = frame[name].astype("float64") * request.month
    return schemas.PLAN.validate(frame, author="burn")


def _row(step: str, subject: str, why: str = "", **money: float) -> dict[str, Any]:
    return {
        "step": step,
        "subject": subject,
        "why": why,
        "idle": 0.0,
        "now": 0.0,
        "later": 0.0,
    } | money


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


def _fewer(
    request: FindRequest, demand: Demand, pods: pd.DataFrame, paid: pd.DataFrame
) -> list[dict[str, Any]]:
    """Nodes that can go, pool by pool; none where an hour may have been missed."""
    import numpy as np

    if request.hours < WEEK or not could_see(request, *NEEDED):
        return []
    out: list[dict[str, Any]] = []
    limits = request.thresholds
    seen = demand.presence.groupby("asset_id")["hours"].sum()
    steady = seen.index[seen >= limits.steady * request.hours]
    by_pod = request.prices.loc[request.prices["unit"] == BILLED_BY_POD, "asset_id"]
    cost = paid.set_index("asset_id")
    nodes = demand.nodes[
        demand.nodes["asset_id"].isin(steady)
        & ~demand.nodes["asset_id"].isin(by_pod)
        & (demand.nodes["pool"] != "")
    ]
    for key, members in nodes.groupby(POOL, sort=True):
        mine = pods[(pods["cluster"] == key[0]) & (pods["pool"] == key[1])]
        names = members["asset_id"].tolist()
        amount = cost["cost"].reindex(names)
        bound = mine.loc[_bound(mine, request.workloads), "asset_id"]
        room = members[list(RESOURCES)].to_numpy(dtype=np.float64)
        pool = Pool(
            names=names,
            room=room * np.array([limits.fill, limits.fill, 1.0]),
            slots=_slots(members, mine),
            cost=amount.fillna(0.0).to_numpy(),
            movable=amount.notna().to_numpy() & ~members["asset_id"].isin(bound).to_numpy(),
            hours=[hour_of(rows, names) for _, rows in mine.groupby("hour", sort=True)],
        )
        for at in surplus(pool):
            one, name = names[at], str(members["name"].iloc[at])
            part = float(cost.loc[one, "committed"])
            why = f"{name} of pool {key[1]}: the others hold its busiest hours"
            out.append(
                _row("nodes", one, why, now=pool.cost[at] * (1 - part), later=pool.cost[at] * part)
            )
    return out


def _bound(pods: pd.DataFrame, workloads: pd.DataFrame | None) -> Any:
    """Pods whose node must stay.

    Nobody makes them again, they hold a GPU or their node's disk, or their disruption budget lets none
    of them go.
    """
    import pandas as pd

    fixed = pods["workload_kind"].isin(BOUND) | (
        (pods["gpu"] > 0) & ~pods["workload_kind"].isin(WITH_NODE)
    )
    if workloads is None:
        return fixed
    held = (workloads["disruptions_allowed"] == 0) | workloads["local_volumes"].str.contains(
        "hostPath"
    )
    known = pd.MultiIndex.from_frame(workloads.loc[held, list(WORKLOAD)].astype("str"))
    mine = pd.MultiIndex.from_frame(pods[list(WORKLOAD)])
    return fixed | (mine.isin(known) & ~pods["workload_kind"].isin(WITH_NODE))


def _slots(members: pd.DataFrame, pods: pd.DataFrame) -> Any:
    """Pods that each node takes; where nobody says, no more than were seen on one of the pool."""
    counts = pods.groupby(["hour", "asset_id"]).size()
    seen = float(counts.max()) if len(counts) else 0.0
    return members["pod_slots"].fillna(seen).to_numpy(dtype=float)


def _commit(
    request: FindRequest, demand: Demand, left: pd.DataFrame, freed: float
) -> list[dict[str, Any]]:
    """A commitment to the on-demand cost that nearly every hour of the nodes left has.

    What is committed and not used comes first: on the bill, or `freed` by the nodes that go.
    """
    import pandas as pd

    if request.hours < WEEK or left.empty or demand.presence.empty:
        return []
    there = demand.presence.merge(left, on="asset_id")
    hours = there.groupby("asset_id")["hours"].transform("sum")
    rate = there["cost"] * there["standard"] / hours
    hourly = (rate * there["hours"]).groupby(there["hour"]).sum()
    missing = request.hours - len(hourly)
    hourly = pd.concat([hourly, pd.Series([0.0] * max(0, missing))], ignore_index=True)
    discount, learned = discount_of(request)
    first = at_on_demand(unused(request) + freed, discount) / request.hours
    found = floor(hourly, first, discount)
    if found.saving <= 0:
        return []
    whose = "what this bill's commitments give" if learned else "assumed"
    why = (
        f"{found.hourly:,.4g} an hour of on-demand nodes, which 9 of 10 hours have; {discount:.0%}"
        f" off is {whose}; it pays from {break_even(discount):,.0f} hours a month on"
    )
    return [_row("commit", "nodes", why, now=found.saving * request.hours)]
