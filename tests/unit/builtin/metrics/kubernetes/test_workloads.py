"""What pods say of where they may run, as the API's own lists have it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd

from burn.api import schemas
from burn.builtin.metrics.kubernetes.pods import pods_of
from burn.builtin.metrics.kubernetes.workloads import workloads_of


def pod(name: str, made: str, owner: str = "", **spec: Any) -> dict[str, Any]:
    meta: dict[str, Any] = {
        "uid": name,
        "name": name,
        "namespace": "shop",
        "creationTimestamp": made,
    }
    if owner:
        meta["ownerReferences"] = [{"kind": "StatefulSet", "name": owner, "controller": True}]
    return {"metadata": meta, "spec": {"nodeName": "n1", "containers": []} | spec, "status": {}}


def rows(*objects: dict[str, Any]) -> pd.DataFrame:
    pods = pods_of(objects, {}, {}, ())
    frame = workloads_of(pods, np.ones(len(pods.about), dtype=bool), "prod")
    day = pd.Timestamp("2026-10-01", tz="UTC")
    return schemas.WORKLOADS.validate(frame.assign(day=day), author="test").set_index("workload")


def test_the_newest_pod_speaks_for_its_workload() -> None:
    old = pod("db-0", "2026-09-01T00:00:00Z", "db", nodeSelector={"disk": "hdd"})
    new = pod(
        "db-1",
        "2026-09-02T00:00:00Z",
        "db",
        nodeSelector={"disk": "ssd"},
        priorityClassName="high",
        topologySpreadConstraints=[{"maxSkew": 1, "topologyKey": "zone"}],
        tolerations=[{"key": "node.kubernetes.io/not-ready"}, {"key": "gpu", "operator": "Exists"}],
        volumes=[
            {"name": "a", "emptyDir": {}},
            {"name": "b", "emptyDir": {"medium": "Memory"}},
            {"name": "c", "hostPath": {"path": "/var"}},
            {"name": "d", "emptyDir": {}},
        ],
    )
    row = rows(old, new, pod("alone", "2026-09-02T00:00:00Z")).loc["db"]
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


def test_what_is_not_listed_is_unknown() -> None:
    row = rows(pod("alone", "2026-09-02T00:00:00Z")).loc["alone"]
    assert row[["hpa_min", "hpa_max", "hpa_cpu_target", "disruptions_allowed"]].isna().all()
    assert (row["workload_kind"], row["local_volumes"], row["strategy"]) == ("Pod", "[]", "")
