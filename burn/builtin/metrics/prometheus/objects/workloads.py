"""Who owns a pod: ReplicaSet → Deployment, Job → CronJob, a node's static pods → StaticPod."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.builtin.metrics.common.grid import Grid, text
from burn.builtin.metrics.common.static_pods import owners_of_static

if TYPE_CHECKING:
    import pandas as pd

NOBODY = ("", "<none>")


def workloads(pods: pd.DataFrame, replicasets: Grid, jobs: Grid) -> pd.DataFrame:
    """Columns `kind` and `name` of each pod's workload, in the order of `pods`.

    Args:
        pods: namespace, pod, node, created_by_kind, created_by_name.
        replicasets: counts of kube_replicaset_owner.
        jobs: counts of kube_job_owner.
    """
    import numpy as np
    import pandas as pd

    parents = pd.concat(
        [
            _owners(replicasets, "replicaset", "ReplicaSet"),
            _owners(jobs, "job_name", "Job"),
        ]
    )
    made_by = pods[["namespace", "created_by_kind", "created_by_name"]]
    above = made_by.merge(parents, on=list(made_by.columns), how="left")
    alone = pods["created_by_kind"].isin(NOBODY).to_numpy()
    kind, name = (
        text(above[f"owner_{column}"].combine_first(above[f"created_by_{column}"]))
        for column in ("kind", "name")
    )
    owners = pd.DataFrame(
        {
            "kind": np.where(alone, "Pod", kind),
            "name": np.where(alone, pods["pod"], name),
        }
    )
    return owners_of_static(owners, pods)


def _owners(grid: Grid, label: str, kind: str) -> pd.DataFrame:
    """One owner per object: the one seen longest."""
    frame = grid.labels.assign(seen=grid.values[:, 0], created_by_kind=kind)
    frame = frame.rename(columns={label: "created_by_name"}).sort_values("seen", kind="stable")
    return frame.drop_duplicates(["namespace", "created_by_name"], keep="last").drop(columns="seen")
