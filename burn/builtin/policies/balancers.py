"""Who holds a load balancer: the namespace of its Service, whether or not pods stand behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import Observation
from burn.api.stack import stack
from burn.builtin.policies.parts import CARRIER, parts_frame

if TYPE_CHECKING:
    import pandas as pd


def balancer_parts(day: Observation) -> pd.DataFrame:
    """Each balancer is its Service's, once; one without a Service is idle."""
    import numpy as np
    import pandas as pd

    balancers = day.inventory[day.inventory["kind"] == "load_balancer"]
    assets = pd.Index(balancers["asset_id"].astype("str"))
    claimed = (balancers["namespace"] != "").to_numpy()
    service = pd.DataFrame(
        {
            "namespace": balancers["namespace"],
            "workload_kind": "Service",
            "workload": balancers["owner_name"],
            "labels": "{}",
        },
        columns=CARRIER,
    )
    its, nobodys = np.flatnonzero(claimed), np.flatnonzero(~claimed)
    return stack(
        [
            parts_frame(assets, its, "load_balancer", np.ones(len(its)), who=service.iloc[its]),
            parts_frame(assets, nobodys, "load_balancer", np.ones(len(nobodys)), kind="idle"),
        ]
    )
