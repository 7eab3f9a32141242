"""Money is conserved, and a policy that does not is stopped by name and amount."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from burn.allocation.conservation import gap
from burn.allocation.pod_billing import billed_by_pod, pods_parts
from burn.allocation.seed import node_shares, seed
from burn.api import ContractError, schemas
from burn.ledger.costs import Costs
from burn.plugin.chosen import Chosen
from tests.unit.stages.builders import (
    DAY,
    EPOCH,
    HOUR,
    Asset,
    Run,
    World,
    allocated,
    by_workload,
    chosen,
    days_of,
    flat,
    frame,
    prices,
)

NODE = Asset("n1", flat(1.0), end=2 * DAY)
WORLD = World([NODE], [Run("web", "n1", end=2 * DAY, cpu=2.0, memory=8.0)], shared=0.1)


class Edited:
    """A stranger's policy that edits the frame in some way."""

    def __init__(self, edit: Any) -> None:
        self._edit = edit

    def apply(self, request: Any) -> Any:
        return self._edit(request.allocation.copy())


def stranger(edit: Any) -> Chosen[Any]:
    return Chosen("greedy", "acme-policies 2.1", Edited(edit))


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda f: f.iloc[1:], "lost 15.62 USD on 2026-10-01"),
        (lambda f: f.assign(cost=f["cost"] * 2), "invented 26.40 USD on 2026-10-01"),
        (lambda f: f.assign(cost=f["cost"] * (1 + 1e-7)), "invented 2.64e-06 USD"),
        (lambda f: f.assign(day=f["day"] + pd.Timedelta(days=1)), "another day: 2026-10-02"),
        (lambda f: f.assign(basis="billed"), "another basis: `billed`"),
    ],
)
def test_a_policy_that_does_not_conserve_is_stopped(edit: Any, says: str) -> None:
    with pytest.raises(ContractError) as stopped:
        allocated(WORLD, [stranger(edit)])
    assert "policy `greedy` (acme-policies 2.1)" in stopped.value.message
    assert says in stopped.value.message
    assert "run.policies" in str(stopped.value.hint) or "owners" in str(stopped.value.hint)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_policy_that_returns_no_number_is_stopped(bad: float) -> None:
    with pytest.raises(ContractError, match=r"acme-policies 2\.1 .*`cost`"):
        allocated(WORLD, [stranger(lambda f: f.assign(cost=bad))])


def test_a_policy_that_drops_everything_is_stopped() -> None:
    with pytest.raises(ContractError, match=r"lost 26\.40 USD"):
        allocated(WORLD, [stranger(lambda f: f.iloc[:0])])


def test_a_policy_that_makes_up_opposite_amounts_is_stopped() -> None:
    def opposite(rows: Any) -> Any:
        both = pd.concat([rows.iloc[:1].assign(namespace=n) for n in ("rich", "poor")])
        return pd.concat([rows, both.assign(cost=[1e9, -1e9])], ignore_index=True)

    with pytest.raises(ContractError, match=r"made 2,000,000,000\.00 USD of opposite amounts"):
        allocated(WORLD, [stranger(opposite)])


class InPlace:
    """A policy that writes into what it is given, and hands that back."""

    def apply(self, request: Any) -> Any:
        request.observed.usage["cpu_request"] = 0.0
        request.observed.usage["hours"] = 0.0
        request.allocation["cost"] = 0.0
        return request.allocation


def test_what_a_policy_does_to_its_input_is_its_own_fault_and_nobody_elses_input() -> None:
    in_place = Chosen("in-place", "acme-policies 2.1", InPlace())
    with pytest.raises(ContractError, match=r"`in-place` \(acme-policies 2\.1\) lost 26\.40 USD"):
        allocated(WORLD, [in_place])

    class Harmless(InPlace):
        def apply(self, request: Any) -> Any:
            kept = request.allocation.copy()
            super().apply(request)
            return kept

    harmless = Chosen("harmless", "acme-policies 2.1", Harmless())
    alone = allocated(WORLD, [chosen("share-max")])
    pd.testing.assert_frame_equal(allocated(WORLD, [harmless, chosen("share-max")]), alone)


