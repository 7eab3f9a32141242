"""A window over two billing months: two files, two lengths of month, one ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from burn.api import Observation, ObserveRequest, Window
from tests.e2e.lab_run import LabSource, differences, found, report, truth, worlds, written
from tests.e2e.test_truth_laws import by_kind
from tests.lab.random_world import random_world
from tests.lab.things import Interval, World


class TwoWorlds:
    """Sees the first world until it ends, then the second."""

    def __init__(self, first: World, second: World) -> None:
        self.first, self.second = LabSource(first), LabSource(second)

    def observe(self, request: ObserveRequest) -> Observation:
        scope, day = request.scope, request.window
        now = self.first if day.start < self.first.world.end else self.second
        return now.observe(ObserveRequest(scope=scope, window=day))


def onwards(world: World) -> World:
    """The same cluster in the hours after: whatever reached the end lives on."""
    shift = world.hours * 3600

    def moved(span: Interval | None) -> Interval | None:
        return (
            None
            if span is None
            else (span[0] - shift, span[1] if span[1] >= shift else span[1] - shift)
        )

    def thing(one: Any, **more: Any) -> Any:
        return replace(one, billed=moved(one.billed), seen=moved(one.seen), **more)

    sizes = {v.name: tuple((*moved((a, b)), gib) for a, b, gib in v.sizes) for v in world.volumes}  # type: ignore[misc]
    return replace(
        world,
        start=world.end,
        nodes=tuple(map(thing, world.nodes)),
        strangers=tuple(map(thing, world.strangers)),
        balancers=tuple(map(thing, world.balancers)),
        volumes=tuple(replace(v, seen=moved(v.seen), sizes=sizes[v.name]) for v in world.volumes),
        pods=tuple(replace(p, alive=moved(p.alive)) for p in world.pods),
    )


@worlds(2)
def test_october_into_november(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    base = replace(random_world(seed, hours=48), late_hours=0)
    october = replace(base, start=datetime(2026, 10, 30, tzinfo=UTC))
    november = onwards(october)
    folder = tmp_path_factory.mktemp("bill")
    first, bill = written(october, folder)
    second, _ = written(november, folder)
    window = Window(october.start, november.end)
    got = report(october, bill, window, source=TwoWorlds(october, november))
    parts = [truth(first), truth(second)]
    want = {
        key: sum(part.get(key, 0.0) for part in parts) for key in parts[0].keys() | parts[1].keys()
    }
    assert differences(by_kind(found(got), True), by_kind(want, True)) == {}
    assert differences(found(report(november, bill)), truth(second)) == {}
