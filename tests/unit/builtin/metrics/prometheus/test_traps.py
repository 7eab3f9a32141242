"""Each thing that Kubernetes cost reports are known to get wrong, against the second-by-second oracle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from burn.api import Observation
from tests.servers.prometheus import available
from tests.unit.builtin.metrics.prometheus.lab import KUBELET, Lab, Shown, lab
from tests.unit.builtin.metrics.prometheus.truth import Held, held
from tests.unit.builtin.metrics.prometheus.world import (
    GIB,
    Node,
    Pod,
    Scrape,
    Volume,
    World,
)

pytestmark = [
    pytest.mark.prometheus,
    pytest.mark.skipif(not available(), reason="needs prometheus and promtool"),
]
H = 3600
A, B, C = (f"0000000{n}-0000-4000-8000-000000000000" for n in (1, 2, 3))
KSM = {"job": "kube-state-metrics", "instance": "10.0.0.1:8080"}
CADVISOR = Scrape(30, extra=KUBELET)


def recreated() -> World:
    """A StatefulSet's pod: deleted at 10:20, back under its name at 10:40 with a larger request."""
    small, large = {"db": {"cpu": 1.0, "memory": 2 * GIB}}, {"db": {"cpu": 3.0, "memory": 4 * GIB}}
    owner = ("StatefulSet", "db")
    first = Pod(A, "db-0", "n1", end=10 * H + 1200, owner=owner, requests=small, cpu=0.5)
    again = Pod(B, "db-0", "n1", start=10 * H + 2400, owner=owner, requests=large, cpu=2.0)
    return World(nodes=[Node("n1")], pods=[first, again])


def in_turn() -> World:
    """24 hourly job pods, one volume; each runs 50 minutes and stays as a completed object."""
    pods = [
        Pod(
            f"job-{n}",
            f"report-{n}",
            "n1",
            n * H,
            n * H + 2 * H,
            done=n * H + 3000,
            owner=("Job", f"report-{n}"),
            claims=("report",),
        )
        for n in range(24)
    ]
    volume = Volume("pv-r", "vol-r", claim=("shop", "report"))
    owners = [("shop", f"job/report-{n}", "CronJob", "report") for n in range(24)]
    return World(nodes=[Node("n1")], pods=pods, volumes=[volume], owners=owners)


def handed_over() -> World:
    """A rollout at noon: the volume goes from one ReplicaSet's pod to the next one's."""
    pods = [
        Pod(A, "web-1-x", "n1", end=12 * H, owner=("ReplicaSet", "web-1"), claims=("data",)),
        Pod(B, "web-2-y", "n1", start=12 * H, owner=("ReplicaSet", "web-2"), claims=("data",)),
    ]
    owners = [("shop", f"rs/web-{n}", "Deployment", "web") for n in (1, 2)]
    volume = Volume("pv-d", "vol-d", claim=("shop", "data"), grown=(6 * H, 200 * GIB))
    return World(nodes=[Node("n1")], pods=pods, volumes=[volume], owners=owners)


def sized() -> World:
    """Requests as the scheduler counts them, and one that changes at 09:30."""
    pods = [
        Pod(
            A, "resized", "n1", requests={"a": {"cpu": 1.0}}, resized=(9.5 * H, {"a": {"cpu": 5.0}})
        ),
        Pod(
            B,
            "heavy-init",
            "n1",
            3 * H,
            5 * H,
            requests={"a": {"cpu": 1.0, "memory": GIB}, "b": {"cpu": 0.5}},
            init={"migrate": {"cpu": 4.0}, "proxy": {"cpu": 0.25, "memory": GIB}},
            sidecars=("proxy",),
            overhead={"cpu": 0.25, "memory": 0.5 * GIB},
        ),
        Pod(
            C,
            "sidecars",
            "n1",
            requests={"a": {"cpu": 1.0}},
            init={"proxy": {"cpu": 0.5}, "log": {"cpu": 0.25}, "small": {"cpu": 0.1}},
            sidecars=("proxy", "log"),
        ),
        Pod("greedy", "greedy", "n1", requests={"a": {"cpu": 40.0}}, cpu=3.0),
        Pod("best-effort", "best-effort", "n1", requests={"a": {}}, cpu=0.75, memory=3 * GIB),
    ]
    return World(nodes=[Node("n1", cpu=8)], pods=pods)


