"""What may run on spot nodes, and what spot was really paid, as the frame `spot`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api import schemas
from burn.api.find import WORKLOAD
from burn.api.vocabulary import BILLED_BY_POD
from burn.findings.visible import could_see
from burn.planning.families import families_of
from burn.planning.nodes import WITH_NODE
from burn.planning.readiness import readiness

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import FindRequest, SpotFrame
    from burn.planning.demand import Demand

_ONLY = 0.999
"""Part of a node's cost that was bought one way, from which its rate is that way's."""


def spotted(request: FindRequest, demand: Demand, paid: pd.DataFrame | None) -> SpotFrame:
    """What may run on spot nodes, what spot was paid, and on-demand nodes that held only what may.

    Args:
        request: the run's frames.
        demand: its busiest hours.
        paid: `burn.stages.reconcile.Reconciled.paid`; None: no bill, so that no discount is known.
    """
    import pandas as pd

    judged = readiness(
        demand.traits,
        request.workloads,
        gpus=could_see(request, "requests"),
        claims=could_see(request, "mounts", "volumes"),
    )
    nodes = demand.nodes.assign(family=families_of(demand.nodes))
    families = _families(nodes, demand.presence, _rates(request, nodes, paid))
    first, *others = WORKLOAD
    whose = judged[first].astype("str").str.cat(judged[others], sep="/")
    parts = [
        judged.assign(scope="workload", subject=whose, name=judged["workload"]),
        families.assign(scope="family", name=families["subject"]),
        _freed(nodes, demand.pods, judged, families, _covered(paid)),
    ]
    frame = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    frame = schemas.SPOT.fill(frame.reindex(columns=schemas.SPOT.names))
    texts = [column.name for column in schemas.SPOT.columns if column.kind == "string"]
    return schemas.SPOT.validate(
        frame.assign(**{t: frame[t].astype("object").fillna("").astype("str") for t in texts}),
        author="burn",
    )


def _rates(request: FindRequest, nodes: pd.DataFrame, paid: pd.DataFrame | None) -> pd.DataFrame:
    """By family and capacity_type, what a core-hour cost that was bought in this way only."""
    import pandas as pd

    if paid is None:
        return pd.DataFrame({"family": [], "capacity_type": [], "rate": []})
    sums = paid.groupby("asset_id")[["quantity", "cost", "modelled", "committed", "standard"]].sum()
    by_pod = request.prices.loc[request.prices["unit"] == BILLED_BY_POD, "asset_id"]
    nodes = nodes[~nodes["asset_id"].isin(by_pod)].join(sums, on="asset_id", how="inner")
    whole = nodes["modelled"]
    as_asked = nodes["standard"] >= _ONLY * whole
    as_spot = nodes["committed"] + nodes["standard"] <= (1 - _ONLY) * whole
    on_spot = nodes["capacity_type"] == "spot"
    pure = (
        (whole > 0)
        & (nodes["cores"] * nodes["quantity"] > 0)
        & ((on_spot & as_spot) | (~on_spot & as_asked))
    )
    rows = nodes[pure].assign(
        capacity_type=on_spot.map({True: "spot", False: "on_demand"}),
        core_hours=nodes["quantity"] * nodes["cores"],
    )
    by = rows[rows["family"] != ""].groupby(["family", "capacity_type"], as_index=False)
    totals = by[["cost", "core_hours"]].sum()
    return totals.assign(rate=totals["cost"] / totals["core_hours"])


def _families(nodes: pd.DataFrame, presence: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """A row a family: its discount, and what became of its spot nodes."""
    import pandas as pd

    nodes = nodes[nodes["family"] != ""]
    last = presence.groupby("asset_id")["hour"].max()
    spot = nodes[nodes["capacity_type"] == "spot"]
    gone = spot["asset_id"].isin(last.index[last < presence["hour"].max()])
    names = nodes["family"].drop_duplicates().sort_values(ignore_index=True)
    facts = {
        "spot": rates[rates["capacity_type"] == "spot"].set_index("family")["rate"],
        "on_demand": rates[rates["capacity_type"] == "on_demand"].set_index("family")["rate"],
        "nodes": spot.groupby("family").size(),
        "gone": gone.groupby(spot["family"]).sum(),
    }
    # Of no names, pandas makes texts.
    about = {name: names.map(one).astype("float64") for name, one in facts.items()}
    return pd.DataFrame(
        {
            "subject": names,
            "discount": 1 - about["spot"] / about["on_demand"],
            "nodes": about["nodes"].fillna(0.0),
            "gone": about["gone"].fillna(0.0),
        }
    )


def _covered(paid: pd.DataFrame | None) -> Sequence[str]:
    """Nodes that a commitment paid for in part: on spot, both would be paid until it ends."""
    if paid is None:
        return ()
    sums = paid.groupby("asset_id")["committed"].sum()
    return sums.index[sums > 0].tolist()


def _freed(
    nodes: pd.DataFrame,
    pods: pd.DataFrame,
    judged: pd.DataFrame,
    families: pd.DataFrame,
    covered: Sequence[str],
) -> pd.DataFrame:
    """On-demand nodes all of whose pods, in the busiest hours, may go to spot together."""
    pods = pods[~pods["workload_kind"].isin(WITH_NODE)]
    pods = pods.merge(judged[[*WORKLOAD, "verdict"]], how="left", on=list(WORKLOAD))
    may = pods["verdict"].eq("ready").groupby(pods["asset_id"]).all()
    nodes = nodes[
        (nodes["capacity_type"] == "on_demand")
        & nodes["asset_id"].isin(may.index[may])
        & ~nodes["asset_id"].isin(covered)
    ]
    who = pods["namespace"] + "/" + pods["workload"]
    together = who.groupby(pods["asset_id"]).agg(lambda names: ", ".join(sorted(set(names))))
    discount = families.set_index("subject")["discount"]
    return (
        nodes[["asset_id", "name"]]
        .rename(columns={"asset_id": "subject"})
        .assign(
            scope="node",
            pro=nodes["asset_id"].map(together),
            discount=nodes["family"].map(discount),
        )
    )
