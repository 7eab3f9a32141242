"""A digest keeps what the rules need, and combining days loses nothing."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from burn.api import Observation, schemas
from burn.findings import combine, digest
from tests.unit.builtin.rules.builders import node, observation, pod, use


def rows(frame, scope):
    return frame[frame["scope"] == scope].reset_index(drop=True)


def test_a_workload_is_the_sum_of_its_pods():
    seen = observation(
        [node("a")],
        [pod("p1", "web"), pod("p2", "web"), pod("p3", "db")],
        [
            use("p1", "a", 0, cpu_request=1.0, cpu_used=0.2, cpu_p95=0.3, memory_max=1.0),
            use("p2", "a", 0, cpu_request=1.0, cpu_used=0.4, cpu_p95=0.5, memory_max=3.0),
            use("p3", "a", 1, memory_request=2.0, hours=0.5),
        ],
    )
    found = rows(combine([digest(seen)]), "workload").set_index("workload")
    assert found.at["web", "hours"] == 2.0
    assert found.at["web", "cpu_request"] == 2.0
    assert found.at["web", "cpu_used"] == pytest.approx(0.6)
    assert found.at["web", "memory_max"] == 3.0
    assert 0.3 < found.at["web", "cpu_need"] <= 0.5
    assert found.at["db", "hours"] == 0.5
    assert math.isnan(found.at["db", "cpu_need"]), "no measured percentile stays unknown"


def test_one_busy_hour_of_many_does_not_decide_the_percentile():
    quiet = [use("p", "a", hour, cpu_p95=0.1) for hour in range(1, 24)]
    seen = observation([node("a")], [pod("p", "w")], [use("p", "a", 0, cpu_p95=4.0), *quiet])
    assert rows(digest(seen), "workload").at[0, "cpu_need"] == pytest.approx(0.1)
    assert rows(digest(seen, 100), "workload").at[0, "cpu_need"] == 4.0


def test_the_busiest_hour_counts_the_larger_of_request_and_use_of_each_pod():
    seen = observation(
        [node("a"), node("b")],
        [pod("p", "w"), pod("q", "w")],
        [
            use("p", "a", 0, cpu_request=1.0, cpu_used=3.0, memory_request=1.0),
            use("q", "b", 0, cpu_request=2.0, cpu_used=0.5, memory_request=1.0),
            use("p", "a", 1, cpu_request=1.0, cpu_used=0.1, memory_request=7.0),
        ],
    )
    found = rows(digest(seen), "pool")
    assert found.at[0, "cpu_peak"] == 5.0
    assert found.at[0, "memory_peak"] == 7.0


def test_nodes_without_pods_are_there_with_their_capacity():
    found = rows(digest(observation([node("a", hours=12.0)], [], [])), "node")
    assert found.at[0, "cpu_capacity"] == 48.0
    assert found.at[0, "cpu_request"] == 0.0


def test_volumes_know_whether_they_were_mounted():
    volumes = [
        {"asset_id": f"volume/{name}", "kind": "volume", "hours": 24.0, "owner_name": name}
        for name in ("used", "idle")
    ]
    mounts = [{"pod_uid": "p", "asset_id": "volume/used"}]
    found = rows(digest(observation([*volumes, node("a")], [pod("p", "w")], [], mounts)), "volume")
    assert dict(zip(found["workload"], found["mounted"], strict=True)) == {"used": 1.0, "idle": 0.0}


def test_a_pods_own_ephemeral_volume_is_mounted_by_it():
    """Generic ephemeral volumes: the claim is POD-VOLUME, and no series names the mount."""
    volumes = [
        {"asset_id": f"volume/{name}", "kind": "volume", "hours": 24.0, "owner_name": name}
        | {"namespace": space}
        for name, space in (("web-0-scratch", "shop"), ("web-1-scratch", "shop"), ("web-0-x", "b"))
    ]
    seen = observation([*volumes, node("a")], [pod("web-0", "w")], [])
    found = rows(digest(seen), "volume").set_index("workload")["mounted"]
    assert found.to_dict() == {"web-0-scratch": 1.0, "web-1-scratch": 0.0, "web-0-x": 0.0}


def test_an_empty_day_gives_an_empty_digest():
    assert combine([digest(observation([], [], []))]).empty


def test_category_columns_give_the_same_digest_as_text():
    seen = observation(
        [node("a")], [pod("p", "w")], [use("p", "a", 0, cpu_request=1.0, cpu_p95=0.5)]
    )
    parts = {}
    for name in ("inventory", "pods", "usage", "mounts"):
        frame = getattr(seen, name)
        text = [c.name for c in getattr(schemas, name.upper()).columns if c.kind == "string"]
        parts[name] = frame.astype(dict.fromkeys(text, "category"))
    same = digest(Observation(presence=seen.presence, **parts))
    assert same.equals(digest(seen))


@pytest.mark.slow
@settings(deadline=None, max_examples=20)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 2),
            st.sampled_from("pqr"),
            st.integers(0, 23),
            st.integers(0, 256).map(lambda quarter: quarter / 4),
        ),
        min_size=1,
        max_size=20,
        unique_by=lambda row: row[:3],
    )
)
def test_days_add_up(entries):
    days = []
    for day in range(3):
        today = [entry for entry in entries if entry[0] == day]
        pods = [pod(uid, f"w-{uid}", day) for uid in sorted({entry[1] for entry in today})]
        usage = [use(uid, "a", hour, day, cpu_request=cpu) for _, uid, hour, cpu in today]
        days.append(digest(observation([node("a", day)], pods, usage)))
    whole = rows(combine(days), "workload")
    wanted = math.fsum(entry[3] for entry in entries)
    assert whole["cpu_request"].sum() == pytest.approx(wanted)
    assert rows(combine(days), "node")["cpu_request"].sum() == pytest.approx(wanted)
    assert combine([combine(days[:2]), days[2]]).equals(combine(days))
