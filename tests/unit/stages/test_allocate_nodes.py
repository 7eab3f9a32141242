"""Node cost against the second-by-second truth: every trap that other tools fall into."""

from __future__ import annotations

import pytest

from burn.work.events import Silent
from tests.unit.stages.builders import (
    DAY,
    HOUR,
    Asset,
    Run,
    World,
    allocated,
    by_workload,
    chosen,
    days_of,
    flat,
)
from tests.unit.stages.oracle import truth

NODE = Asset("n1", flat(1.0))


def agrees(world: World, start: int = 0, end: int = DAY) -> dict[str, float]:
    """Burn says what the walk says; returns it for closer looks."""
    found = by_workload(allocated(world, days=days_of(start, end)))
    assert found == pytest.approx(truth(world, start, end), rel=1e-9, abs=1e-9)
    return found


def test_a_statefulset_pod_recreated_under_its_name_pays_nothing_for_the_gap() -> None:
    runs = [
        Run("uid-1", "n1", 0, 8 * HOUR, workload="db-0", cpu=2.0, memory=8.0),
        Run("uid-2", "n1", 16 * HOUR, DAY, workload="db-0", cpu=2.0, memory=8.0),
    ]
    found = agrees(World([NODE], runs))
    assert found["db-0"] == pytest.approx(24.0 * (16 / 24) / 2)


def test_a_completed_pod_stops_costing() -> None:
    found = agrees(World([NODE], [Run("job", "n1", 0, 6 * HOUR, cpu=4.0, memory=16.0)]))
    assert found == pytest.approx({"job": 6.0, "idle": 18.0})


@pytest.mark.parametrize("seconds", [30, 300, 600])
def test_short_pods_cost_their_seconds(seconds: int) -> None:
    starts = range(17, DAY - seconds, 4 * seconds + 7)
    runs = [Run(f"p{at}", "n1", at, at + seconds, workload="ci", cpu=2.0) for at in starts]
    agrees(World([NODE], runs))


def test_a_best_effort_pod_costs_what_it_uses() -> None:
    found = agrees(World([NODE], [Run("free", "n1", cpu_used=1.0, memory_used=4.0)]))
    assert found["free"] == pytest.approx(24.0 / 4)


def test_the_larger_of_request_and_usage_counts_for_each_resource_apart() -> None:
    agrees(World([NODE], [Run("p", "n1", cpu=2.0, cpu_used=0.5, memory=1.0, memory_used=6.0)]))


def test_overcommit_never_costs_more_than_the_node() -> None:
    node = Asset("n1", flat(1.0), cpu=(4.0, 3.5), memory=(16.0, 14.0))
    runs = [
        Run("asks", "n1", cpu=3.0, memory=2.0),
        Run("takes", "n1", cpu_used=3.0, memory_used=20.0),
    ]
    found = agrees(World([node], runs))
    assert sum(found.values()) == pytest.approx(24.0)
    assert found["asks"] < 12.0 < found["takes"]


def test_overcommit_of_some_hours_leaves_the_others_alone() -> None:
    runs = [
        Run("steady", "n1", cpu=3.0, memory=4.0),
        Run("burst", "n1", 9 * HOUR, 11 * HOUR, cpu=3.0, memory=4.0),
    ]
    agrees(World([NODE], runs))


def test_what_kubernetes_keeps_for_itself_is_system_not_idle() -> None:
    node = Asset("n1", flat(1.0), cpu=(4.0, 3.0), memory=(16.0, 12.0))
    assert agrees(World([node])) == pytest.approx({"system": 6.0, "idle": 18.0})


def test_gpus_are_part_of_the_identity_too() -> None:
    node = Asset("n1", flat(10.0), gpus=4.0)
    runs = [
        Run("whole", "n1", cpu=1.0, memory=4.0, gpu=2.0),
        Run("slice", "n1", 0, 12 * HOUR, cpu=0.5, memory=1.0, gpu=0.25),
    ]
    found = agrees(World([node], runs))
    assert sum(found.values()) == pytest.approx(240.0)


def test_gpus_promised_twice_are_scaled_like_everything_else() -> None:
    runs = [Run("a", "n1", gpu=3.0), Run("b", "n1", gpu=3.0)]
    found = agrees(World([Asset("n1", flat(10.0), gpus=4.0)], runs))
    assert found["a"] == pytest.approx(found["b"])


def test_a_price_that_changes_is_integrated_not_averaged() -> None:
    node = Asset("n1", lambda day: (1.0, 5.0)[day], end=2 * DAY)
    runs = [
        Run("early", "n1", 0, DAY, cpu=4.0, memory=16.0),
        Run("late", "n1", DAY, 2 * DAY, cpu=1.0, memory=4.0),
    ]
    found = agrees(World([node], runs), 0, 2 * DAY)
    assert found == pytest.approx({"early": 24.0, "late": 30.0, "idle": 90.0})


def test_a_request_that_changes_inside_an_hour_is_integrated() -> None:
    half_past_nine = 9 * HOUR + HOUR // 2
    runs = [
        Run("web", "n1", 0, half_past_nine, cpu=1.0, memory=4.0),
        Run("web", "n1", half_past_nine, DAY, cpu=3.0, memory=12.0),
    ]
    agrees(World([NODE], runs))


def test_a_node_that_lived_for_part_of_the_day_costs_only_its_pods() -> None:
    node = Asset("n1", flat(2.0), 10 * HOUR + 600, 13 * HOUR + 60)
    late = Asset("n2", flat(1.0), 13 * HOUR)
    runs = [
        Run("a1", "n1", 10 * HOUR + 900, 13 * HOUR, workload="a", cpu=1.0, memory=1.0),
        Run("a2", "n2", 13 * HOUR + 10, DAY, workload="a", cpu=1.0, memory=1.0),
    ]
    agrees(World([node, late], runs))


def test_a_pod_on_an_hour_without_its_node_costs_nothing_and_the_node_is_paid_in_full() -> None:
    world = World([Asset("n1", flat(1.0), 12 * HOUR)], [Run("p", "n1", cpu=2.0, memory=8.0)])
    said: list[str] = []

    class Heard(Silent):
        def warning(self, text: str) -> None:
            said.append(text)

    rows = allocated(world, events=Heard())
    assert by_workload(rows) == pytest.approx({"p": 6.0, "idle": 6.0})
    assert len(said) == 1
    assert "12 of 24 pod-hours" in said[0]


@pytest.mark.parametrize(
    ("policy", "cost"), [("share-request", 6.0), ("share-usage", 12.0), ("share-max", 12.0)]
)
def test_each_share_policy_measures_what_it_says(policy: str, cost: float) -> None:
    world = World([NODE], [Run("p", "n1", cpu=1.0, cpu_used=2.0, memory=4.0, memory_used=8.0)])
    assert by_workload(allocated(world, [chosen(policy)]))["p"] == pytest.approx(cost)


def test_a_node_of_unknown_size_is_idle_not_lost() -> None:
    node = Asset("n1", flat(1.0), cpu=(0.0, 0.0), memory=(0.0, 0.0))
    found = by_workload(allocated(World([node], [Run("p", "n1", cpu=1.0, memory=1.0)])))
    assert found == pytest.approx({"idle": 24.0})


def test_allocatable_that_nobody_reported_means_all_of_it() -> None:
    node = Asset("n1", flat(1.0), cpu=(4.0, 0.0), memory=(16.0, 0.0))
    found = by_workload(allocated(World([node], [Run("p", "n1", cpu=4.0, memory=16.0)])))
    assert found == pytest.approx({"p": 24.0})
