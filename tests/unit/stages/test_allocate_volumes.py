"""Volume cost against the second-by-second truth: handed over, taken in turn, shared, forgotten."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from tests.unit.stages.builders import (
    DAY,
    EPOCH,
    HOUR,
    Asset,
    Run,
    World,
    allocated,
    by_workload,
    days_of,
    flat,
)
from tests.unit.stages.oracle import truth

FREE = Asset("n1", flat(0.0))
DISK = Asset("v1", flat(1.0), kind="volume", namespace="shop", owner="data")


def mounting(name: str, start: int = 0, end: int = DAY, disk: str = "v1") -> Run:
    return Run(name, "n1", start, end, cpu=0.1, memory=0.1, mounts=(disk,))


def agrees(world: World, start: int = 0, end: int = DAY) -> dict[str, float]:
    found = by_workload(allocated(world, days=days_of(start, end)), resource="storage")
    assert found == pytest.approx(truth(world, start, end), rel=1e-9, abs=1e-9)
    return found


def test_24_hourly_jobs_in_turn_pay_the_whole_volume_once() -> None:
    jobs = [mounting(f"job-{h}", h * HOUR, (h + 1) * HOUR) for h in range(24)]
    found = agrees(World([FREE, DISK], jobs))
    assert found == pytest.approx({f"job-{h}": 1.0 for h in range(24)})


def test_a_rollout_at_noon_splits_the_day_in_two() -> None:
    pods = [mounting("old", 0, 12 * HOUR), mounting("new", 12 * HOUR, DAY)]
    assert agrees(World([FREE, DISK], pods)) == pytest.approx({"old": 12.0, "new": 12.0})


def test_a_hand_over_inside_an_hour_is_split_by_the_second() -> None:
    at = 12 * HOUR + 1_234
    agrees(World([FREE, DISK], [mounting("old", 0, at), mounting("new", at, DAY)]))


def test_two_pods_all_day_pay_half_each() -> None:
    found = agrees(World([FREE, DISK], [mounting("a"), mounting("b")]))
    assert found == pytest.approx({"a": 12.0, "b": 12.0})


def test_a_second_pod_for_some_hours_shares_only_those() -> None:
    pods = [mounting("a"), mounting("b", 6 * HOUR, 9 * HOUR)]
    found = agrees(World([FREE, DISK], pods))
    assert found == pytest.approx({"a": 22.5, "b": 1.5})


def test_hours_that_nobody_mounts_are_the_claims_as_its_own_row() -> None:
    world = World([FREE, DISK], [mounting("a", 0, 12 * HOUR)])
    assert agrees(world) == pytest.approx({"a": 12.0, "data": 12.0})
    rows = allocated(world)
    claim = rows[rows["workload"] == "data"].iloc[0]
    assert (claim["workload_kind"], claim["kind"]) == ("PersistentVolumeClaim", "direct")
    assert claim["namespace"] == "shop"


def test_a_pod_in_another_namespace_pays_for_what_it_mounts() -> None:
    pod = replace(mounting("a"), namespace="batch")
    rows = allocated(World([FREE, DISK], [pod]))
    storage = rows[rows["resource"] == "storage"]
    assert list(storage["namespace"]) == ["batch"]


def test_a_volume_without_a_claim_is_idle() -> None:
    orphan = replace(DISK, namespace="", owner="")
    assert agrees(World([FREE, orphan])) == pytest.approx({"idle": 24.0})


def test_a_volume_made_and_deleted_inside_the_day_costs_its_hours() -> None:
    disk = replace(DISK, start=7 * HOUR + 900, end=15 * HOUR + 30)
    agrees(World([FREE, disk], [mounting("a", 7 * HOUR + 900, 12 * HOUR)]))


def test_a_pod_with_two_volumes_pays_both() -> None:
    other = replace(DISK, name="v2", price=flat(3.0), owner="logs")
    pod = replace(mounting("a"), mounts=("v1", "v2"))
    assert agrees(World([FREE, DISK, other], [pod])) == pytest.approx({"a": 96.0})


def test_over_two_days_with_a_price_change_and_a_hand_over() -> None:
    disk = replace(DISK, price=lambda day: (1.0, 4.0)[day], end=2 * DAY)
    node = replace(FREE, end=2 * DAY)
    pods = [mounting("a", 0, DAY + 6 * HOUR), mounting("b", DAY + 6 * HOUR, 2 * DAY)]
    found = agrees(World([node, disk], pods), 0, 2 * DAY)
    assert found == pytest.approx({"a": 48.0, "b": 72.0})


def test_a_mount_by_a_pod_nobody_saw_running_falls_back_to_the_claim() -> None:
    """A pod that never started holds nothing: the claim does."""
    world = World([FREE, DISK], [mounting("a")])

    class Unstarted(World):
        def observe(self, window):
            seen = super().observe(window)
            ghost = pd.DataFrame(
                {"pod_uid": ["ghost"], "asset_id": [DISK.id], "day": [pd.Timestamp(EPOCH)]}
            )
            return replace(seen, usage=seen.usage.iloc[:0], mounts=ghost)

    assert by_workload(
        allocated(Unstarted(world.assets, world.runs)), resource="storage"
    ) == pytest.approx({"data": 24.0})


def test_balancers_are_the_services_once_with_and_without_pods() -> None:
    doors = [
        Asset("a", flat(10 / 24), kind="load_balancer", namespace="shop", owner="front"),
        Asset("b", flat(5 / 24), kind="load_balancer", namespace="shop", owner="api"),
        Asset("c", flat(2 / 24), kind="load_balancer", namespace="empty", owner="lonely"),
        Asset("d", flat(1 / 24), kind="load_balancer"),
    ]
    world = World([FREE, *doors], [Run("web", "n1", cpu=0.1, memory=0.1)])
    rows = allocated(world)
    found = by_workload(rows, resource="load_balancer")
    assert found == pytest.approx({"front": 10.0, "api": 5.0, "lonely": 2.0, "idle": 1.0})
    assert found == pytest.approx(truth(world))
    assert set(rows.loc[rows["workload"] == "front", "workload_kind"]) == {"Service"}
