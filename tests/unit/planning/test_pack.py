"""Packing beside trying everything, on worlds of up to eight nodes: what it says fits does, and how far
from the best it is."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator

import numpy as np
import pytest

from burn.planning import nodes, pack
from burn.planning.nodes import Hour, Pool, surplus, to_spot
from burn.planning.pack import MANY, Pods, Room

SEEDS = range(120)
NONE = Pods.of(np.zeros((0, 3)), np.zeros(0, dtype=np.int64))
SPOT = 0.6
"""What spot saves of a node's cost in these worlds."""


def world(seed: int, most: int = 8) -> Pool:
    """3 to 8 nodes of one or two sizes, DaemonSets on some, pods that some must not meet, some ready
    for spot."""
    dice = np.random.default_rng(seed)
    count = int(dice.integers(3, most + 1))
    small = dice.random(count) < 0.4
    room = np.where(small[:, None], [2.0, 8.0, 0.0], [4.0, 16.0, 0.0])
    room[:, 2] = np.where(dice.random(count) < 0.2, 1.0, 0.0)
    hours = []
    for _ in range(int(dice.integers(1, 3))):
        fixed = np.zeros((count, 3))
        fixed[dice.random(count) < 0.6] = [0.2, 0.5, 0.0]
        pods = int(dice.integers(2, most + 1))
        sizes = np.column_stack(
            [
                dice.choice([0.25, 0.5, 1.0, 1.5], pods),
                dice.choice([0.5, 2.0, 5.0], pods),
                np.zeros(pods),
            ]
        )
        sizes[:, 2] = np.where((dice.random(pods) < 0.15) & (room[:, 2].sum() > 0), 1.0, 0.0)
        # A workload's pods stay apart, and are ready, together.
        apart = np.where(dice.random(pods) < 0.3, 0, -1)
        ready = np.where(apart == 0, seed % 2 == 0, dice.random(pods) < 0.5)
        kinds = [Pods.of(sizes[which], apart[which].astype(np.int64)) for which in (~ready, ready)]
        hours.append(Hour(fixed, (fixed[:, 0] > 0).astype(float), *kinds))
    cost = np.round(np.where(small, 1.0, 2.0) * (1 + 0.2 * dice.random(count)), 3)
    slots = np.full(count, float(dice.integers(4, 8)))
    movable = dice.random(count) < 0.9
    return Pool([f"n{n}" for n in range(count)], room, slots, cost, movable, hours)


def each(hour: Hour) -> Iterator[tuple[list[float], int, bool]]:
    """Size, group and readiness of each pod, the largest first."""
    rows = [
        (size.tolist(), int(group), ready)
        for pods, ready in ((hour.pods, False), (hour.ready, True))
        for size, group in zip(
            np.repeat(pods.sizes, pods.counts, axis=0),
            np.repeat(pods.apart, pods.counts),
            strict=True,
        )
    ]
    return iter(sorted(rows, key=lambda row: -max(row[0][:2])))


def placed(pool: Pool, kept: Collection[int], hour: Hour, spot: Collection[int] = ()) -> bool:
    """Whether some way of placing the pods exists; tried pod by pod."""
    room = {n: (pool.room[n] - hour.fixed[n]).clip(min=0).tolist() for n in kept}
    slots = {n: pool.slots[n] - hour.daemons[n] for n in kept}
    met: dict[int, set[int]] = {n: set() for n in kept}

    def place(rest: list[tuple[list[float], int, bool]]) -> bool:
        if not rest:
            return True
        size, group, ready = rest[0]
        tried = set()
        for n in kept:
            state = (tuple(room[n]), slots[n], group in met[n], n in spot)
            full = any(need > have + 1e-9 for need, have in zip(size, room[n], strict=True))
            if full or slots[n] < 1 or (group >= 0 and group in met[n]) or state in tried:
                continue
            if n in spot and not ready:
                continue
            tried.add(state)
            room[n] = [have - need for need, have in zip(size, room[n], strict=True)]
            slots[n] -= 1
            if group >= 0:
                met[n].add(group)
            if place(rest[1:]):
                return True
            room[n] = [have + need for need, have in zip(size, room[n], strict=True)]
            slots[n] += 1
            met[n].discard(group)
        return False

    return place(list(each(hour)))


def best(pool: Pool) -> float:
    """The most that nodes which can go cost together."""
    every = range(len(pool.names))
    most = 0.0
    for size in range(1, len(pool.names)):
        for gone in itertools.combinations([n for n in every if pool.movable[n]], size):
            value = float(pool.cost[list(gone)].sum())
            kept = tuple(n for n in every if n not in gone)
            if value > most and all(placed(pool, kept, hour) for hour in pool.hours):
                most = value
    return most


def best_with_spot(pool: Pool) -> float:
    """The most that nodes which can go, and those which can be spot, save together."""
    every = range(len(pool.names))
    ways = [(0, 1, 2) if pool.movable[n] else (0,) for n in every]
    most = 0.0
    for way in itertools.product(*ways):
        value = sum(pool.cost[n] * (0.0, SPOT, 1.0)[way[n]] for n in every)
        kept = tuple(n for n in every if way[n] != 2)
        spot = {n for n in every if way[n] == 1}
        if kept and value > most and all(placed(pool, kept, h, spot) for h in pool.hours):
            most = value
    return most


