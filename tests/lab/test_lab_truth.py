"""The lab against itself: the true ledger closes, and metrics and charges tell one story."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from tests.lab.compute import node_asset
from tests.lab.ledger import charge, ledger, within
from tests.lab.money import UNIT, number
from tests.lab.observed import frames
from tests.lab.random_world import random_world
from tests.lab.spans import cut, observed
from tests.lab.storage import volume_asset

if TYPE_CHECKING:
    import pandas as pd

SEEDS = range(40)
NOISE = Fraction(UNIT, 10**6)
"""A bill prints each line to 1e-10; summed over a world that stays below a millionth."""


@pytest.mark.parametrize("seed", SEEDS)
def test_the_drivers_add_up_from_report_to_billed(seed: int) -> None:
    charged = charge(random_world(seed))
    for window in [(0, 72), (0, 31), (31, 72), (24, 25)]:
        cash = sum(row["billed"] for row in within(charged, *window))
        assert abs(sum(ledger(charged, window).values()) - cash) < NOISE


def test_the_worlds_show_every_driver() -> None:
    """Random worlds are worth nothing if they never have what is to be recovered."""
    found = {key for seed in SEEDS for key in ledger(charge(random_world(seed)))}
    assert {
        ("observation", "uptime"),
        ("observation", "unseen"),
        ("observation", "unbilled"),
        ("rate", "spot"),
        ("rate", "commitment"),
        ("rate", "negotiated"),
        ("waste", "unused_commitment"),
    } <= found
    kinds = {driver for group, driver in found if group == "unmodelled"}
    assert kinds == {
        *("control_plane", "extended_support", "data_transfer", "nat", "public_ip", "other"),
        *("load_balancer_usage", "node_disk", "disk_performance", "snapshot"),
    }
    cash = {driver for group, driver in found if group == "accounting"}
    assert cash == {
        *("amortisation", "credit", "refund", "tax", "support", "marketplace", "unknown"),
    }


@pytest.mark.parametrize("seed", [3, 5, 11])
def test_nodes_are_billed_for_as_long_as_they_live(seed: int) -> None:
    world = random_world(seed)
    charged = charge(world)
    end = world.hours - world.late_hours
    for node in world.nodes:
        mine = [
            i
            for i, d in enumerate(charged.dims)
            if d.resource == node.instance_id and d.unit == "Hrs" and d.code == "AmazonEC2"
        ]
        hours = number(int(charged.facts.loc[charged.facts["dim"].isin(mine), "quantity"].sum()))
        start, stop = max(node.billed[0], 0), min(node.billed[1], end * 3600)
        assert hours * 3600 == max(stop - start, 0)


def of(frame: pd.DataFrame, column: str, value: str) -> pd.DataFrame:
    return frame[frame[column] == value]


@pytest.mark.parametrize("seed", [0, 1, 4, 9])
def test_frames_integrate_to_the_observed_hours(seed: int) -> None:
    world = random_world(seed, gaps=True)
    days = [frames(world, day) for day in range(3)]
    for node in world.nodes:
        truth = sum(b - a for a, b in observed(world, node.seen)) / 3600
        asset = node_asset(world, node)
        for name in ("inventory", "presence"):
            made = sum(of(day[name], "asset_id", asset)["hours"].sum() for day in days)
            assert made == pytest.approx(truth if asset else 0, abs=1e-9)
    for pod in world.pods:
        truth = sum(b - a for a, b in observed(world, pod.alive)) / 3600
        made = sum(of(day["usage"], "pod_uid", pod.uid)["hours"].sum() for day in days)
        assert made == pytest.approx(truth, abs=1e-9)


@pytest.mark.parametrize("seed", [0, 1, 4, 9])
def test_frames_integrate_volumes_that_grow(seed: int) -> None:
    world = random_world(seed, gaps=True)
    days = [frames(world, day)["inventory"] for day in range(3)]
    for volume in world.volumes:
        truth = 0
        for start, end, gib in volume.sizes:
            part = cut(volume.seen, (start, end)) if volume.seen else None
            truth += gib * sum(b - a for a, b in observed(world, part))
        rows = [of(day, "asset_id", volume_asset(volume) or "none") for day in days]
        made = sum((row["storage_gib"] * row["hours"]).sum() for row in rows)
        assert made * 3600 == pytest.approx(truth, rel=1e-12)
