"""What may run on spot nodes, and what spot was really paid, as the frame `spot`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import schemas
from burn.api.find import WORKLOAD
from burn.findings.visible import could_see
from burn.planning.readiness import readiness

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import SpotFrame
    from burn.planning.asked import PlanRequest


def spotted(asked: PlanRequest) -> SpotFrame:
    """What may run on spot nodes, and what spot was paid."""
    import pandas as pd

    request, demand = asked.request, asked.demand
    judged = readiness(
        demand.traits,
        request.workloads,
        gpus=could_see(request, "requests"),
        claims=could_see(request, "mounts", "volumes"),
    )
    nodes = demand.nodes.join(asked.spot_lists(demand.nodes))
    families = _families(nodes, demand.presence, asked.rates)
    first, *others = WORKLOAD
    whose = judged[first].astype("str").str.cat(judged[others], sep="/")
    parts = [
        judged.assign(scope="workload", subject=whose, name=judged["workload"]),
        families.assign(scope="family", name=families["subject"]),
    ]
    frame = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    frame = schemas.SPOT.fill(frame.reindex(columns=schemas.SPOT.names))
    texts = [c.name for c in schemas.SPOT.columns if c.kind == "string" and not c.null]
    return schemas.SPOT.validate(
        frame.assign(**{t: frame[t].astype("object").fillna("").astype("str") for t in texts}),
        author="burn",
    )


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
        "x_listed": nodes.groupby("family")["listed"].min(),
    }
    # Of no names, pandas makes texts.
    about = {name: names.map(one).astype("float64") for name, one in facts.items()}
    return pd.DataFrame(
        {
            "subject": names,
            "discount": 1 - about["spot"] / about["on_demand"],
            "nodes": about["nodes"].fillna(0.0),
            "gone": about["gone"].fillna(0.0),
            "x_listed": about["x_listed"],
            "x_price_list": names.map(nodes.groupby("family")["source"].first()),
        }
    )