def test_a_gain_hidden_behind_large_opposite_amounts_is_seen() -> None:
    before = pd.Series([1e12, -1e12, 1.0])
    assert gap(before, pd.Series([1e12, -1e12, 1.0 + 1e-4])) is None, "far below a cent a million"
    assert gap(before, pd.Series([1.0])) is None
    assert gap(before, pd.Series([1e12, -1e12, 9_000.0])) == pytest.approx(8_999.0)


def test_cost_of_a_day_the_asset_was_not_seen_is_its_idle_cost() -> None:
    """A node billed from 23:50 that joined the cluster after midnight."""
    late = Asset("n1", flat(1.0), start=DAY + 60, end=2 * DAY)
    world = World([late, Asset("n2", flat(0.0), end=2 * DAY)], [Run("web", "n2", end=2 * DAY)])
    days = days_of(0, 2 * DAY)
    before = {"basis": "list", "asset_id": late.id, "day": EPOCH, "cost": 0.25}
    costs = world.costs(days)
    costs = replace(costs, assets=pd.concat([costs.assets, pd.DataFrame([before])]))
    rows = allocated(world, days=days, costs=costs)
    first = rows[(rows["day"] == pd.Timestamp(EPOCH)) & (rows["cost"] > 0)]
    assert set(first["kind"]) == {"idle"}
    assert set(first["cluster"]) == {"c"}
    assert set(first["resource"]) == {"cpu", "memory"}
    assert first["cost"].sum() == pytest.approx(0.25)


def test_a_day_on_which_nothing_was_seen_keeps_its_shared_cost() -> None:
    world = World([Asset("n1", flat(1.0), start=DAY, end=2 * DAY)], shared=0.1)
    chain = [chosen(n) for n in ("share-max", "idle-by-node", "shared-even", "owners")]
    rows = allocated(world, chain, days=days_of(0, 2 * DAY))
    assert by_workload(rows) == pytest.approx({"idle": 24.0, "shared": 4.8})


def test_cost_outside_the_days_is_not_lost_in_silence() -> None:
    costs = WORLD.costs(days_of(0, 2 * DAY))
    with pytest.raises(ContractError, match=r"misses 26\.40 USD"):
        allocated(WORLD, days=days_of(0, DAY), costs=costs)


def test_cost_of_an_asset_nobody_ever_saw_is_an_error() -> None:
    row = {"basis": "list", "asset_id": "node/ghost", "day": EPOCH, "cost": 1.0}
    costs = Costs(pd.DataFrame([row]), WORLD.costs(days_of()).shared)
    with pytest.raises(ContractError, match="node/ghost"):
        allocated(WORLD, costs=costs)


def test_cost_without_an_asset_stays_shared_under_its_drivers_name() -> None:
    rows = allocated(WORLD)
    shared = rows[rows["kind"] == "shared"].iloc[0]
    assert (shared["resource"], shared["namespace"], shared["cluster"]) == (
        "control_plane",
        "",
        "c",
    )
    assert shared["cost"] == pytest.approx(2.4)


def test_without_policies_the_cost_stays_unallocated() -> None:
    rows = allocated(WORLD, [stranger(lambda f: f)])
    assert by_workload(rows) == pytest.approx({"unallocated": 24.0, "shared": 2.4})


def test_the_result_is_reduced_to_owners_and_in_order() -> None:
    rows = allocated(WORLD, days=days_of(0, 2 * DAY))
    keys = [name for name in schemas.ALLOCATION.names if name not in ("asset_id", "labels", "cost")]
    assert set(rows["asset_id"]) == {""}
    assert set(rows["labels"]) == {"{}"}
    assert not rows.duplicated(keys).any()
    text = rows.astype({name: "str" for name in keys if name != "day"})
    assert text[keys].equals(text[keys].sort_values(keys, ignore_index=True))