def test_what_goes_can_go_and_is_near_the_best() -> None:
    """Never a node that has to stay; over all worlds 90 % of what is possible at least."""
    found = possible = 0.0
    for seed in SEEDS:
        pool = world(seed)
        gone = surplus(pool)
        kept = tuple(n for n in range(len(pool.names)) if n not in gone)
        assert all(pool.movable[n] for n in gone)
        assert not gone or all(placed(pool, kept, hour) for hour in pool.hours), seed
        value, most = float(pool.cost[gone].sum()), best(pool)
        assert value <= most + 1e-9, seed
        found, possible = found + value, possible + most
    assert possible > 0
    assert found / possible >= 0.9, f"{found / possible:.3f}"


def saved(pool: Pool) -> float:
    """What the steps save one after the other; each must be possible."""
    gone = surplus(pool)
    left = pool.without(gone)
    spot = set(to_spot(left, np.where(left.movable, left.cost * SPOT, 0.0)))
    kept = range(len(left.names))
    assert all(left.movable[n] for n in spot)
    # It also says nothing where the packing fails as it is: then nothing is gone, either.
    assert not spot or all(placed(left, kept, hour, spot) for hour in left.hours)
    return float(pool.cost[gone].sum() + left.cost[list(spot)].sum() * SPOT)


def test_what_becomes_spot_can_and_the_order_of_steps_costs_little() -> None:
    """Fewer nodes, then spot, beside every way of both at once, on worlds of up to five nodes."""
    found = possible = 0.0
    for seed in SEEDS:
        pool = world(seed, 5)
        value, most = saved(pool), best_with_spot(pool)
        assert value <= most + 1e-9, seed
        found, possible = found + value, possible + most
    assert found / possible >= 0.9, f"{found / possible:.4f}"


def test_large_pools_are_packed_once_and_still_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """The way of large pools, on the small worlds: right, and not much worse."""
    monkeypatch.setattr(nodes, "WORK", 0)
    monkeypatch.setattr(pack, "FEW", 0)
    monkeypatch.setattr(pack, "_BATCH", 2)
    monkeypatch.setattr(pack, "_CHUNK", 2)
    found = possible = 0.0
    for seed in SEEDS:
        pool = world(seed, 5)
        found, possible = found + saved(pool), possible + best_with_spot(pool)
    assert found / possible >= 0.8, f"{found / possible:.4f}"


def test_of_many_nodes_those_stay_that_are_needed() -> None:
    """60 nodes of 4 cores, 20 cores of demand: 55 go."""
    sizes = np.column_stack([np.ones(20), np.ones(20), np.zeros(20)])
    hour = Hour(np.zeros((60, 3)), np.zeros(60), Pods.of(sizes, np.full(20, -1)), NONE)
    room = np.tile([4.0, 16.0, 0.0], (60, 1))
    names = [f"n{n}" for n in range(60)]
    pool = Pool(names, room, np.full(60, 50.0), np.ones(60), np.ones(60, dtype=bool), [hour])
    assert len(surplus(pool)) == 55


@pytest.mark.parametrize(
    ("sizes", "apart", "room", "slots", "expected"),
    [
        ([[1, 1]], [-1], [[0.5, 9], [0.5, 9]], [9, 9], False),
        ([[1, 1], [1, 1]], [-1, -1], [[2, 2]], [9], True),
        ([[1, 1], [1, 1]], [-1, -1], [[2, 2]], [1], False),
        ([[1, 1], [1, 1]], [0, 0], [[2, 2]], [9], False),
        ([[1, 1], [1, 1]], [0, 0], [[2, 2], [1, 1]], [9, 9], True),
        ([[0, 0]], [-1], [[0, 0]], [1], True),
    ],
)
def test_what_fits(
    sizes: list[list[float]],
    apart: list[int],
    room: list[list[float]],
    slots: list[float],
    expected: bool,
) -> None:
    none = np.zeros((9, 1))  # no GPU is asked for, and none is there
    pods = Pods.of(np.hstack([sizes, none[: len(sizes)]]), np.asarray(apart, dtype=np.int64))
    where = Room(np.hstack([room, none[: len(room)]]), np.asarray(slots, dtype=float))
    assert where.place(pods) is expected


def test_many_sizes_are_rounded_up_and_never_down() -> None:
    sizes = np.random.default_rng(1).uniform(0.01, 4.0, (3 * MANY, 3))
    made = Pods.of(sizes, np.full(len(sizes), -1))
    assert made.counts.sum() == len(sizes)
    assert len(made.sizes) <= len(sizes)
    assert (sizes.sum(axis=0) <= made.total).all()
    assert (made.total <= 1.05 * sizes.sum(axis=0)).all()
    # One that fills a node as it is still does.
    small = np.random.default_rng(1).uniform(0.01, 0.4, (3 * MANY, 3))
    few = Pods.of(np.concatenate([small, [[3.97, 3.97, 3.97]]]), np.full(len(small) + 1, -1))
    assert few.sizes.max() == 3.97
