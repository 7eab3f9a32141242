"""However days are joined, and on however many processes: the same bytes."""

from __future__ import annotations

import pickle

import pandas as pd
import pytest

from burn.api import Observation, Window, joined
from burn.stages.allocate import Allocator, ToAllocate, allocate
from burn.work.events import Silent
from tests.unit.stages.builders import (
    DAY,
    HOUR,
    Asset,
    Run,
    World,
    allocated,
    chosen,
    days_of,
    prices,
)


def rising(day: int) -> float:
    return 1.0 + day / 7


WORLD = World(
    [
        Asset("n1", rising, end=3 * DAY),
        Asset("n2", rising, start=HOUR, end=2 * DAY),
        Asset("v1", rising, end=3 * DAY, kind="volume", namespace="shop", owner="data"),
    ],
    [
        Run("web", "n1", end=3 * DAY, cpu=1.0, memory=4.0, mounts=("v1",)),
        Run("find", "n2", start=5 * HOUR, end=DAY + HOUR, cpu=3.0, namespace="search"),
        Run("dns", "n1", start=DAY, end=2 * DAY, cpu=0.5, namespace="kube-system"),
    ],
    shared=0.5,
)
DAYS = days_of(0, 3 * DAY)
CHAIN = [
    chosen("share-max"),
    chosen("idle-by-node"),
    chosen("shared-fixed", weights={"shop": 3.0, "search": 1.0}),
    chosen("shared-weighted"),
    chosen("owners"),
]


def observe(window: Window) -> Observation:
    return joined([WORLD.observe(day) for day in window.days()])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("windows", "jobs"),
    [
        (DAYS, 2),
        ([DAYS[0], Window(DAYS[1].start, DAYS[2].end)], 1),
        ([DAYS[0], Window(DAYS[1].start, DAYS[2].end)], 2),
        ([Window(DAYS[0].start, DAYS[2].end)], 1),
    ],
)
def test_the_same_bytes(windows: list[Window], jobs: int) -> None:
    allocator = Allocator(CHAIN, observe, summarise=usage)
    assert pickle.dumps(allocator), "each built-in policy can go to another process"
    inventory = joined([WORLD.observe(day) for day in DAYS]).inventory
    given = ToAllocate(
        bases=["list"], costs=WORLD.costs(DAYS), prices=prices(inventory), inventory=inventory
    )
    made = allocate(allocator, given, windows, Silent(), jobs)
    pd.testing.assert_frame_equal(made.allocation, allocated(WORLD, CHAIN, DAYS), check_exact=True)
    assert sum(len(digest) for digest in made.digests) == 24 * 3 + 20 + 24


def usage(seen: Observation) -> pd.DataFrame:
    found: pd.DataFrame = seen.usage
    return found
