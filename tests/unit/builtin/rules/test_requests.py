"""Requests far above use, or missing."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from burn.findings import Thresholds, digest
from tests.unit.builtin.rules.builders import find, inputs, node, observation, pod, use

COSTS = {"cpu": 40.0, "memory": 20.0}


def world(*, days: int = 30, costs=COSTS, thresholds=None, by_pod=(), **usage):
    base = {"cpu_p95": 0.5, "memory_max": 2.0, "cpu_request": 2.0, "memory_request": 4.0}
    day = observation(
        [node("a")],
        [pod("p", "web")],
        [use("p", "a", hour, **(base | usage)) for hour in range(24)],
    )
    allocation = [
        {
            "basis": "effective",
            "namespace": "shop",
            "workload_kind": "Deployment",
            "workload": "web",
            "resource": resource,
            "cost": cost,
        }
        for resource, cost in costs.items()
    ]
    return inputs(
        digests=[digest(day, by_pod=by_pod)] * days,
        allocation=allocation,
        hours=days * 24,
        thresholds=thresholds or Thresholds(),
    )


def only(found, rule):
    return [finding for finding in found if finding.rule == rule]


def test_surplus_is_what_lies_above_use_and_headroom():
    (found,) = only(find(world()), "over-requested")
    # CPU: 2.0 requested, 0.5 used, 0.65 is enough: 67.5 % of 40; memory: 4 against 2.6: 35 % of 20.
    assert found.amount == pytest.approx(40 * 0.675 + 20 * 0.35)
    assert found.subject == "shop/Deployment/web"
    assert "2 CPU requested, P95 of use 0.5" in found.evidence
    assert "0.65 CPU and 2.6 GiB" in found.action
    assert not found.bill_saving


def test_two_clusters_are_told_apart():
    def day(cluster):
        seen = [use("p", "a", hour, cpu_request=2.0, cpu_p95=0.5) for hour in range(24)]
        return digest(observation([node("a")], [pod("p", "web", cluster=cluster)], seen))

    where = {"namespace": "shop", "workload_kind": "Deployment", "workload": "web"}
    allocation = [
        {"basis": "effective", "cluster": name, "resource": "cpu", "cost": 40.0, **where}
        for name in ("east", "west")
    ]
    found = find(inputs(digests=[day("east"), day("west")], allocation=allocation, hours=24))
    assert [f.subject for f in only(found, "over-requested")] == [
        "east/shop/Deployment/web",
        "west/shop/Deployment/web",
    ]


def test_headroom_is_a_setting():
    careful = world(thresholds=Thresholds(headroom=0.5))
    bold = world(thresholds=Thresholds(headroom=0.15))
    (less,), (more,) = (only(find(w), "over-requested") for w in (careful, bold))
    assert less.amount == pytest.approx(40 * (1 - 0.75 / 2) + 20 * (1 - 3.0 / 4))
    assert more.amount == pytest.approx(40 * (1 - 0.575 / 2) + 20 * (1 - 2.3 / 4))


@pytest.mark.parametrize("unknown", [0.0, math.nan])
def test_no_use_measured_is_unknown_and_nobody_is_told_to_ask_for_nothing(unknown):
    assert only(find(world(cpu_p95=unknown, memory_max=unknown)), "over-requested") == []
    (found,) = only(find(world(cpu_p95=unknown)), "over-requested")
    assert found.action.startswith("Request 2.6 GiB a pod")


def test_the_least_that_is_advised():
    (found,) = only(find(world(cpu_p95=1e-6, memory_max=1e-6)), "over-requested")
    assert "Request 0.01 CPU and 0.0312 GiB" in found.action


def test_what_was_measured_in_part_is_not_judged():
    """Half the hours without a sample may be the busy ones."""
    half = [
        use("p", "a", hour, cpu_request=2.0, cpu_p95=0.5 if hour % 2 else math.nan)
        for hour in range(24)
    ]
    day = digest(observation([node("a")], [pod("p", "web")], half))
    where = {"namespace": "shop", "workload_kind": "Deployment", "workload": "web"}
    cost = [{"basis": "effective", "resource": "cpu", "cost": 40.0, **where}]
    assert find(inputs(digests=[day] * 30, allocation=cost, hours=720)) == ()


def test_less_than_a_day_has_not_seen_a_daily_peak():
    made = world(days=2)
    assert only(find(made), "over-requested")
    assert only(find(replace(made, hours=23)), "over-requested") == []


def test_use_within_headroom_is_fine():
    assert only(find(world(cpu_p95=1.6, memory_max=3.5)), "over-requested") == []


def test_memory_is_judged_by_the_highest_sample_alone():
    (found,) = only(find(world(cpu_p95=2.0, memory_max=1.0)), "over-requested")
    assert found.amount == pytest.approx(20 * (1 - 1.3 / 4))
    assert "CPU" not in found.evidence


def test_unmeasured_use_is_never_guessed():
    nothing = {"cpu_p95": float("nan"), "memory_max": float("nan")}
    assert only(find(world(**nothing)), "over-requested") == []


def test_short_lives_and_short_windows_are_judged_with_care():
    few = Thresholds(min_pod_hours=1000)
    assert only(find(world(thresholds=few)), "over-requested") == []
    (found,) = only(find(world(days=2)), "over-requested")
    assert found.confidence == "medium"


def test_workloads_without_requests_are_one_finding_with_their_cost():
    (found,) = only(
        find(world(cpu_request=0.0, cpu_used=0.25, memory_used=1.0, memory_request=4.0)),
        "no-requests",
    )
    assert found.amount == pytest.approx(40.0)
    assert "used 180.0 core-hours and 0.0 GiB-hours" in found.evidence
    assert found.subject == "shop/Deployment/web"
    assert not found.bill_saving


@pytest.mark.parametrize(("by_pod", "saves"), [(["node/a"], True), (["node/b"], False)])
def test_where_nodes_are_billed_by_their_pods_less_is_paid_at_once(by_pod, saves):
    (found,) = only(find(world(by_pod=by_pod)), "over-requested")
    assert found.bill_saving is saves
