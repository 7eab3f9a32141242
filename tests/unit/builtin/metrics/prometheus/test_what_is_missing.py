"""Series that are not there, or not under their names: read all the same, or said."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from burn.api import Observation, ObserveRequest, Scope
from burn.builtin.metrics.prometheus.settings import PrometheusSettings
from burn.builtin.metrics.prometheus.source import PrometheusSource
from tests.servers.prometheus import available, backfill, serve
from tests.unit.builtin.metrics.prometheus.lab import KUBELET
from tests.unit.builtin.metrics.prometheus.world import (
    DAY,
    GIB,
    T0,
    Node,
    Pod,
    Scrape,
    Service,
    Volume,
    World,
    openmetrics,
)

pytestmark = [
    pytest.mark.prometheus,
    pytest.mark.skipif(not available(), reason="needs prometheus and promtool"),
]
UID = "3f1c1f5e-1111-4222-8333-444455556666"
WORLD = World(
    nodes=[Node("n1"), Node("n2", end=36000), Node("n3", start=36000)],
    pods=[
        Pod(UID, "db-0", "n1", claims=("data",), cpu=0.4, memory=2 * GIB),
        Pod("uid-2", "proxy-n1", "n1", owner=("Node", "n1"), namespace="kube-system"),
        Pod("uid-3", "proxy-n2", "n2", owner=("Node", "n2"), namespace="kube-system", end=36000),
        Pod("uid-4", "web-1", "n3", owner=("ReplicaSet", "web"), start=36000, sidecars=("side",)),
    ],
    volumes=[Volume("pv-1", "vol-1", claim=("shop", "data"))],
    services=[Service("front", hostname="x.example")],
    owners=[("shop", "rs/web", "Deployment", "web")],
)
NO_CADVISOR = openmetrics(WORLD, Scrape(60)).removesuffix("# EOF\n")
CADVISOR = openmetrics(World(pods=WORLD.pods), cadvisor=Scrape(60, extra=KUBELET))


def observe(folder: Path, text: str) -> Observation:
    with serve(backfill(text, folder)) as url:
        return PrometheusSource(PrometheusSettings(url=url)).observe(
            ObserveRequest(scope=Scope(), window=DAY)
        )


def without(text: str, names: str) -> str:
    """Series whose name matches are not collected."""
    return "".join(line for line in text.splitlines(True) if not re.match(names + r"\{", line))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Observation:
    return observe(tmp_path_factory.mktemp("plain"), NO_CADVISOR + CADVISOR)


@pytest.mark.parametrize(
    "target", ["namespace|pod|container|service", "namespace|pod|container|service|node"]
)
def test_overwritten_labels_are_read_from_their_copies(
    tmp_path: Path, plain: Observation, target: str
) -> None:
    """A scrape without `honor_labels`: the target's own labels stand in the series' place."""
    renamed = re.sub(rf'\b({target})="([^"]*)"', r'exported_\1="\2",\1="ksm"', NO_CADVISOR)
    seen = observe(tmp_path, renamed + CADVISOR)
    for name in ("inventory", "presence", "pods", "usage", "mounts"):
        pd.testing.assert_frame_equal(getattr(seen, name), getattr(plain, name), check_exact=True)
    (note,) = set(seen.coverage.notes) - set(plain.coverage.notes)
    assert "`namespace`" in note
    assert "honor_labels: true" in note


def test_zones_of_volumes_are_told_by_their_ids_and_by_who_mounted_them(tmp_path: Path) -> None:
    """An EBS disk is in one zone, that of its pod's node; another driver's may be in several."""
    zone = {"topology.kubernetes.io/zone": "us-b"}
    handles = {
        "ebs": "vol-1",
        "loose": "vol-2",
        "pd": "projects/p/zones/us-c/disks/d",
        "wide": "projects/p/regions/us/disks/d",
        "azure": "/subscriptions/s/disks/d",
        "share": "fs-1::fsap-1",
    }
    drivers = dict.fromkeys(("ebs", "loose"), "ebs.csi.aws.com") | {"share": "efs.csi.aws.com"}
    world = World(
        nodes=[Node("n1", labels=zone)],
        pods=[Pod("u", "p", "n1", claims=tuple(name for name in handles if name != "loose"))],
        volumes=[Volume(name, handle, claim=("shop", name)) for name, handle in handles.items()],
    )
    text = openmetrics(world, Scrape(60))
    for name, driver in drivers.items():
        who = f'csi_volume_handle="{handles[name]}"'
        text = text.replace(who, f'csi_driver="{driver}",{who}')
    rows = observe(tmp_path, text).inventory.set_index("name")
    assert rows.loc[list(handles), "zone"].to_dict() == {
        "ebs": "us-b",
        "loose": "",
        "pd": "us-c",
        "wide": "",
        "azure": "",
        "share": "",
    }
    told = rows.loc[list(handles), "x_zones"].dropna().to_dict()
    assert told == {"ebs": '["us-b"]', "pd": '["us-c"]', "share": "[]"}


def test_a_nodes_static_pods_are_one_workload(plain: Observation) -> None:
    owners = plain.pods.set_index("pod")[["workload_kind", "workload"]]
    assert owners.loc["proxy-n1"].to_list() == ["StaticPod", "proxy"]
    assert owners.loc["proxy-n2"].to_list() == ["StaticPod", "proxy"]
    assert owners.loc["web-1"].to_list() == ["Deployment", "web"]


def test_without_pods_nodes_are_idle_and_that_is_said(tmp_path: Path) -> None:
    with serve(backfill(without(NO_CADVISOR, "kube_pod_.*") + "# EOF\n", tmp_path)) as url:
        source = PrometheusSource(PrometheusSettings(url=url))
        for keys in ((), ("team",)):
            seen = source.observe(ObserveRequest(scope=Scope(label_keys=keys), window=DAY))
            assert len(seen.inventory[seen.inventory["kind"] == "node"]) == 3
            assert len(seen.usage) == len(seen.pods) == 0
            assert any("no kube_pod_info" in note for note in seen.coverage.notes)


def test_without_requests_that_is_said(tmp_path: Path, plain: Observation) -> None:
    bare = without(NO_CADVISOR, "kube_pod_container_resource_requests") + CADVISOR
    seen = observe(tmp_path, bare)
    assert seen.usage["cpu_request"].sum() == 0
    assert seen.usage["cpu_used"].sum() == pytest.approx(24 * 0.4, abs=0.01)
    assert any("costs follow use only" in note for note in seen.coverage.notes)
    assert not any("costs follow use only" in note for note in plain.coverage.notes)


def test_pods_whose_containers_have_no_name_are_measured_by_their_cgroup(tmp_path: Path) -> None:
    """Only the pod's own cgroup says whose it is; a pod of its name elsewhere has containers."""
    bare, twin, none = (UID.replace("3f", n) for n in ("4f", "5f", "6f"))
    pods = [
        Pod(UID, "web", "n1", cpu=0.4, memory=GIB),
        Pod(bare, "crunch", "n1", namespace="batch", requests={"main": {}}),
        Pod(twin, "crunch", "n1", namespace="shop", cpu=0.25, memory=GIB),
        Pod(none, "quiet", "n1", namespace="batch", requests={"main": {}}),
    ]
    world = World(nodes=[Node("n1")], pods=pods)
    measured = openmetrics(World(pods=[pods[0], pods[2]]), cadvisor=Scrape(60, extra=KUBELET))
    lines = []
    for uid, namespace, name, cores in (
        (bare, "batch", "crunch", 1.5),
        (twin, "shop", "crunch", 0.25),
    ):
        cgroup = f"/kubepods.slice/kubepods-besteffort-pod{uid.replace('-', '_')}.slice"
        who = f'{{namespace="{namespace}",pod="{name}",container="",id="{cgroup}",job="kubelet"}}'
        for at in range(-3600, 25 * 3600, 60):
            stamp = DAY.start.timestamp() + at
            lines.append((f"container_cpu_usage_seconds_total{who} {(at + 3600) * cores}", stamp))
            lines.append((f"container_memory_working_set_bytes{who} {4 * GIB}", stamp))
    cgroups = "".join(
        f"{text} {stamp}\n" for text, stamp in sorted(lines, key=lambda x: x[0].split()[0])
    )
    text = openmetrics(world, Scrape(60)).removesuffix("# EOF\n") + cgroups + measured
    seen = observe(tmp_path, text)
    used = seen.usage.groupby("pod_uid")[["cpu_used", "memory_used"]].sum() / 24
    assert used["cpu_used"].to_dict() == pytest.approx(
        {UID: 0.4, bare: 1.5, twin: 0.25, none: 0}, abs=0.005
    )
    assert used["memory_used"].to_dict() == pytest.approx({UID: 1, bare: 4, twin: 1, none: 0})
    assert seen.usage.set_index("pod_uid").loc[bare, "cpu_p95"].mean() == pytest.approx(1.5)
    assert [note for note in seen.coverage.notes if note.startswith("1 pods have no cAdvisor")]


