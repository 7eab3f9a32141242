"""A node that is billed by its pods' requests: who pays, how much was asked for."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from burn.allocation.pod_billing import billed_by_pod, pods_parts, with_requests
from burn.allocation.seed import seed
from burn.api import schemas
from tests.unit.stages.builders import (
    HOUR,
    Asset,
    Run,
    World,
    allocated,
    by_workload,
    days_of,
    flat,
    prices,
)

DAY = days_of()[0]
FREE = ("kube-system", "managed-*")


def carried(world: World, free: tuple[str, ...] = ()) -> pd.DataFrame:
    """The seed of a world of nodes billed by pod, handed to the pods; equal rates."""
    seen = world.observe(DAY)
    costs = replace(world.costs([DAY]), shared=world.costs([DAY]).shared.iloc[:0])
    table = prices(seen.inventory, unit="vCPU-hours")
    table = table.assign(cpu_rate=1.0, memory_rate=0.25, gpu_rate=0.0)
    rows = seed(costs, ["list"], seen.inventory, table)
    return billed_by_pod(rows, pods_parts(table, seen, free))


def test_each_resource_goes_by_its_own_request_and_nothing_is_idle() -> None:
    world = World(
        [Asset("n1", flat(2.0), cpu=(4.0, 4.0), memory=(16.0, 16.0))],
        [
            Run("a", "n1", 0, 6 * HOUR, cpu=1.0, memory=1.0, cpu_used=9.0),
            Run("b", "n1", 0, 12 * HOUR, cpu=0.5, memory=3.5),
        ],
    )
    rows = carried(world)
    assert set(rows["kind"]) == {"direct"}
    assert by_workload(rows, resource="cpu") == pytest.approx({"a": 12.0, "b": 12.0})
    assert by_workload(rows, resource="memory") == pytest.approx({"a": 3.0, "b": 21.0})


def test_pods_of_free_namespaces_pay_nothing() -> None:
    world = World(
        [Asset("n1", flat(1.0))],
        [
            Run("dns", "n1", cpu=2.0, memory=2.0, namespace="kube-system"),
            Run("agent", "n1", cpu=1.0, memory=1.0, namespace="managed-logs"),
            Run("web", "n1", 0, 600, cpu=0.5, memory=1.0),
        ],
    )
    assert by_workload(carried(world, FREE)) == pytest.approx({"web": 24.0})
    assert len(by_workload(carried(world))) == 3


def test_where_nobody_asks_for_a_resource_time_decides() -> None:
    runs = [Run("a", "n1", 0, HOUR, cpu=1.0), Run("b", "n1", 0, 3 * HOUR, cpu=1.0)]
    rows = carried(World([Asset("n1", flat(2.0))], runs))
    assert by_workload(rows, resource="memory") == pytest.approx({"a": 6.0, "b": 18.0})


def test_a_node_without_billed_pods_is_left_to_the_policies() -> None:
    world = World([Asset("n1", flat(1.0))], [Run("dns", "n1", namespace="kube-system", cpu=1.0)])
    assert set(carried(world, FREE)["kind"]) == {"unallocated"}


def test_requests_are_summed_by_node_without_free_namespaces() -> None:
    world = World(
        [Asset("n1", flat(1.0)), Asset("n2", flat(1.0)), Asset("v1", flat(1.0), kind="volume")],
        [
            Run("a", "n1", 0, 600, cpu=3.0, memory=6.0, gpu=1.0),
            Run("b", "n1", 0, 2 * HOUR, cpu=0.25, memory=0.5),
            Run("dns", "n1", cpu=1.0, namespace="kube-system"),
        ],
    )
    seen = world.observe(DAY)
    bare = seen.inventory.drop(columns=["cpu_requested", "memory_requested", "gpu_requested"])
    seen = replace(seen, inventory=schemas.INVENTORY.validate(bare, author="an old snapshot"))
    assert seen.inventory["cpu_requested"].isna().all()
    found = with_requests(seen, FREE).inventory.set_index("name")
    assert found.loc["n1", "cpu_requested"] == pytest.approx(1.0)
    assert found.loc["n1", "memory_requested"] == pytest.approx(2.0)
    assert found.loc["n1", "gpu_requested"] == pytest.approx(1 / 6)
    assert found.loc["n2", "cpu_requested"] == 0.0
    assert pd.isna(found.loc["v1", "cpu_requested"])


run = st.builds(
    Run,
    uid=st.sampled_from("abcdef"),
    node=st.sampled_from(["n1", "n2"]),
    start=st.integers(0, 12 * HOUR),
    end=st.integers(12 * HOUR + 1, 24 * HOUR),
    namespace=st.just("shop"),
    cpu=st.floats(0, 4),
    memory=st.floats(0, 16),
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(runs=st.lists(run, max_size=6, unique_by=lambda one: one.uid))
def test_money_is_conserved_whatever_runs(runs: list[Run]) -> None:
    world = World([Asset("n1", flat(1.0)), Asset("n2", flat(3.0), 0, 5 * HOUR)], runs)
    assert carried(world, FREE)["cost"].sum() == pytest.approx(24.0 + 15.0)


def test_machines_are_not_touched() -> None:
    world = World([Asset("n1", flat(1.0))], [Run("a", "n1", cpu=1.0)])
    assert "idle" in set(allocated(world)["kind"])
