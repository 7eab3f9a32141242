"""Nodes that the busiest hour does not need; versions past support."""

from __future__ import annotations

from dataclasses import replace

import pytest

from burn.api import Coverage
from burn.findings import Thresholds, digest
from tests.unit.builtin.rules.builders import START, find, inputs, node, observation, pod, use


def world(sizes: dict[str, float], peak: float, *, hours=None, extra=(), thresholds=None):
    """Nodes of these sizes in cores (4 GiB a core, 1.00 a core); one pod asks for `peak` at noon."""
    hours = hours or {}
    nodes = [
        node(
            name,
            cpu_allocatable=size,
            memory_allocatable=4 * size,
            hours=hours.get(name, 24.0),
        )
        for name, size in sizes.items()
    ]
    first = next(iter(sizes))
    usage = [use("p", first, hour, cpu_request=0.5) for hour in range(24) if hour != 12]
    usage.append(use("p", first, 12, cpu_request=peak, memory_request=1.0))
    ledger = [
        {"group": "report", "driver": "report", "subject": f"node/{name}", "amount": size}
        for name, size in sizes.items()
    ]
    prices = [(f"node/{name}", START, size, "bill") for name, size in sizes.items()]
    return inputs(
        digests=[digest(observation(nodes, [pod("p", "w")], usage))],
        ledger=[*ledger, *extra],
        prices=prices,
        hours=24,
        thresholds=thresholds or Thresholds(),
    )


def consolidation(world):
    return [finding for finding in find(world) if finding.rule == "consolidation"]


def test_nodes_go_while_the_busiest_hour_still_fits_the_rest():
    # Peak 6 needs 7.5 cores at 80 %: of 16 only 8 can go, and 8 + 8 remain to choose from.
    (found,) = consolidation(world({"a": 8.0, "b": 4.0, "c": 4.0}, 6.0))
    assert found.amount == pytest.approx(8.0)
    assert "6.0 of 16.0 cores" in found.evidence
    assert "8.0 cores and 32.0 GiB remain" in found.evidence
    assert found.confidence == "medium"


def test_the_busiest_hour_decides_not_the_average():
    assert consolidation(world({"a": 4.0, "b": 4.0}, 3.3)) == []
    assert len(consolidation(world({"a": 4.0, "b": 4.0}, 3.1))) == 1


def test_a_small_node_goes_when_the_large_one_cannot():
    """Percentages of unequal nodes say nothing: the 2-core node goes, the 16-core one stays."""
    (found,) = consolidation(world({"big": 16.0, "small": 2.0}, 10.0))
    assert "without small" in found.evidence
    assert found.amount == pytest.approx(2.0)


def test_nodes_that_are_billed_by_their_pods_are_no_surplus():
    made = world({"a": 4.0, "b": 4.0, "c": 4.0}, 1.0)
    by_pod = made.prices["asset_id"].isin(["node/b", "node/c"])
    unit = made.prices["unit"].mask(by_pod, "vCPU-hours")
    assert len(consolidation(made)) == 1
    assert consolidation(replace(made, prices=made.prices.assign(unit=unit))) == []


def test_one_node_always_stays_and_one_alone_is_no_finding():
    (found,) = consolidation(world({"a": 4.0, "b": 4.0}, 0.0))
    assert found.title.startswith("1 of 2")
    assert consolidation(world({"a": 4.0}, 0.1)) == []


def test_nodes_that_come_and_go_are_left_to_the_autoscaler():
    assert consolidation(world({"a": 8.0, "b": 8.0}, 1.0, hours={"b": 12.0})) == []


def pinned(nodes, pods, usage):
    """4 cores and 1.00 a node, 24 hours; the pods use next to nothing."""
    names = [row["name"] for row in nodes]
    ledger = [
        {"group": "report", "driver": "report", "subject": f"node/{name}", "amount": 1.0}
        for name in names
    ]
    prices = [(f"node/{name}", START, 1.0, "bill") for name in names]
    seen = observation(nodes, pods, usage)
    return inputs(digests=[digest(seen)], ledger=ledger, prices=prices, hours=24)


def all_day(uid: str, on: str, **more):
    return [use(uid, on, hour, cpu_request=0.1, cpu_used=0.1, **more) for hour in range(24)]


@pytest.mark.parametrize(
    "differs",
    [
        {"owner_name": "db"},
        {"arch": "arm64"},
        {"os": "windows"},
        {"zone": "z-b"},
        {"capacity_type": "spot"},
        {"owner_name": ""},
        {"arch": ""},
        {"zone": ""},
    ],
)
def test_a_pod_is_not_moved_to_a_node_that_may_not_take_it(differs):
    pods = [pod("p", "w")]
    same = pinned([node("a"), node("b")], pods, all_day("p", "a"))
    assert len(consolidation(same)) == 1
    other = pinned([node("a"), node("b", **differs)], pods, all_day("p", "a"))
    assert consolidation(other) == []


def test_a_node_whose_gpu_is_asked_for_stays():
    """As reported: the GPU node is the idlest by CPU, and its pod can run nowhere else."""
    gpus = [node("g1", gpu_count=1.0), node("g2", gpu_count=1.0)]
    both = [*all_day("p", "g1", gpu_request=1.0), *all_day("q", "g2", gpu_request=1.0)]
    assert consolidation(pinned(gpus, [pod("p", "a"), pod("q", "b")], both)) == []
    (found,) = consolidation(pinned(gpus, [pod("p", "a")], all_day("p", "g1", gpu_request=1.0)))
    assert "without g2," in found.evidence


def test_the_largest_pod_keeps_a_node_that_holds_it():
    nodes = [node("big", cpu_allocatable=16.0), node("b"), node("c")]
    large = [use("p", "big", hour, cpu_request=5.0) for hour in range(24)]
    (found,) = consolidation(pinned(nodes, [pod("p", "w")], large))
    assert "big" not in found.evidence


def test_pods_that_were_kept_apart_keep_a_node_each():
    nodes = [node(name) for name in "abc"]
    apart = [row for uid in "abc" for row in all_day(uid, uid)]
    pods = [pod(uid, "quorum") for uid in "abc"]
    assert consolidation(pinned(nodes, pods, apart)) == []
    followers = [pod(uid, "agent", workload_kind="DaemonSet") for uid in "abc"]
    assert len(consolidation(pinned(nodes, followers, apart))) == 1


@pytest.mark.parametrize("kind", ["requests", "cpu_use", "memory_use", "scheduling"])
def test_what_was_not_measured_is_not_idle(kind):
    made = world({"a": 4.0, "b": 4.0}, 1.0)
    blind = Coverage(sees={**made.coverage.sees, kind: False})
    assert consolidation(replace(made, coverage=blind)) == []


def test_a_commitment_makes_the_saving_doubtful_and_says_so():
    row = {"group": "rate", "driver": "commitment", "subject": "plan", "amount": -1.0}
    (found,) = consolidation(world({"a": 4.0, "b": 4.0}, 1.0, extra=[row]))
    assert found.confidence == "low"
    assert "until it ends" in found.evidence


def test_extended_support_is_what_the_ledger_says():
    row = {
        "group": "unmodelled",
        "driver": "extended_support",
        "subject": "cluster/x",
        "name": "x",
        "amount": 365.0,
        "lines": 730,
    }
    (found,) = find(inputs(ledger=[row]))
    assert (found.rule, found.amount, found.subject) == ("extended-support", 365.0, "x")