def test_hours_that_cadvisor_alone_missed_are_said(tmp_path: Path, plain: Observation) -> None:
    """Three hours of one node: nothing of its two pods; what was used on the others is as before."""
    first, last = DAY.start.timestamp() + 4 * 3600, DAY.start.timestamp() + 7 * 3600 + 60
    kept = [
        line
        for line in CADVISOR.splitlines(True)
        if not (
            line.startswith("container_")
            and ("db-0" in line or "proxy-n1" in line)
            and first - 60 < float(line.split()[-1]) < last
        )
    ]
    seen = observe(tmp_path, NO_CADVISOR + "".join(kept))
    (note,) = [n for n in seen.coverage.notes if "cAdvisor shows nothing of 1 nodes' pods" in n]
    assert "6 pod-hours" in note
    assert "T04:00Z" in note
    assert (seen.coverage.sees["cpu_use"], plain.coverage.sees["cpu_use"]) == (False, True)
    assert not any("cAdvisor shows nothing" in n for n in plain.coverage.notes)


def test_none_of_a_kind_is_none_only_where_the_kind_is_listed(
    tmp_path: Path, plain: Observation
) -> None:
    """kube-state-metrics says of itself what it could list; nothing else tells none from not shown."""
    kinds = {"*v1.PodDisruptionBudget": "success", "*v2.HorizontalPodAutoscaler": "error"}
    lines = [
        f'kube_state_metrics_list_total{{resource="{kind}",result="{result}"}} 1 {T0 + at}'
        for kind, result in kinds.items()
        for at in range(-3600, 25 * 3600, 60)
    ]
    seen = observe(tmp_path, NO_CADVISOR + "\n".join(lines) + "\n# EOF\n")
    for one, known in ((plain, set()), (seen, {"budgets"})):
        assert one.workloads is not None
        assert {"budgets", "autoscalers"} & set(one.coverage.sees) == known
        told = one.workloads.set_index("workload").loc["web", "x_known"]
        assert {"budgets", "autoscalers"} & set(json.loads(told)) == known