def shown() -> dict[str, Shown]:
    plain = Scrape(30, extra=KSM)
    old = replace(plain, names="v1", extra={"job": "kube-state-metrics-v1"})
    twin = replace(plain, phase=11, extra=KSM | {"instance": "10.0.0.2:8080"})
    before = replace(plain, end=10 * H + 900)
    after = replace(twin, phase=0, start=10 * H + 900)
    return {
        "recreated": (recreated(), [plain], CADVISOR),
        "recreated-v1": (recreated(), [old], None),
        "in-turn": (in_turn(), [plain], None),
        "handed-over": (handed_over(), [plain], None),
        "sized": (sized(), [plain], CADVISOR),
        "sized-v1": (sized(), [old], None),
        "sized-v1-and-v2": (sized(), [plain, replace(old, phase=7)], None),
        "sized-twice": (sized(), [plain, twin], None),
        "sized-restarted": (sized(), [before, after], None),
        "recreated-twice": (recreated(), [plain, twin], None),
    }


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with lab(tmp_path_factory.mktemp("traps"), shown()) as running:
        yield running


def total(seen: Observation, column: str) -> dict[str, float]:
    return seen.usage.groupby("pod_uid")[column].sum().to_dict()


@cache
def walked(make: Callable[[], World]) -> dict[str, Held]:
    return {pod.uid: held(pod) for pod in make().pods}


def truth(make: Callable[[], World], resource: str | None = None) -> dict[str, float]:
    lives = walked(make)
    if resource is None:
        return {uid: life.hours for uid, life in lives.items()}
    return {uid: life.amounts.get(resource, 0.0) for uid, life in lives.items()}


@pytest.mark.parametrize("cluster", ["recreated", "recreated-twice"])
def test_a_recreated_pod_is_two_pods_and_the_gap_is_nobodys(prometheus: Lab, cluster: str) -> None:
    seen = prometheus.observe(cluster)
    assert total(seen, "hours") == pytest.approx(truth(recreated), abs=0.002)
    assert total(seen, "cpu_request") == pytest.approx(truth(recreated, "cpu"), abs=0.005)
    gib = {uid: amount / GIB for uid, amount in truth(recreated, "memory").items()}
    assert total(seen, "memory_request") == pytest.approx(gib, abs=0.01)
    assert set(seen.pods["workload"]) == {"db"}


def test_without_uids_only_the_shared_hour_is_split(prometheus: Lab) -> None:
    """v1 requests carry no uid: in the hour that both pods lived in, each has the average."""
    seen = prometheus.observe("recreated-v1")
    assert total(seen, "hours") == pytest.approx(truth(recreated), abs=0.002)
    asked = total(seen, "cpu_request")
    assert sum(asked.values()) == pytest.approx(sum(truth(recreated, "cpu").values()), abs=0.005)
    alone = seen.usage[seen.usage["hour"].dt.hour != 10]
    cores = alone["cpu_request"] / alone["hours"]
    assert (cores == alone["pod_uid"].map({A: 1.0, B: 3.0})).all()


def test_usage_without_a_uid_goes_to_the_pod_of_that_time(prometheus: Lab) -> None:
    used = prometheus.observe("recreated").usage
    alone = used[used["hour"].dt.hour != 10]
    cores = {
        uid: rows["cpu_used"].sum() / rows["hours"].sum() for uid, rows in alone.groupby("pod_uid")
    }
    assert cores == pytest.approx({A: 0.5, B: 2.0}, rel=0.01)


