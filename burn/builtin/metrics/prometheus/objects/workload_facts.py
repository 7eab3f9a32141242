"""The `workloads` frame of a day, as far as kube-state-metrics tells, and what of it is known.

A metric of which there is no series may be about a kind that the cluster has none of, or that nobody
shows. So none is known only where another object of the kind is shown, or where kube-state-metrics says
of itself that it listed the kind.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from burn.api.containers import FACTS, WORKLOADS
from burn.builtin.metrics.common.grid import text
from burn.builtin.metrics.prometheus.objects.autoscalers import scaled
from burn.builtin.metrics.prometheus.objects.budgets import budgeted
from burn.builtin.metrics.prometheus.objects.controllers import KEY, said, shown
from burn.builtin.metrics.prometheus.objects.workloads import NOBODY
from burn.builtin.metrics.prometheus.queries import workloads as queries

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.common.grid import Grid
    from burn.builtin.metrics.prometheus.api.fetch import Fetch
    from burn.builtin.metrics.prometheus.objects.pods import Pods

_KINDS = {"budgets": queries.BUDGET, "autoscalers": queries.SCALER}


@dataclass(frozen=True, slots=True)
class Workloads:
    """Rows of the schema but `day`; and of budgets and autoscalers, which are shown."""

    rows: pd.DataFrame
    sees: dict[str, bool]


def workloads_of(
    fetch: Fetch, cluster: str, pods: Pods, who: pd.DataFrame, *, claims: bool
) -> Workloads:
    """Rows of the workloads that have pods on the day.

    Args:
        fetch: of the day.
        cluster: its name.
        pods: those of the day.
        who: their frame.
        claims: whether it is shown which pods mount which claims.
    """
    import pandas as pd

    facts = said(fetch.grid(queries.CONTROLLERS))
    made = pods.about.merge(who[["pod_uid", *KEY[1:]]], left_on="uid", right_on="pod_uid")
    rows = made[KEY].drop_duplicates(ignore_index=True)
    wanted = facts[facts["fact"] == "replicas"].groupby(KEY)["value"].max().rename("replicas")
    rows = rows.join(wanted, on=KEY)
    autoscalers, scalers = scaled(facts)
    rows = rows.merge(autoscalers, on=KEY, how="left")
    allowed, held = budgeted(facts, rows)
    rows = rows.assign(disruptions_allowed=allowed, strategy=_strategies(facts, rows))
    rows, tolerations = _created(rows, fetch.grid(queries.CREATED), made)
    rows, ranked = _ranked(rows, made, pods)
    sure = pd.DataFrame(False, index=rows.index, columns=list(FACTS))
    sure = sure.assign(autoscalers=scalers, budgets=held, strategy=rows["strategy"] != "")
    sure = sure.assign(claims=claims, priority=ranked, tolerations=tolerations)
    return Workloads(
        WORKLOADS.fill(rows.assign(cluster=cluster, x_known=_names(sure))),
        {kind: True for kind, name in _KINDS.items() if shown(facts, name)},
    )


def _strategies(facts: pd.DataFrame, rows: pd.DataFrame) -> pd.Series[str]:
    """Of Deployments, where it is shown of any: those without a rolling update's limits have none."""
    import pandas as pd

    rolling = facts.loc[facts["fact"] == "rolling", KEY]
    mine = pd.MultiIndex.from_frame(rows[KEY])
    rolls = mine.isin(pd.MultiIndex.from_frame(rolling))
    others = (
        (rows["workload_kind"] == "Deployment") & rows["replicas"].notna() & (not rolling.empty)
    )
    out = pd.Series("", index=rows.index, dtype="str").mask(others, "Recreate")
    return out.mask(rolls, "RollingUpdate")


def _names(sure: pd.DataFrame) -> pd.Series[str]:
    """Of each row, the columns that are true, as a JSON list; each distinct list is written once."""
    import numpy as np
    import pandas as pd

    code = sure[list(FACTS)].to_numpy(dtype=np.int64) @ (1 << np.arange(len(FACTS)))
    words = {
        one: json.dumps([fact for bit, fact in enumerate(FACTS) if one >> bit & 1])
        for one in np.unique(code).tolist()
    }
    return pd.Series(code, index=sure.index).map(words).astype("str")


def _created(
    rows: pd.DataFrame, grid: Grid, made: pd.DataFrame
) -> tuple[pd.DataFrame, pd.Series[bool]]:
    """What is known of pods by what created them, and of which rows tolerations are.

    Of several creators of one workload the slower counts. Pods that nobody made, or that a node did,
    would be taken together.
    """
    import pandas as pd

    facts = grid.labels.assign(seconds=grid.values[:, 0])
    one = ~made["created_by_kind"].isin([*NOBODY, "Node"])
    of = made.loc[one, [*KEY, "created_by_kind", "created_by_name"]].drop_duplicates()
    told = facts.merge(of, on=list(queries.CREATOR))
    start = told[told["fact"] == "start"].groupby(KEY)["seconds"].max().rename("x_start_seconds")
    own = told[told["fact"] == "tolerates"].drop_duplicates([*KEY, *queries.TOLERATION])
    own = own.sort_values([*KEY, *queries.TOLERATION])
    words = [
        {name: value for name, value in one.items() if value}
        for one in own[list(queries.TOLERATION)].to_dict("records")
    ]
    said_as = pd.Series(words, index=own.index, dtype="object")
    lists = said_as.groupby([own[key] for key in KEY]).agg(lambda group: json.dumps(list(group)))
    rows = rows.join(start, on=KEY).join(lists.rename("tolerations"), on=KEY)
    alone = rows["workload_kind"].isin(["Pod", "StaticPod"])
    sure = ~alone & bool((facts["fact"] == "tolerations").any())
    none = rows["tolerations"].mask(rows["tolerations"].isna() & sure, "[]")
    return rows.assign(tolerations=text(none)), sure


def _ranked(rows: pd.DataFrame, made: pd.DataFrame, pods: Pods) -> tuple[pd.DataFrame, bool]:
    """The priority class of the pod that was there last; shown where any pod of the cluster has one."""
    import numpy as np

    last = pods.presence.shape[1] - np.argmax(pods.presence[:, ::-1] > 0, axis=1)
    seen = dict(zip(pods.about["uid"], last, strict=True))
    order = made.assign(last=made["uid"].map(seen)).sort_values("last", kind="stable")
    by = order.drop_duplicates(KEY, keep="last").set_index(KEY)["priority_class"]
    return rows.join(by, on=KEY), bool((made["priority_class"] != "").any())
