"""A window that was run day by day, added up, is the window run at once: over random worlds, to the cent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from burn.api import Window
from burn.history.diff import diff
from burn.history.owners import diff_by
from burn.history.place import Place
from burn.history.store import History
from burn.history.tiled import tiled
from tests.e2e.lab_run import CENT, differences, found, report, worlds, written
from tests.lab.random_world import random_world
from tests.unit.history.reports import NOW


@worlds(2)
def test_days_add_up_to_the_window(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    world = random_world(seed, hours=48)
    _, bill = written(world, tmp_path_factory.mktemp("bill"))
    store = History(Place(str(tmp_path_factory.mktemp("kept"))))
    window = Window(world.start, world.end)
    whole = report(world, bill)
    days = list(window.days())
    kept = [store.keep(report(world, bill, day), now=NOW) for day in days]
    made = tiled(store, kept, window)
    assert made is not None
    assert differences(found(made), found(whole)) == {}
    for name in ("report", "cluster_effective", "account_effective", "billed"):
        assert getattr(made.totals, name) == pytest.approx(getattr(whole.totals, name), abs=CENT)
    assert abs(diff(made, whole).residual) < CENT
    assert abs(diff_by(made, whole, "namespace").residual) < CENT
    assert tiled(store, kept[:1], window) is None, "a day is missing"
    assert tiled(store, kept, Window(world.start, days[0].end + timedelta(hours=3))) is None