def test_rates_are_weights_and_a_providers_come_before_the_defaults() -> None:
    sizes = {"cpu_cores": [2.0, 2.0], "memory_gib": [8.0, 8.0], "gpu_count": [0.0, 1.0]}
    rates = {"cpu_rate": [None, 3.0], "memory_rate": [None, 1.0], "gpu_rate": [None, 2.0]}
    shares = node_shares(pd.DataFrame(sizes | rates, dtype="float64"))
    assert shares.sum(axis=1).tolist() == pytest.approx([1.0, 1.0])
    assert shares.loc[0, "cpu"] / shares.loc[0, "memory"] == pytest.approx(
        2 * 0.031611 / (8 * 0.004237)
    )
    assert shares.loc[1].tolist() == pytest.approx([6 / 16, 8 / 16, 2 / 16])


def test_a_serverless_node_is_its_pods_with_no_idle() -> None:
    """Priced at the pod's size; its Kubernetes node is larger and means nothing."""
    world = World(
        [Asset("n1", flat(1.0))], [Run("fargate", "n1", 0, 6 * HOUR, cpu=0.25, memory=0.5)]
    )
    seen = world.observe(days_of()[0])
    inventory = seen.inventory.assign(pod_uid="fargate")
    seen = replace(seen, inventory=frame(schemas.INVENTORY, inventory.to_dict(orient="records")))
    by_pod, by_node = prices(seen.inventory, unit="vCPU-hours"), prices(seen.inventory)
    costs = replace(world.costs(days_of()), shared=world.costs(days_of()).shared.iloc[:0])
    rows = seed(costs, ["list"], seen.inventory, by_pod)
    assert set(billed_by_pod(rows, pods_parts(by_node, seen))["kind"]) == {"unallocated"}
    rows = billed_by_pod(rows, pods_parts(by_pod, seen))
    assert by_workload(rows) == pytest.approx({"fargate": 24.0})
    assert set(rows["kind"]) == {"direct"}


def test_pods_that_the_pods_frame_does_not_name_are_an_error() -> None:
    class Nameless(World):
        def observe(self, window):
            seen = super().observe(window)
            return replace(seen, pods=seen.pods.iloc[:0])

    with pytest.raises(ContractError, match="pod web has usage"):
        allocated(Nameless(WORLD.assets, WORLD.runs))


def test_two_bases_come_out_side_by_side_each_whole() -> None:
    from burn.stages.allocate import Allocator, ToAllocate, allocate
    from burn.work.events import Silent

    days = days_of()
    seen = WORLD.observe(days[0])
    listed, paid = WORLD.costs(days), WORLD.costs(days, basis="effective")
    paid = replace(paid, assets=paid.assets.assign(cost=paid.assets["cost"] * 0.6))
    both = Costs(pd.concat([listed.assets, paid.assets]), pd.concat([listed.shared, paid.shared]))
    made = allocate(
        Allocator([chosen("share-max")], lambda _: seen),
        ToAllocate(
            bases=["list", "effective"],
            costs=both,
            prices=prices(seen.inventory),
            inventory=seen.inventory,
        ),
        days,
        Silent(),
    )
    sums = made.allocation.groupby("basis", observed=True)["cost"].sum()
    assert sums.to_dict() == pytest.approx({"list": 26.4, "effective": 24 * 0.6 + 2.4})


def test_an_hour_at_the_edge_of_a_window_is_a_day_of_its_own() -> None:
    days = days_of(DAY - HOUR, DAY + HOUR)
    assert [day.end - day.start for day in days] == [timedelta(hours=1)] * 2
    rows = allocated(WORLD, days=days)
    assert rows["cost"].sum() == pytest.approx(2.0 + 0.2)
