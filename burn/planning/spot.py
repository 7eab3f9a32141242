"""What may run on spot nodes, and what spot was really paid, as the frame `spot`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import schemas
from burn.api.find import WORKLOAD
from burn.findings.visible import could_see
from burn.planning.families import families_of
from burn.planning.rates import rates
from burn.planning.readiness import readiness

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import FindRequest, SpotFrame
    from burn.planning.demand import Demand


def spotted(request: FindRequest, demand: Demand, paid: pd.DataFrame | None) -> SpotFrame:
    """What may run on spot nodes, and what spot was paid.

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
    families = _families(nodes, demand.presence, rates(request.prices, nodes, paid))
    first, *others = WORKLOAD
    whose = judged[first].astype("str").str.cat(judged[others], sep="/")
    parts = [
        judged.assign(scope="workload", subject=whose, name=judged["workload"]),
        families.assign(scope="family", name=families["subject"]),
    ]
    frame = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    frame = schemas.SPOT.fill(frame.reindex(columns=schemas.SPOT.names))
    texts = [column.name for column in schemas.SPOT.columns if column.kind == "string"]
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
