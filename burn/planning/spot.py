"""What may run on spot nodes, and what spot was really paid, as the frame `spot`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api import schemas
from burn.api.find import WORKLOAD
from burn.api.vocabulary import BILLED_BY_POD
from burn.findings.visible import could_see
from burn.planning.nodes import WITH_NODE
from burn.planning.readiness import readiness

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import FindRequest, SpotFrame
    from burn.planning.demand import Demand

_ONLY = 0.999
"""Part of a node's cost that was bought one way, from which its rate is that way's."""
_GCP = re.compile(r"-\d+[a-z]?$")
_AZURE = re.compile(r"^(?P<tier>[A-Za-z]+_[A-Za-z]+)\d+(?:-\d+)?(?P<more>.*)$")


def family(machine: str) -> str:
    """The machine type without its size: sizes of a family have one price a core."""
    if "." in machine:
        return machine.partition(".")[0]
    if found := _AZURE.match(machine):
        return found["tier"] + found["more"]
    return _GCP.sub("", machine)


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
    families = _families(demand, _rates(request, demand, paid))
    first, *others = WORKLOAD
    whose = judged[first].astype("str").str.cat(judged[others], sep="/")
    parts = [
        judged.assign(scope="workload", subject=whose, name=judged["workload"]),
        families.assign(scope="family", name=families["subject"]),
        _freed(demand, judged, families, _covered(paid)),
    ]
    frame = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    frame = schemas.SPOT.fill(frame.reindex(columns=schemas.SPOT.names))
    texts = [column.name for column in schemas.SPOT.columns if column.kind == "string"]
    return schemas.SPOT.validate(
        frame.assign(**{t: frame[t].astype("object").fillna("").astype("str") for t in texts}),
        author="burn",
    )


def _rates(request: FindRequest, demand: Demand, paid: pd.DataFrame | None) -> pd.DataFrame:
    """By family and capacity_type, what a core-hour cost that was bought in this way only."""
    import pandas as pd

    if paid is None:
        return pd.DataFrame({"family": [], "capacity_type": [], "rate": []})
    sums = paid.groupby("asset_id")[["quantity", "cost", "modelled", "committed", "standard"]].sum()
    by_pod = request.prices.loc[request.prices["unit"] == BILLED_BY_POD, "asset_id"]
    nodes = demand.nodes[~demand.nodes["asset_id"].isin(by_pod)].join(
        sums, on="asset_id", how="inner"
    )
    whole = nodes["modelled"]
    as_asked = nodes["standard"] >= _ONLY * whole
    as_spot = nodes["committed"] + nodes["standard"] <= (1 - _ONLY) * whole
    on_spot = nodes["capacity_type"] == "spot"
    pure = (whole > 0) & (nodes["cores"] > 0) & ((on_spot & as_spot) | (~on_spot & as_asked))
    rows = nodes[pure].assign(
        family=nodes["machine"].map(family),
        capacity_type=on_spot.map({True: "spot", False: "on_demand"}),
        core_hours=nodes["quantity"] * nodes["cores"],
    )
    by = rows[rows["family"] != ""].groupby(["family", "capacity_type"], as_index=False)
    totals = by[["cost", "core_hours"]].sum()
    return totals.assign(rate=totals["cost"] / totals["core_hours"])


def _families(demand: Demand, rates: pd.DataFrame) -> pd.DataFrame:
    """A row a family: its discount, and what became of its spot nodes."""
    nodes = demand.nodes.assign(family=demand.nodes["machine"].map(family))
    nodes = nodes[nodes["family"] != ""]
    last = demand.presence.groupby("asset_id")["hour"].max()
    spot = nodes[nodes["capacity_type"] == "spot"]
    gone = spot["asset_id"].map(last) < demand.presence["hour"].max()
    price = {
        way: rates[rates["capacity_type"] == way].set_index("family")["rate"]
        for way in ("spot", "on_demand")
    }
    names = nodes["family"].drop_duplicates().sort_values(ignore_index=True)
    return (
        names.rename("subject")
        .to_frame()
        .assign(
            discount=1 - names.map(price["spot"]) / names.map(price["on_demand"]),
            nodes=names.map(spot.groupby("family").size()).fillna(0.0).astype("float64"),
            gone=names.map(gone.groupby(spot["family"]).sum()).fillna(0.0).astype("float64"),
        )
    )


def _covered(paid: pd.DataFrame | None) -> Sequence[str]:
    """Nodes that a commitment paid for in part: on spot, both would be paid until it ends."""
    if paid is None:
        return ()
    sums = paid.groupby("asset_id")["committed"].sum()
    return sums.index[sums > 0].tolist()


def _freed(
    demand: Demand, judged: pd.DataFrame, families: pd.DataFrame, covered: Sequence[str]
) -> pd.DataFrame:
    """On-demand nodes all of whose pods, in the busiest hours, may go to spot together."""
    pods = demand.pods[~demand.pods["workload_kind"].isin(WITH_NODE)]
    pods = pods.merge(judged[[*WORKLOAD, "verdict"]], how="left", on=list(WORKLOAD))
    may = pods["verdict"].eq("ready").groupby(pods["asset_id"]).all()
    nodes = demand.nodes[
        (demand.nodes["capacity_type"] == "on_demand")
        & demand.nodes["asset_id"].isin(may.index[may])
        & ~demand.nodes["asset_id"].isin(covered)
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
            discount=nodes["machine"].map(family).map(discount),
        )
    )
