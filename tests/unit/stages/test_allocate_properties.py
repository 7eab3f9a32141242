"""What must hold in any world: the truth, nothing lost, nothing negative, no order, no seams."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from burn.allocation.seed import seed
from burn.api import ApplyRequest, Window
from burn.builtin.policies.specs import POLICIES
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
    prices,
)
from tests.unit.stages.oracle import truth

pytestmark = pytest.mark.slow
COMMON = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
AMOUNTS = st.sampled_from([0.0, 0.0, 0.1, 0.5, 1.0, 2.5, 7.0])


@st.composite
def spans(draw: st.DrawFn, step: int) -> tuple[int, int]:
    start = draw(st.integers(0, DAY // step - 1))
    return start * step, draw(st.integers(start + 1, DAY // step)) * step


@st.composite
def worlds(draw: st.DrawFn, step: int = 1) -> World:
    """A few of everything, on a grid of `step` seconds; free of any other sense."""
    assets = []
    for n in range(draw(st.integers(1, 3))):
        start, end = draw(spans(step))
        size = draw(st.sampled_from([(4.0, 4.0), (4.0, 3.5), (2.0, 1.9)]))
        gpus = draw(st.sampled_from([0.0, 0.0, 2.0]))
        price = flat(draw(st.floats(0.0, 50.0)))
        assets.append(Asset(f"n{n}", price, start, end, cpu=size, memory=size, gpus=gpus))
    for n in range(draw(st.integers(0, 2))):
        start, end = draw(spans(step))
        claimed = {"namespace": "shop", "owner": f"claim-{n}"} if draw(st.booleans()) else {}
        assets.append(Asset(f"v{n}", flat(1.0 + n), start, end, kind="volume", **claimed))
    if draw(st.booleans()):
        assets.append(Asset("lb", flat(0.5), kind="load_balancer", namespace="web", owner="lb"))
    disks = [asset.name for asset in assets if asset.kind == "volume"]
    runs = []
    for n in range(draw(st.integers(0, 5))):
        start, end = draw(spans(step))
        mounts = tuple(draw(st.sets(st.sampled_from(disks)))) if disks else ()
        runs.append(
            Run(
                f"p{n}", draw(st.sampled_from(["n0", "n1", "n2"])), start, end, f"w{n % 3}",
                draw(st.sampled_from(["shop", "web", "kube-system"])),
                cpu=draw(AMOUNTS), cpu_used=draw(AMOUNTS), memory=draw(AMOUNTS),
                memory_used=draw(AMOUNTS), gpu=draw(st.sampled_from([0.0, 0.5, 2.0])),
                mounts=mounts,
            )
        )  # fmt: skip
    return World(assets, runs, shared=draw(st.sampled_from([0.0, 0.1])))


@pytest.mark.slow
@COMMON
@given(worlds(step=HOUR))
def test_any_world_on_hour_borders_is_exactly_the_truth(world: World) -> None:
    """Overcommit, shared volumes and best effort included: an hour is burn's grain."""
    assert by_workload(allocated(world)) == pytest.approx(truth(world), rel=1e-9, abs=1e-8)


@pytest.mark.slow
@COMMON
@given(worlds())
def test_between_hour_borders_every_asset_is_paid_in_full_and_nobody_pays_less_than_nothing(
    world: World,
) -> None:
    days = days_of()
    seen = world.observe(days[0])
    start = seed(world.costs(days), ["list"], seen.inventory, prices(seen.inventory))
    for name in ("share-max", "share-request", "share-usage"):
        after = chosen(name).made.apply(ApplyRequest(allocation=start, observed=seen))
        keys = ["asset_id", "resource"]
        was = start.groupby(keys, observed=True)["cost"].sum()
        now = after.groupby(keys, observed=True)["cost"].sum()
        assert now.to_dict() == pytest.approx(was.to_dict(), rel=1e-9, abs=1e-9)
        assert (after["cost"] >= 0).all()
        assert "unallocated" not in set(after["kind"])


