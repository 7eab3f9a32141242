"""How workloads are run and where they may run, as the API's own lists have it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from burn.api import ObserveRequest, Scope, schemas
from burn.builtin.metrics.kubernetes.client import LISTS
from burn.builtin.metrics.kubernetes.lists import Listed
from burn.builtin.metrics.kubernetes.pods import pods_of
from burn.builtin.metrics.kubernetes.settings import KubernetesSettings
from burn.builtin.metrics.kubernetes.source import KubernetesSource
from burn.builtin.metrics.kubernetes.workloads import workloads_of
from burn.builtin.metrics.kubernetes.zones import zones_of
from burn.planning.readiness import readiness
from burn.planning.traits import traits
from tests.servers.kubernetes import Api, serve
from tests.unit.builtin.metrics.kubernetes.test_source import DAY, NOW, node

MADE = "2026-09-02T00:00:00Z"
Object = dict[str, Any]


def pod(
    name: str,
    made: str = MADE,
    owner: str = "",
    *,
    kind: str = "StatefulSet",
    labels: Mapping[str, str] | None = None,
    ready: float | None = None,
    restarts: int = 0,
    **spec: Any,
) -> Object:
    """Bound at midnight; `ready` is how many seconds later it was."""
    meta: Object = {
        "uid": name,
        "name": name,
        "namespace": "shop",
        "creationTimestamp": made,
        "labels": dict(labels or {}),
    }
    if owner:
        meta["ownerReferences"] = [{"kind": kind, "name": owner, "controller": True}]
    status: Object = {"phase": "Running", "containerStatuses": [{"restartCount": restarts}]}
    if ready is not None:
        at = pd.Timestamp("2026-09-02T00:00:00Z") + pd.Timedelta(seconds=ready)
        status["conditions"] = [
            {"type": "PodScheduled", "status": "True", "lastTransitionTime": MADE},
            {"type": "Ready", "status": "True", "lastTransitionTime": f"{at:%Y-%m-%dT%H:%M:%SZ}"},
        ]
    return {"metadata": meta, "spec": {"nodeName": "n1", "containers": []} | spec, "status": status}


def named(name: str, spec: Object, status: Object | None = None, **meta: Any) -> Object:
    about = {"name": name, "namespace": "shop", "uid": name, "creationTimestamp": MADE} | meta
    return {"metadata": about, "spec": spec, "status": status or {}}


def rows(*objects: Object, without: tuple[str, ...] = (), **lists: list[Object]) -> pd.DataFrame:
    pods = pods_of(objects, {}, {}, ())
    given = {kind: lists.get(kind, []) for kind in LISTS if kind not in without}
    frame = workloads_of(pods, np.ones(len(pods.about), dtype=bool), Listed(given), "prod")
    day = pd.Timestamp("2026-10-01", tz="UTC")
    return schemas.WORKLOADS.validate(frame.assign(day=day), author="test").set_index("workload")


def test_the_newest_pod_speaks_for_its_workload() -> None:
    old = pod("db-0", "2026-09-01T00:00:00Z", "db", nodeSelector={"disk": "hdd"})
    new = pod(
        "db-1",
        MADE,
        "db",
        nodeSelector={"disk": "ssd"},
        priorityClassName="high",
        priority=1000,
        terminationGracePeriodSeconds=90,
        topologySpreadConstraints=[{"maxSkew": 1, "topologyKey": "zone"}],
        tolerations=[{"key": "node.kubernetes.io/not-ready"}, {"key": "gpu", "operator": "Exists"}],
        volumes=[
            {"name": "a", "emptyDir": {}},
            {"name": "b", "emptyDir": {"medium": "Memory"}},
            {"name": "c", "hostPath": {"path": "/var"}},
            {"name": "d", "emptyDir": {}},
        ],
    )
    row = rows(old, new, pod("alone")).loc["db"]
    assert (row["workload_kind"], row["replicas"], row["priority_class"]) == (
        "StatefulSet",
        2,
        "high",
    )
    assert json.loads(row["node_selector"]) == {"disk": "ssd"}
    assert json.loads(row["tolerations"]) == [{"key": "gpu", "operator": "Exists"}]
    assert json.loads(row["spread"])[0]["maxSkew"] == 1
    assert json.loads(row["local_volumes"]) == ["emptyDir", "hostPath", "memory"]
    assert row["spec_known"]
    assert (row["x_priority"], row["x_stop_seconds"]) == (1000, 90)


def test_none_and_unknown_differ() -> None:
    """An empty list is knowledge; a list that was refused is none."""
    facts = ["hpa_min", "hpa_max", "hpa_cpu_target", "disruptions_allowed"]
    row = rows(pod("alone")).loc["alone"]
    assert row[facts].isna().all()
    assert {"budgets", "autoscalers", "claims", "strategy"} <= set(json.loads(row["x_known"]))
    inline = [{"name": "d", "awsElasticBlockStore": {"volumeID": "vol-1"}}]
    assert "claims" not in rows(pod("old", volumes=inline)).loc["old", "x_known"]
    lost = ("poddisruptionbudgets", "horizontalpodautoscalers", "statefulsets")
    frame = rows(pod("alone"), pod("db-0", owner="db"), without=lost)
    assert frame[facts].isna().all(axis=None)
    assert "claims" in frame.loc["alone", "x_known"]
    assert "budgets" not in frame.loc["alone", "x_known"]
    assert "autoscalers" not in frame.loc["alone", "x_known"]
    assert ["strategy" in told for told in frame["x_known"][["alone", "db"]]] == [True, False]


def test_what_a_controller_wants_and_how_it_is_scaled() -> None:
    """Its pods are more during a rollout, and fewer while they cannot be placed."""
    aim = {"type": "Utilization", "averageUtilization": 60}
    scaler = {
        "scaleTargetRef": {"kind": "StatefulSet", "name": "db"},
        "maxReplicas": 9,
        "metrics": [
            {"type": "Resource", "resource": {"name": "cpu", "target": aim}},
            {"type": "Resource", "resource": {"name": "memory", "target": {"averageValue": "1Gi"}}},
            {"type": "Pods", "pods": {"metric": {"name": "cpu"}}},
        ],
    }
    frame = rows(
        pod("db-0", owner="db"),
        pod("log-x", owner="log", kind="DaemonSet"),
        pod("odd-0", owner="odd", kind="Rollout"),
        statefulsets=[named("db", {"replicas": 5, "updateStrategy": {"type": "OnDelete"}})],
        daemonsets=[named("log", {}, {"desiredNumberScheduled": 7})],
        horizontalpodautoscalers=[named("db", scaler)],
    )
    assert frame["replicas"].to_dict() == {"db": 5, "log": 7, "odd": 1}
    assert frame["strategy"].to_dict() == {"db": "OnDelete", "log": "RollingUpdate", "odd": ""}
    db = frame.loc["db"]
    assert (db["hpa_min"], db["hpa_max"], db["hpa_cpu_target"]) == (1, 9, 0.6)
    assert pd.isna(db["hpa_memory_target"])
    assert frame.loc[["log", "odd"], "hpa_min"].isna().all()


COUNTED = {"expectedPods": 4, "desiredHealthy": 3, "disruptionsAllowed": 0, "currentHealthy": 3}
FAILED = {"conditions": [{"type": "DisruptionAllowed", "status": "False", "reason": "SyncFailed"}]}
MINE = {"matchLabels": {"app": "web"}}


@pytest.mark.parametrize(
    ("spec", "status", "allowed"),
    [
        ({"minAvailable": 3}, COUNTED, 1),  # one is not ready just now
        ({"minAvailable": 3}, {}, 1),
        ({"minAvailable": "60%"}, {}, 1),  # 2.4 of 4 are 3
        ({"minAvailable": "100%"}, {}, 0),
        ({"maxUnavailable": "30%"}, {}, 2),  # 1.2 of 4 are 2
        ({"maxUnavailable": 0}, {}, 0),
        ({"maxUnavailable": 9}, {}, 4),
        ({"minAvailable": 2}, COUNTED | {"observedGeneration": 1}, 2),  # it has changed since
        ({"minAvailable": 1}, FAILED, 0),
        ({"minAvailable": 3, "selector": {}}, COUNTED, 1),
        ({"minAvailable": 3, "selector": None}, COUNTED, None),
        ({"minAvailable": 3, "selector": {"matchLabels": {"app": "api"}}}, COUNTED, None),
    ],
)
def test_a_budget_lets_go_what_it_does_of_healthy_pods(
    spec: Object, status: Object, allowed: float | None
) -> None:
    budget = named("b", {"selector": MINE} | spec, status, generation=2)
    row = rows(
        pod("web-x", owner="web", kind="Deployment", labels={"app": "web"}),
        deployments=[named("web", {"replicas": 4})],
        poddisruptionbudgets=[budget],
    ).loc["web"]
    said = row["disruptions_allowed"]
    assert (None if pd.isna(said) else said) == allowed
    assert "budgets" in row["x_known"]


@pytest.mark.parametrize(
    ("terms", "chosen"),
    [
        ([("app", "In", ["web", "api"])], {"web", "api"}),
        ([("app", "NotIn", ["web"])], {"api", "bare"}),
        ([("tier", "Exists", [])], {"web"}),
        ([("tier", "DoesNotExist", []), ("app", "Exists", [])], {"api"}),
    ],
)
def test_budgets_select_as_kubernetes_does_in_their_namespace(
    terms: list[tuple[str, str, list[str]]], chosen: set[str]
) -> None:
    pods = [
        pod("web", labels={"app": "web", "tier": "1"}),
        pod("api", labels={"app": "api"}),
        pod("bare"),
    ]
    words = [{"key": key, "operator": how, "values": values} for key, how, values in terms]
    spec = {"minAvailable": 1, "selector": {"matchExpressions": words}}
    away = named("away", spec, namespace="other")
    frame = rows(*pods, poddisruptionbudgets=[named("b", spec), away])
    assert set(frame.index[frame["disruptions_allowed"].notna()]) == chosen
    twice = rows(*pods, poddisruptionbudgets=[named("b", spec), named("c", spec)])
    assert set(twice.index[twice["disruptions_allowed"] == 0]) >= chosen, "no eviction is allowed"


def test_how_long_pods_take_is_of_those_that_told() -> None:
    """A container that began again made its pod ready again: that was no start."""
    frame = rows(
        *(pod(f"db-{n}", owner="db", ready=at) for n, at in enumerate([10, 12, 50])),
        pod("db-3", owner="db", ready=9000, restarts=1),
        pod("db-4", owner="db"),
        pod("mute-0", owner="mute"),
    )
    assert frame.loc["db", "x_start_seconds"] == 12
    assert pd.isna(frame.loc["mute", "x_start_seconds"])


def test_a_claim_of_a_nodes_own_disk_is_local_data() -> None:
    volume = named(
        "pv", {"local": {"path": "/mnt"}, "claimRef": {"namespace": "shop", "name": "d"}}
    )
    claim = [{"name": "d", "persistentVolumeClaim": {"claimName": "d"}}]
    frame = rows(pod("db-0", owner="db", volumes=claim), pod("web"), persistentvolumes=[volume])
    assert frame["local_volumes"].to_dict() == {"db": '["local"]', "web": "[]"}


def term(key: str, *zones: str) -> Object:
    return {"matchExpressions": [{"key": key, "operator": "In", "values": list(zones)}]}


@pytest.mark.parametrize(
    ("spec", "labels", "zones"),
    [
        ([term("topology.ebs.csi.aws.com/zone", "a")], {}, ["a"]),
        ([term("topology.gke.io/zone", "b"), term("topology.gke.io/zone", "a")], {}, ["a", "b"]),
        ([term("topology.disk.csi.azure.com/zone", "")], {}, None),
        ([term("kubernetes.io/hostname", "n1")], {}, None),
        ([], {"topology.kubernetes.io/zone": "a"}, ["a"]),
        ([], {"failure-domain.beta.kubernetes.io/zone": "b__a"}, ["a", "b"]),
        ([], {}, None),
    ],
)
def test_zones_of_a_volume(spec: list[Object], labels: Object, zones: list[str] | None) -> None:
    made = {"nodeAffinity": {"required": {"nodeSelectorTerms": spec}}} if spec else {}
    assert zones_of({"spec": made, "metadata": {"labels": labels}}) == zones
    for csi, said in (
        ({"driver": "efs.csi.aws.com"}, []),
        ({"driver": "pd.csi.storage.gke.io", "volumeHandle": "projects/p/zones/c/disks/d"}, ["c"]),
        ({"driver": "pd.csi.storage.gke.io", "volumeHandle": "projects/p/regions/c/disks/d"}, None),
    ):
        volume = {"spec": made | {"csi": csi}, "metadata": {"labels": labels}}
        assert zones_of(volume) == (said if zones is None else zones)


def test_an_ordinary_deployment_with_a_budget_is_ready_for_spot(tmp_path: Path) -> None:
    """From the API alone; and so it is not where the API does not let its budgets be read."""
    disk = named(
        "pv",
        {
            "capacity": {"storage": "1Gi"},
            "csi": {"volumeHandle": "v1", "driver": "efs.csi.aws.com"},
            "claimRef": {"namespace": "shop", "name": "shared"},
        },
    )
    claim = [{"name": "d", "persistentVolumeClaim": {"claimName": "shared"}}]
    owner = {"owner": "web", "kind": "Deployment", "labels": {"app": "web"}, "volumes": claim}
    path = LISTS["poddisruptionbudgets"]
    lists = {
        LISTS["nodes"]: [node("n1")],
        LISTS["pods"]: [pod(f"web-{n}", ready=8, **owner) for n in range(3)],
        LISTS["deployments"]: [named("web", {"replicas": 3})],
        LISTS["persistentvolumes"]: [disk],
        path: [named("web", {"minAvailable": 2, "selector": MINE})],
    }
    verdicts = {}
    with serve(Api(lists), tmp_path) as api:
        for status in (200, 403):
            api.refuse[path] = status
            settings = KubernetesSettings(kubeconfig=str(api.kubeconfig))
            seen = KubernetesSource(settings, now=NOW).observe(
                ObserveRequest(scope=Scope(cluster="live"), window=DAY)
            )
            (row,) = readiness(traits(seen), seen.workloads, gpus=True, claims=False).to_dict(
                "records"
            )
            verdicts[status] = row
    assert (verdicts[200]["verdict"], verdicts[200]["unknown"]) == ("ready", "")
    assert verdicts[200]["pro"] == (
        "3 replicas or more; its budget lets 1 go; no data on its node; ready 8 s after it is placed"
    )
    assert (verdicts[403]["verdict"], verdicts[403]["unknown"]) == ("unknown", "disruption budgets")
