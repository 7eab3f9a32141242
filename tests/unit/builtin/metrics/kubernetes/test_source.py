"""The live API as a source: what is there now, from its creation to now, and loudly so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from burn.api import (
    AccessError,
    CheckRequest,
    Observation,
    ObserveRequest,
    Scope,
    UsageError,
    Window,
)
from burn.builtin.metrics.kubernetes.settings import KubernetesSettings
from burn.builtin.metrics.kubernetes.source import KubernetesSource
from tests.servers.kubernetes import TOKEN, Api, serve

DAY = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))
OLD = "2026-09-01T00:00:00Z"
NOW = DAY.start + timedelta(hours=20, minutes=30)


def meta(name: str, created: str = OLD, namespace: str = "shop", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "namespace": namespace,
        "uid": f"uid-{name}",
        "creationTimestamp": created,
    } | more


def owned(kind: str, name: str) -> dict[str, Any]:
    return {"ownerReferences": [{"kind": kind, "name": name, "controller": True}]}


def node(name: str, created: str = OLD, **labels: str) -> dict[str, Any]:
    sizes = {"cpu": "4", "memory": "16Gi", "nvidia.com/gpu": "8"}
    return {
        "metadata": meta(name, created, labels=labels),
        "spec": {"providerID": f"cloud:///z/{name}"},
        "status": {"capacity": sizes, "allocatable": sizes | {"cpu": "3920m"}},
    }


def pod(
    name: str, on: str, requests: dict[str, str], phase: str = "Running", **more: Any
) -> dict[str, Any]:
    spec = {"nodeName": on, "containers": [{"name": "a", "resources": {"requests": requests}}]}
    return {
        "metadata": meta(name, **more.pop("meta", {})),
        "spec": spec | more,
        "status": {"phase": phase},
    }


def gateway(name: str, *addresses: tuple[str, str]) -> dict[str, Any]:
    found = [{"type": kind, "value": value} for kind, value in addresses]
    return {"metadata": meta(name), "spec": {}, "status": {"addresses": found}}


def lists() -> dict[str, list[dict[str, Any]]]:
    sliced = {"nvidia.com/gpu.count": "2", "nvidia.com/gpu.replicas": "4"}
    start = {"name": "init", "resources": {"requests": {"cpu": "2"}}}
    side = {"name": "side", "restartPolicy": "Always", "resources": {"requests": {"cpu": "250m"}}}
    claim = [{"name": "d", "persistentVolumeClaim": {"claimName": "data"}}]
    shared = {"loadBalancer": {"ingress": [{"hostname": "x.example"}]}}
    return {
        "/api/v1/nodes": [
            node("n1", **{"node.kubernetes.io/instance-type": "m5.xlarge", **sliced}),
            node("n2", "2026-10-01T06:00:00Z", **{"karpenter.sh/capacity-type": "spot"}),
        ],
        "/api/v1/pods": [
            pod(
                "web",
                "n1",
                {"cpu": "500m", "memory": "1Gi"},
                meta=owned("ReplicaSet", "web-1") | {"labels": {"team": "a"}},
                volumes=claim,
            ),
            pod(
                "slow-start",
                "n1",
                {"cpu": "1"},
                initContainers=[side, start],
                overhead={"cpu": "250m"},
            ),
            pod("beside", "n1", {"cpu": "1"}, initContainers=[start | {"resources": {}}, side]),
            pod("gpu", "n1", {"nvidia.com/gpu": "1"}, meta=owned("Job", "train-1")),
            pod("whole", "n1", {"cpu": "1"}, resources={"requests": {"cpu": "3"}}),
            pod("young", "n2", {"cpu": "1"}, meta={"created": "2026-10-01T06:30:00Z"}),
            pod("finished", "n1", {"cpu": "1"}, "Succeeded"),
            pod("waiting", "", {"cpu": "1"}, "Pending"),
            pod("homeless", "gone", {"cpu": "1"}),
        ],
        "/api/v1/persistentvolumes": [
            {
                "metadata": meta("pv-1"),
                "spec": {
                    "capacity": {"storage": "100Gi"},
                    "csi": {"volumeHandle": "vol-1"},
                    "storageClassName": "gp3",
                    "claimRef": {"namespace": "shop", "name": "data"},
                },
            },
            {
                "metadata": meta("pv-2"),
                "spec": {"capacity": {"storage": "1Gi"}, "gcePersistentDisk": {"pdName": "pd-2"}},
            },
            {
                "metadata": meta("pv-3"),
                "spec": {"capacity": {"storage": "1Gi"}, "hostPath": {"path": "/"}},
            },
        ],
        "/api/v1/services": [
            {"metadata": meta("api"), "spec": {"type": "LoadBalancer"}, "status": shared},
            {"metadata": meta("inner"), "spec": {"type": "ClusterIP", "clusterIP": "10.96.0.7"}},
            {"metadata": meta("pending"), "spec": {"type": "LoadBalancer"}},
        ],
        "/apis/networking.k8s.io/v1/ingresses": [
            {"metadata": meta("same"), "spec": {}, "status": shared},
            {
                "metadata": meta("own"),
                "spec": {},
                "status": {"loadBalancer": {"ingress": [{"ip": "10.0.0.9"}, {"ip": "fd00::9"}]}},
            },
        ],
        "/apis/gateway.networking.k8s.io/v1/gateways": [
            gateway("edge", ("Hostname", "edge.example"), ("IPAddress", "10.0.0.8")),
            gateway("behind", ("Hostname", "x.example")),
            gateway("mesh", ("IPAddress", "10.96.0.7"), ("example.com/name", "pool-1")),
            gateway("inner", ("Hostname", "inner.shop.svc.cluster.local")),
            gateway("pending"),
        ],
        "/apis/apps/v1/replicasets": [{"metadata": meta("web-1", **owned("Deployment", "web"))}],
        "/apis/batch/v1/jobs": [{"metadata": meta("train-1", **owned("CronJob", "train"))}],
        "/api/v1/namespaces": [{"metadata": meta("shop", labels={"team": "b", "area": "x"})}],
    }


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with serve(Api(lists()), tmp_path) as running:
        yield running


def source(api: Api, **more: Any) -> KubernetesSource:
    settings = KubernetesSettings(kubeconfig=str(api.kubeconfig), page_size=2, **more)
    return KubernetesSource(settings, now=NOW)


def observe(api: Api) -> Observation:
    return source(api).observe(
        ObserveRequest(scope=Scope(cluster="live", label_keys=("team", "area")), window=DAY)
    )


def test_presence_is_from_creation_to_now(api: Api) -> None:
    seen = observe(api)
    hours = seen.inventory.set_index("asset_id")["hours"].to_dict()
    assert hours == pytest.approx(
        {
            "node/cloud:///z/n1": 20.5,
            "node/cloud:///z/n2": 14.5,
            "volume/vol-1": 20.5,
            "volume/pd-2": 20.5,
            "load_balancer/x.example": 20.5,
            "load_balancer/10.0.0.9": 20.5,
            "load_balancer/edge.example": 20.5,
        }
    )
    assert any("PRESENT-DAY SNAPSHOT, NOT HISTORY" in note for note in seen.coverage.notes)


def test_requests_as_the_scheduler_counts_them(api: Api) -> None:
    seen = observe(api)
    used = seen.usage.groupby("pod_uid")[
        ["hours", "cpu_request", "memory_request", "gpu_request"]
    ].sum()
    cores = (used["cpu_request"] / used["hours"]).to_dict()
    assert cores == pytest.approx(
        {
            "uid-web": 0.5,
            "uid-slow-start": 2 + 0.25 + 0.25,
            "uid-beside": 1.25,
            "uid-gpu": 0,
            "uid-whole": 3,
            "uid-young": 1,
        }
    )
    assert used["hours"]["uid-young"] == pytest.approx(14)
    assert used["memory_request"]["uid-web"] == pytest.approx(20.5)
    assert used["gpu_request"]["uid-gpu"] == pytest.approx(20.5 / 4)
    assert (seen.usage["cpu_used"] == 0).all()


def test_who_they_are(api: Api) -> None:
    seen = observe(api)
    pods = seen.pods.set_index("pod")
    assert tuple(pods.loc["web", ["workload_kind", "workload"]]) == ("Deployment", "web")
    assert tuple(pods.loc["gpu", ["workload_kind", "workload"]]) == ("CronJob", "train")
    assert tuple(pods.loc["young", ["workload_kind", "workload"]]) == ("Pod", "young")
    assert json.loads(pods.loc["web", "labels"]) == {"area": "x", "team": "a"}
    assert list(seen.mounts["pod_uid"] + " " + seen.mounts["asset_id"]) == ["uid-web volume/vol-1"]
    nodes = seen.inventory.set_index("name")
    assert nodes.loc["n1", "instance_type"] == "m5.xlarge"
    assert json.loads(nodes.loc["shop/own", "labels"]) == {"area": "x", "team": "b"}
    assert nodes["labels"].isna().to_list() == (nodes["namespace"] == "").to_list()
    assert nodes.loc["n1", "gpu_count"] == 2
    assert nodes.loc["n1", "cpu_allocatable"] == pytest.approx(3.92)
    assert nodes.loc["n2", "capacity_type"] == "spot"
    assert nodes.loc["n2", "pod_uid"] == "uid-young"
    assert nodes.loc["shop/api", "provider_id"] == "x.example"
    assert nodes.loc["shop/edge", "owner_kind"] == "Gateway"


def test_lists_come_in_pages_once_a_run(api: Api) -> None:
    live = source(api)
    first = live.observe(ObserveRequest(scope=Scope(), window=DAY))
    pages = sum("/api/v1/pods?" in path for path in api.asked)
    assert pages == 5
    assert first.coverage.queries == len(api.asked)
    second = live.observe(ObserveRequest(scope=Scope(), window=DAY))
    assert second.coverage.queries == 0
    assert second.usage.equals(first.usage)


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_list_that_may_not_be_read(api: Api, status: int) -> None:
    api.refuse["/api/v1/persistentvolumes"] = status
    with pytest.raises(AccessError, match=f"list.* persistentvolumes.*HTTP {status}") as caught:
        observe(api)
    assert TOKEN not in str(caught.value)
    checks = {check.name: check.ok for check in source(api).check(CheckRequest())}
    assert not checks.pop("persistentvolumes")
    assert all(checks.values())


def test_a_list_that_advice_alone_needs_costs_advice_and_not_the_run(api: Api) -> None:
    whole = observe(api)
    api.refuse["/apis/policy/v1/poddisruptionbudgets"] = 403
    api.refuse["/apis/apps/v1/deployments"] = 404
    api.refuse["/apis/gateway.networking.k8s.io/v1/gateways"] = 403
    seen = observe(api)
    assert seen.usage.equals(whole.usage)
    (note,) = set(seen.coverage.notes) - set(whole.coverage.notes)
    assert "disruption budgets" in note
    assert "balancers made for Gateways" in note
    assert "shop/edge" not in set(seen.inventory["name"])
    assert "Deployments" in note
    assert "HTTP 404" in note
    assert "`burn doctor` says why of each" in note
    assert (whole.coverage.sees["budgets"], seen.coverage.sees["budgets"]) == (True, False)
    assert seen.coverage.sees["autoscalers"]
    for row, knows in ((whole, True), (seen, False)):
        frame = row.workloads
        assert frame is not None
        web = frame.set_index("workload").loc["web"]
        told = json.loads(web["x_known"])
        assert {fact: fact in told for fact in ("budgets", "strategy", "autoscalers")} == {
            "budgets": knows,
            "strategy": knows,
            "autoscalers": True,
        }
    api.refuse["/apis/gateway.networking.k8s.io/v1/gateways"] = 404  # not installed
    assert "Gateways" not in " ".join(observe(api).coverage.notes)
    checks = {check.name: check for check in source(api).check(CheckRequest())}
    assert (checks["gateways"].ok, checks["gateways"].hint) == (True, "")
    assert checks["poddisruptionbudgets"].ok
    assert "not known: disruption budgets" in checks["poddisruptionbudgets"].detail


def test_nobody_there(api: Api, tmp_path: Path) -> None:
    (tmp_path / "away").mkdir()
    with serve(Api({}), tmp_path / "away") as gone:
        kubeconfig = gone.kubeconfig
    settings = KubernetesSettings(kubeconfig=str(kubeconfig), timeout=2)
    with pytest.raises(AccessError, match="cannot be reached"):
        KubernetesSource(settings, now=NOW).observe(ObserveRequest(scope=Scope(), window=DAY))
    with pytest.raises(UsageError, match="no usable Kubernetes configuration"):
        KubernetesSource(KubernetesSettings(kubeconfig="/nowhere")).observe(
            ObserveRequest(scope=Scope(), window=DAY)
        )


def test_an_empty_cluster_is_empty_frames(tmp_path: Path) -> None:
    with serve(Api({}), tmp_path) as api:
        seen = observe(api)
    assert len(seen.inventory) == len(seen.usage) == len(seen.pods) == 0
