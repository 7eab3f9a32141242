"""A policy that looks at labels before there are pods' rows is told of, by name."""

from __future__ import annotations

import pytest

from burn.stages.allocate import Allocator, ToAllocate, allocate
from burn.work.events import Remembered, Silent
from tests.unit.stages.builders import DAY, Asset, Run, World, chosen, days_of, flat, prices

WORLD = World([Asset("n1", flat(1.0))], [Run("web", "n1", cpu=2.0, memory=8.0)])


def warnings(*names: str) -> list[str]:
    days = days_of(0, DAY)
    events = Remembered(Silent())
    inventory = WORLD.observe(days[0]).inventory
    allocate(
        Allocator([chosen(name) for name in names], WORLD.observe),
        ToAllocate(
            bases=["list"],
            costs=WORLD.costs(days),
            prices=prices(inventory),
            inventory=inventory,
        ),
        days,
        events,
    )
    return [text for text in events.warnings if "run.policies" in text]


def test_owners_before_the_pods_have_rows() -> None:
    (said,) = warnings("owners", "share-max")
    assert "`owners` before `share-max`" in said
    assert "put `share-max` first" in said


@pytest.mark.parametrize(
    "names", [("share-max", "owners"), ("share-max", "owners", "idle-by-node"), ("owners",)]
)
def test_an_order_that_loses_nothing(names: tuple[str, ...]) -> None:
    assert warnings(*names) == []