def test_the_schedulers_own_figure_goes_before_what_is_added_up(tmp_path: Path) -> None:
    """A pod-level request is in no container; a scheduler scraped without `honor_labels` is not read."""
    who = 'namespace="shop",node="n1",scheduler="default-scheduler",priority="0"'
    lines = [
        f"kube_pod_resource_request{{{labels}}} {value} {DAY.start.timestamp() + at}"
        for labels, value in (
            (f'{who},pod="db-0",resource="cpu",unit="cores"', 3.0),
            (f'{who},pod="db-0",resource="memory",unit="bytes"', 6 * GIB),
            (f'{who},pod="proxy-n1",exported_pod="x",resource="cpu",unit="cores"', 7.0),
        )
        for at in range(-3600, 25 * 3600, 60)
    ]
    seen = observe(tmp_path, NO_CADVISOR + "\n".join(lines) + "\n# EOF\n")
    held = seen.usage.groupby("pod_uid")[["cpu_request", "memory_request"]].sum()
    assert held.loc[UID].to_list() == pytest.approx([72, 144])
    assert held.loc["uid-2"].to_list() == pytest.approx([24, 0])


def test_a_name_that_passed_on_within_an_hour_is_said(tmp_path: Path, plain: Observation) -> None:
    nodes = [Node("n1", end=36600, provider_id="a"), Node("n1", start=37200, provider_id="b")]
    world = World(nodes=nodes, pods=[Pod("u", "p", "n1")])
    seen = observe(tmp_path, openmetrics(world, Scrape(60)))
    assert any("1 node names passed" in note and "(n1)" in note for note in seen.coverage.notes)
    assert not any("passed from one" in note for note in plain.coverage.notes)