def test_job_pods_share_a_volume_in_turn(prometheus: Lab) -> None:
    seen = prometheus.observe("in-turn")
    assert total(seen, "hours") == pytest.approx(truth(in_turn))
    assert set(seen.mounts["pod_uid"]) == {pod.uid for pod in in_turn().pods}
    assert set(seen.mounts["asset_id"]) == {"volume/vol-r"}
    volume = seen.inventory.set_index("asset_id").loc["volume/vol-r"]
    assert volume["hours"] == pytest.approx(24)
    assert (volume["namespace"], volume["owner_name"]) == ("shop", "report")
    assert set(zip(seen.pods["workload_kind"], seen.pods["workload"], strict=True)) == {
        ("CronJob", "report")
    }


def test_a_rollout_hands_the_volume_over_at_noon(prometheus: Lab) -> None:
    seen = prometheus.observe("handed-over")
    assert total(seen, "hours") == pytest.approx({A: 12.0, B: 12.0})
    assert set(seen.mounts["pod_uid"]) == {A, B}
    volume = seen.inventory.set_index("asset_id").loc["volume/vol-d"]
    assert volume["hours"] == pytest.approx(24)
    assert volume["storage_gib"] == pytest.approx(100 * 0.25 + 200 * 0.75)
    assert set(zip(seen.pods["workload_kind"], seen.pods["workload"], strict=True)) == {
        ("Deployment", "web")
    }


NAMES = ["sized", "sized-v1", "sized-v1-and-v2", "sized-twice", "sized-restarted"]


@pytest.mark.parametrize("cluster", NAMES)
def test_requests_are_the_schedulers(prometheus: Lab, cluster: str) -> None:
    seen = prometheus.observe(cluster)
    assert total(seen, "hours") == pytest.approx(truth(sized), rel=0.002)
    assert total(seen, "cpu_request") == pytest.approx(truth(sized, "cpu"), rel=0.002)
    gib = {uid: amount / GIB for uid, amount in truth(sized, "memory").items()}
    assert total(seen, "memory_request") == pytest.approx(gib, rel=0.002)
    node = seen.inventory.set_index("asset_id").loc["node/n1"]
    assert (node["cpu_cores"], node["memory_gib"]) == (8, 32)
    assert (node["cpu_allocatable"], node["hours"]) == (pytest.approx(7.2), 24)


def test_pods_without_requests_show_what_they_use(prometheus: Lab) -> None:
    used = prometheus.observe("sized").usage
    mine = used[used["pod_uid"] == "best-effort"]
    assert mine["cpu_request"].sum() == 0
    assert mine["cpu_used"].sum() == pytest.approx(24 * 0.75, rel=0.01)
    assert mine["memory_used"].sum() == pytest.approx(24 * 3)
    assert mine["cpu_p95"].to_numpy() == pytest.approx(0.75, rel=0.01)
    assert (mine["memory_p95"] == 3).all()
    assert (mine["memory_max"] == 3).all()
    assert mine["network_receive"].sum() * GIB == pytest.approx(86400 * 1000, rel=0.01)
    assert mine["network_transmit"].sum() * GIB == pytest.approx(86400 * 500, rel=0.01)


def test_an_overcommitted_node_is_told_as_it_is(prometheus: Lab) -> None:
    seen = prometheus.observe("sized")
    asked = seen.usage.groupby("hour")["cpu_request"].sum()
    assert (asked > seen.inventory["cpu_cores"].max()).all()


def test_v1_and_v2_together_are_counted_once(prometheus: Lab) -> None:
    both, one = prometheus.observe("sized-v1-and-v2"), prometheus.observe("sized")
    columns = ["pod_uid", "hour", "hours", "cpu_request", "memory_request"]
    pd.testing.assert_frame_equal(both.usage[columns], one.usage[columns], rtol=0.01)
