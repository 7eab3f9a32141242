"""The `kubernetes` metrics source: what there is now, assumed for the window, and said so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from burn.api import (
    BurnError,
    Check,
    CheckRequest,
    Coverage,
    Observation,
    ObserveRequest,
)
from burn.api.vocabulary import OBSERVABLE
from burn.builtin.metrics.common import frames
from burn.builtin.metrics.common.grid import rows_where
from burn.builtin.metrics.common.meter import Meter
from burn.builtin.metrics.common.nodes import GIB, Nodes
from burn.builtin.metrics.common.nodes import inventory as node_inventory
from burn.builtin.metrics.kubernetes.assets import nodes_of, volumes_of
from burn.builtin.metrics.kubernetes.balancers import balancers_of
from burn.builtin.metrics.kubernetes.client import LISTS, AbsentError, KubernetesClient
from burn.builtin.metrics.kubernetes.collector import uncollected
from burn.builtin.metrics.kubernetes.lists import OPTIONAL, Listed, listed
from burn.builtin.metrics.kubernetes.lives import Lives
from burn.builtin.metrics.kubernetes.pods import (
    Pods,
    controllers,
    namespaces_labels,
    pods_of,
    requested,
)
from burn.builtin.metrics.kubernetes.workloads import workloads_of

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.kubernetes.settings import KubernetesSettings

AUTHOR = "burn's kubernetes source"
_NOW = ("volumes", "claims", "services", "ingresses", "requests", "scheduling", "specs")
_LISTED = {"budgets": "poddisruptionbudgets", "autoscalers": "horizontalpodautoscalers"}
"""Kinds that are seen where their list may be read."""


class KubernetesSource:
    """Lists nodes, pods and what is around them once, and keeps it for the run."""

    def __init__(self, settings: KubernetesSettings, *, now: datetime | None = None) -> None:
        self._settings = settings
        self._now = now
        self._listed: Listed | None = None

    def check(self, request: CheckRequest) -> Iterable[Check]:  # noqa: ARG002
        """Whether each kind may be listed; a run does without the optional ones."""
        with KubernetesClient(self._settings, Meter()) as client:
            for kind in LISTS:
                try:
                    count = client.count(kind)
                except AbsentError as error:
                    yield Check(name=kind, ok=True, detail=error.message)
                except BurnError as error:
                    lost = OPTIONAL.get(kind)
                    said = f"{error.message}; not known: {lost}" if lost else error.message
                    yield Check(name=kind, ok=bool(lost), detail=said, hint=error.hint or "")
                else:
                    yield Check(name=kind, ok=True, detail=f"{count} at {client.host}")

    def observe(self, request: ObserveRequest) -> Observation:
        """See `MetricsSource.observe`: presence is from creation to now, usage is unknown."""
        scope, day = request.scope, request.window
        meter = Meter()
        found = self._list(meter)
        now = self._now or datetime.now(UTC)
        lives = Lives(day, now, throughout=request.now)
        nodes = nodes_of(found["nodes"], lives, self._settings.gpu_resources, scope.node_label_keys)
        above = {
            **controllers("ReplicaSet", found["replicasets"]),
            **controllers("Job", found["jobs"]),
        }
        spaces = {space["metadata"]["name"]: space for space in found["namespaces"]}
        pods = pods_of(found["pods"], above, spaces, scope.label_keys)
        usage = self._usage(pods, nodes, lives)
        volumes, stored = volumes_of(found["persistentvolumes"], lives)
        balancers, balanced = balancers_of(found, lives)
        out = frames.Day(day, scope.cluster or "", AUTHOR)
        inventory, presence = out.assets(
            [
                (node_inventory(nodes, frames.sole_pods(usage)), nodes.presence),
                (volumes, stored),
                (balancers, balanced),
            ],
            namespaces_labels(spaces, scope.label_keys),
        )
        ran = usage["pod_uid"].unique()  # pandas looks at each of a pod's hours in turn
        lived = pods.about["uid"].isin(ran).to_numpy()
        mounts = _mounts(pods, volumes)
        there = mounts["asset_id"].isin(inventory["asset_id"]) & mounts["pod_uid"].isin(ran)
        return Observation(
            inventory=inventory,
            presence=presence,
            pods=out.pods(
                rows_where(pods.about, lived),
                rows_where(pods.owners, lived),
                pods.labels[lived].reset_index(drop=True),
            ),
            usage=out.usage(usage),
            mounts=out.mounts(mounts[there]),
            workloads=out.workloads(workloads_of(pods, lived, found, scope.cluster or "")),
            coverage=Coverage(
                queries=meter.queries,
                samples=meter.samples,
                bytes_read=meter.bytes_read,
                sees=_sees(found),
                notes=(
                    _moment(now, throughout=request.now),
                    "requests only: CPU, memory and network used are unknown, and 0 in the frames",
                    *found.notes(),
                ),
            ),
        )

    def _list(self, meter: Meter) -> Listed:
        """Every day of a run must see the same moment, so the API is asked once."""
        if self._listed is None:
            self._now = self._now or datetime.now(UTC)
            with KubernetesClient(self._settings, meter) as client, uncollected():
                self._listed = listed(client)
        return self._listed

    def _usage(self, pods: Pods, nodes: Nodes, lives: Lives) -> pd.DataFrame:
        import numpy as np
        import pandas as pd

        row = pd.Series(np.arange(len(nodes.about)), index=nodes.about["node"])
        node = pods.about["node"].map(row)
        on_node = node.notna().to_numpy()
        at = node.fillna(0).to_numpy(dtype=np.int64)
        there = np.minimum(lives.matrix(pods.objects), nodes.presence[at]) * on_node[:, None]
        asked = requested(pods, nodes, self._settings.gpu_resources)
        pod, hour = np.nonzero(there)
        hours = there[pod, hour]
        starts = pd.date_range(lives.window.start, periods=lives.window.hours, freq="h", unit="us")
        return pd.DataFrame(
            {
                "pod_uid": pods.about["uid"].to_numpy()[pod],
                "asset_id": nodes.about["asset_id"].to_numpy()[at[pod]],
                "hour": starts[hour],
                "hours": hours,
                "cpu_request": asked["cpu"][pod] * hours,
                "cpu_used": 0.0,
                "cpu_p95": np.nan,
                "memory_request": asked["memory"][pod] / GIB * hours,
                "memory_used": 0.0,
                "memory_p95": np.nan,
                "memory_max": np.nan,
                "gpu_request": asked["gpu"][pod] * hours,
                "network_receive": 0.0,
                "network_transmit": 0.0,
            }
        )


def _sees(found: Listed) -> dict[str, bool]:
    """What is there now is shown. Nodes that left, and pods that mounted a volume last night, are not."""
    given = [kind for kind, name in _LISTED.items() if found.get(name) is not None]
    return {kind: kind in (*_NOW, *given) for kind in OBSERVABLE}


def _moment(now: datetime, *, throughout: bool) -> str:
    if throughout:
        return (
            f"an hour of what the Kubernetes API showed at {now:%Y-%m-%dT%H:%M}Z, as if all of it"
            " stayed: a rate, not history"
        )
    return (
        f"PRESENT-DAY SNAPSHOT, NOT HISTORY: what the Kubernetes API showed at"
        f" {now:%Y-%m-%dT%H:%M}Z is taken to have been there since it was created;"
        " nodes, pods and volumes that are gone by now are missing"
    )


def _mounts(pods: Pods, volumes: pd.DataFrame) -> pd.DataFrame:
    """Pods and volumes that meet in a claim."""
    bound = volumes[volumes["owner_name"] != ""]
    pairs = pods.claims.merge(
        bound[["namespace", "owner_name", "asset_id"]],
        left_on=["namespace", "claim"],
        right_on=["namespace", "owner_name"],
    )
    return pairs.rename(columns={"uid": "pod_uid"})[["pod_uid", "asset_id"]].drop_duplicates()
