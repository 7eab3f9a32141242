"""Nodes, devices, balancers, labels and clusters, as one Prometheus shows them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from burn.api import ObserveRequest, Scope, UsageError
from tests.servers.prometheus import available
from tests.unit.builtin.metrics.prometheus.lab import Lab, Shown, lab
from tests.unit.builtin.metrics.prometheus.world import DAY, Node, Pod, Scrape, Service, World

pytestmark = [
    pytest.mark.prometheus,
    pytest.mark.skipif(not available(), reason="needs prometheus and promtool"),
]
H = 3600
GFD = "nvidia.com/gpu."


def devices() -> World:
    """Time slices in both spellings, MIG in both strategies, whole GPUs of two makers."""
    sliced = {GFD + "count": "2", GFD + "replicas": "4", GFD + "product": "Tesla-T4-SHARED"}
    single = {
        GFD + "count": "14",
        GFD + "product": "A100-SXM4-40GB-MIG-1g.5gb",
        GFD + "slices.gi": "1",
    }
    nodes = [
        Node("sliced", devices={"nvidia_com_gpu": 8}, labels=sliced),
        Node("renamed", devices={"nvidia_com_gpu_shared": 8}, labels=sliced),
        Node("unlabelled", devices={"nvidia_com_gpu_shared": 8}, labels={GFD + "count": "2"}),
        Node("single", devices={"nvidia_com_gpu": 14}, labels=single),
        Node("mixed", devices={"nvidia_com_mig_1g_5gb": 4, "nvidia_com_mig_3g_20gb": 1}),
        Node("a30", devices={"nvidia_com_mig_1g_6gb": 4}, labels={GFD + "product": "NVIDIA-A30"}),
        Node("whole", devices={"nvidia_com_gpu": 4}),
        Node("amd", devices={"amd_com_gpu": 2}),
        Node("npu", devices={"example_com_npu": 2}),
    ]
    asked = {
        "sliced": ("nvidia_com_gpu", 1),
        "renamed": ("nvidia_com_gpu_shared", 2),
        "unlabelled": ("nvidia_com_gpu_shared", 1),
        "single": ("nvidia_com_gpu", 1),
        "mixed": ("nvidia_com_mig_3g_20gb", 1),
        "a30": ("nvidia_com_mig_1g_6gb", 2),
        "whole": ("nvidia_com_gpu", 3),
        "amd": ("amd_com_gpu", 1),
        "npu": ("example_com_npu", 1),
    }
    pods = [
        Pod(f"on-{node}", f"on-{node}", node, requests={"a": {"cpu": 1, resource: amount}})
        for node, (resource, amount) in asked.items()
    ]
    return World(nodes=nodes, pods=pods)


SHARES = {
    "sliced": 1 / 4,
    "renamed": 2 / 4,
    "unlabelled": 1 / 4,
    "single": 1 / 7,
    "mixed": 3 / 7,
    "a30": 2 / 4,
    "whole": 3,
    "amd": 1,
    "npu": 1,
}
PHYSICAL = {
    "sliced": 2,
    "renamed": 2,
    "unlabelled": 2,
    "single": 2,
    "mixed": 1,
    "a30": 1,
    "whole": 4,
    "amd": 2,
    "npu": 2,
}


def described() -> World:
    """Labels of nodes and pods, a node name used by two machines, balancers."""
    label = "node.kubernetes.io/instance-type"
    nodes = [
        Node(
            "ip-1",
            end=10 * H,
            provider_id="cloud:///z-a/i-1",
            cpu=4,
            labels={label: "m5.xlarge", "karpenter.sh/capacity-type": "spot"},
        ),
        Node(
            "ip-1",
            start=10 * H + 600,
            provider_id="cloud:///z-a/i-2",
            cpu=16,
            labels={label: "m5.4xlarge", "eks.amazonaws.com/capacityType": "ON_DEMAND"},
        ),
        Node(
            "ip-2",
            provider_id="cloud:///z-b/i-3",
            labels={
                "topology.kubernetes.io/region": "r-1",
                "topology.kubernetes.io/zone": "r-1b",
                "kubernetes.io/arch": "arm64",
                "kubernetes.io/os": "linux",
                "cloud.google.com/gke-nodepool": "pool-7",
                "cloud.google.com/gke-spot": "true",
            },
        ),
    ]
    pods = [
        Pod(
            "p-1",
            "a",
            "ip-1",
            end=9 * H,
            labels={"app.kubernetes.io/name": "web", "costCenter": "7"},
        ),
        Pod("p-2", "b", "ip-1", start=11 * H, labels={"other": "x"}),
        Pod("p-3", "c", "ip-2", host_network=True),
        Pod("p-4", "d", "ip-gone"),
    ]
    services = [
        Service("api", hostname="a.elb.example"),
        Service("api-alias", hostname="a.elb.example", start=6 * H),
        Service("web", ip="10.1.1.1", end=12 * H),
        Service("web", ip="10.1.1.2", start=12 * H),
        Service("dual", ip="10.2.2.2"),
        Service("dual", ip="fd00::1"),
        Service("pending"),
    ]
    return World(nodes=nodes, pods=pods, services=services)


def shards(*down: tuple[float, float]) -> list[Shown]:
    """One cluster, two kube-state-metrics that each show other objects, at other times."""
    first = World(nodes=[Node("n1"), Node("n2")], pods=[Pod("s-1", "a", "n1")])
    second = World(pods=[Pod("s-2", "b", "n2"), Pod("s-3", "c", "n2", 3 * H, 5 * H)])
    return [
        (first, [Scrape(30, extra={"job": "ksm-a"})], None),
        (second, [Scrape(60, phase=7, extra={"job": "ksm-b"}, down=down)], None),
    ]


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    shown = {
        "devices": (devices(), [Scrape(60)], None),
        "described": (described(), [Scrape(60)], None),
    }
    parts = [("sharded", shard) for shard in shards()]
    parts += [("half-blind", shard) for shard in shards((6 * H, 8 * H))]
    with lab(tmp_path_factory.mktemp("assets"), shown, also=parts) as running:
        yield running


def test_gpu_requests_are_parts_of_a_device(prometheus: Lab) -> None:
    source = prometheus.source(gpu_resources=["example.com/npu"])
    seen = source.observe(ObserveRequest(scope=Scope(cluster="devices"), window=DAY))
    used = seen.usage.groupby("asset_id")["gpu_request"].sum() / 24
    found = {name.removeprefix("node/"): part for name, part in used.items()}
    assert found == pytest.approx(SHARES)
    assert seen.inventory.set_index("name")["gpu_count"].to_dict() == pytest.approx(PHYSICAL)


def test_a_device_nobody_named_is_not_counted(prometheus: Lab) -> None:
    seen = prometheus.observe("devices")
    assert seen.inventory.set_index("name")["gpu_count"]["npu"] == 0


def test_a_name_used_twice_is_two_machines(prometheus: Lab) -> None:
    seen = prometheus.observe("described")
    nodes = seen.inventory.set_index("asset_id")
    first, second = nodes.loc["node/cloud:///z-a/i-1"], nodes.loc["node/cloud:///z-a/i-2"]
    assert (first["instance_type"], second["instance_type"]) == ("m5.xlarge", "m5.4xlarge")
    assert (first["capacity_type"], second["capacity_type"]) == ("spot", "on_demand")
    assert (first["cpu_cores"], second["cpu_cores"]) == (4, 16)
    assert first["hours"] == pytest.approx(10)
    assert second["hours"] == pytest.approx(24 - 10 - 1 / 6)
    on = seen.usage.groupby("pod_uid")["asset_id"].unique().str.join(",").to_dict()
    assert on["p-1"] == "node/cloud:///z-a/i-1"
    assert on["p-2"] == "node/cloud:///z-a/i-2"


def test_node_labels_say_where_and_what(prometheus: Lab) -> None:
    seen = prometheus.observe("described")
    node = seen.inventory.set_index("asset_id").loc["node/cloud:///z-b/i-3"]
    wanted = {
        "region": "r-1",
        "zone": "r-1b",
        "arch": "arm64",
        "os": "linux",
        "owner_name": "pool-7",
        "capacity_type": "spot",
        "instance_type": "",
        "pod_uid": "p-3",
    }
    assert node[list(wanted)].to_dict() == wanted


def test_pods_of_a_node_nobody_saw_are_told(prometheus: Lab) -> None:
    seen = prometheus.observe("described")
    assert "p-4" not in set(seen.usage["pod_uid"])
    assert any("1 pods" in note for note in seen.coverage.notes)


def test_balancers_are_known_by_address(prometheus: Lab) -> None:
    seen = prometheus.observe("described")
    rows = seen.inventory[seen.inventory["kind"] == "load_balancer"].set_index("provider_id")
    hours = {"a.elb.example": 24, "10.1.1.1": 12, "10.1.1.2": 12, "10.2.2.2": 24}
    assert rows.groupby(level=0)["hours"].sum().to_dict() == pytest.approx(hours)
    # Alone for 6 hours, then evenly with its alias for 18.
    shared = rows.loc["a.elb.example"].set_index("owner_name")["hours"]
    assert shared.to_dict() == pytest.approx({"api": 15, "api-alias": 9})
    assert set(rows["namespace"]) == {"shop"}


def test_pod_labels_come_back_under_their_own_names(prometheus: Lab) -> None:
    keys = ("app.kubernetes.io/name", "costCenter", "absent")
    seen = prometheus.observe("described", label_keys=keys)
    labels = seen.pods.set_index("pod_uid")["labels"].map(json.loads).to_dict()
    assert labels["p-1"] == {"app.kubernetes.io/name": "web", "costCenter": "7"}
    assert labels["p-2"] == {}
    bare = prometheus.observe("described")
    assert set(bare.pods["labels"]) == {"{}"}


def test_shards_each_have_their_own_clock(prometheus: Lab) -> None:
    seen = prometheus.observe("sharded")
    hours = seen.usage.groupby("pod_uid")["hours"].sum().to_dict()
    assert hours == pytest.approx({"s-1": 24, "s-2": 24, "s-3": 2}, abs=0.02)
    assert seen.coverage.gaps == ()


def test_a_shard_that_was_not_scraped_is_told(prometheus: Lab) -> None:
    seen = prometheus.observe("half-blind")
    hours = seen.usage.groupby("pod_uid")["hours"].sum().to_dict()
    assert hours == pytest.approx({"s-1": 24, "s-2": 22, "s-3": 2}, abs=0.02)
    # Half a minute before the first scrape is in an hour without any: nothing is known of it.
    assert seen.coverage.notes[0] == "what scrape job `ksm-b` alone shows is missing for 2.01 hours"


def test_clusters_are_told_apart(prometheus: Lab) -> None:
    with pytest.raises(UsageError, match="several clusters") as caught:
        prometheus.source().observe(ObserveRequest(scope=Scope(), window=DAY))
    assert "`described`, `devices`, `half-blind`, `sharded`" in caught.value.message
    with pytest.raises(UsageError, match="no cluster `prod`"):
        prometheus.source().observe(ObserveRequest(scope=Scope(cluster="prod"), window=DAY))
    seen = prometheus.observe("sharded")
    assert set(seen.inventory["cluster"]) == {"sharded"}