@COMMON
@given(worlds(), st.permutations([spec.name for spec in POLICIES]), st.integers(1, 9))
def test_any_chain_of_policies_keeps_the_sum(world: World, names: list[str], length: int) -> None:
    fixed = {"weights": {"shop": 3.0, "web": 1.0}}
    needed = {"shared-fixed": fixed, "dimensions": {"labels": {"team": "team"}}}
    chain = [chosen(name, **needed.get(name, {})) for name in names[:length]]
    rows = allocated(world, chain)
    costs = world.costs(days_of())
    total = costs.assets["cost"].sum() + costs.shared["cost"].sum()
    assert rows["cost"].sum() == pytest.approx(total, rel=1e-9, abs=1e-9)
    assert (rows["cost"] >= 0).all()


@COMMON
@given(worlds(), st.integers(1, 23))
def test_two_parts_of_a_day_add_up_to_the_day(world: World, cut: int) -> None:
    whole = by_workload(allocated(world))
    parts: dict[str, float] = {}
    for start, end in ((0, cut * HOUR), (cut * HOUR, DAY)):
        if any(a.start < end and a.end > start for a in world.assets):
            for name, cost in by_workload(allocated(world, days=days_of(start, end))).items():
                parts[name] = parts.get(name, 0.0) + cost
        else:
            parts["shared"] = parts.get("shared", 0.0) + world.shared * (end - start) / HOUR
    assert {k: v for k, v in parts.items() if v} == pytest.approx(whole, rel=1e-9, abs=1e-8)


class Shuffled(World):
    """The same world, its frames in another order and its text as categories."""

    def observe(self, window: Window):
        seen = super().observe(window)
        return replace(
            seen,
            inventory=_turned(seen.inventory),
            presence=_turned(seen.presence),
            pods=_turned(seen.pods),
            usage=_turned(seen.usage),
            mounts=_turned(seen.mounts),
        )


def _turned(rows: pd.DataFrame) -> pd.DataFrame:
    text = [name for name in rows if pd.api.types.is_string_dtype(rows[name])]
    turned = rows.sample(frac=1.0, random_state=7).reset_index(drop=True)
    return turned.astype(dict.fromkeys(text, "category"))


@COMMON
@given(worlds())
def test_the_order_of_rows_and_the_kind_of_text_do_not_matter(world: World) -> None:
    chain = [chosen(n) for n in ("share-max", "idle-by-node", "shared-even", "owners")]
    straight = allocated(world, chain)
    turned = allocated(Shuffled(world.assets, world.runs[::-1], world.shared), chain)
    text = {name: "str" for name in straight if name not in ("day", "cost")}
    pd.testing.assert_frame_equal(straight.astype(text), turned.astype(text), rtol=1e-9, atol=1e-9)


@COMMON
@given(worlds(), st.randoms(use_true_random=False))
def test_what_a_pod_is_called_changes_nobodys_cost(world: World, random) -> None:
    names = [f"uid-{n}" for n in range(len(world.runs))]
    random.shuffle(names)
    renamed = [replace(r, uid=n) for r, n in zip(world.runs, names, strict=True)]
    assert by_workload(allocated(replace(world, runs=renamed))) == pytest.approx(
        by_workload(allocated(world)), rel=1e-9, abs=1e-9
    )


def test_the_walk_may_pay_seconds_between_events_in_one_go() -> None:
    world = World(
        [
            Asset("n1", flat(3.0), 100, 4000, cpu=(4.0, 3.5)),
            Asset("v1", flat(1.0), 50, 3900, kind="volume"),
        ],
        [
            Run("a", "n1", 200, 3000, cpu=2.0, memory=4.0, mounts=("v1",)),
            Run("b", "n1", 1000, 3500, cpu=3.0, cpu_used=1.0, memory=9.0, mounts=("v1",)),
        ],
        shared=0.1,
    )
    assert truth(world, 0, 4200) == pytest.approx(truth(world, 0, 4200, every=True))
