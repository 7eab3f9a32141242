"""The same truth through a real Prometheus server, and from the snapshot taken of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from burn import snapshot
from burn.api import MetricsSource, ObserveRequest, Scope, Window
from burn.builtin.metrics.specs import SOURCES
from burn.run.pipeline import run
from burn.work.events import Silent
from tests.e2e.lab_run import differences, found, plan, report, truth, written
from tests.lab.openmetrics import write_openmetrics
from tests.lab.random_world import random_world
from tests.lab.things import World
from tests.servers import prometheus

pytestmark = [
    pytest.mark.prometheus,
    pytest.mark.skipif(not prometheus.available(), reason="prometheus and promtool are not here"),
]


def source(name: str, **settings: object) -> MetricsSource:
    spec = next(one for one in SOURCES if one.name == name)
    return spec.make(spec.settings(**settings))


def world_of(seed: int, *, scrape: int, gaps: bool = False) -> World:
    """A world as Prometheus can see it: kube-state-metrics shows no address of an Ingress."""
    world = random_world(seed, hours=30, nodes=4, scrape=scrape, gaps=gaps)
    fronts = [replace(one, seen=None) if one.ingress else one for one in world.balancers]
    return replace(world, balancers=tuple(fronts), late_hours=0)


@contextmanager
def server(world: World, folder: Path, phase: int) -> Iterator[MetricsSource]:
    """A Prometheus that scraped the world."""
    text = write_openmetrics(world, folder / "world.om", phase=phase)
    with prometheus.serve(prometheus.backfill(text, folder / "tsdb")) as url:
        yield source("prometheus", url=url)


@pytest.mark.parametrize(
    ("seed", "scrape", "phase", "gaps"),
    [(3, 60, 0, False), (8, 30, 17, False), (21, 300, 140, False), (34, 60, 59, True)],
)
def test_truth_and_snapshot(tmp_path: Path, seed: int, scrape: int, phase: int, gaps: bool) -> None:
    world = world_of(seed, scrape=scrape, gaps=gaps)
    charged, bill = written(world, tmp_path)
    scope = Scope(cluster=world.cluster, label_keys=("team",))
    # The server scrapes before and after the window, as it does in life.
    window = Window(world.at(3600), world.at(29 * 3600))
    with server(world, tmp_path, phase) as live:
        direct = report(world, bill, window, source=live)
        asked = plan(world, bill, window, source=live)
        concurrent = replace(asked.source, concurrent=True)
        together = run(replace(asked, source=concurrent, days_at_once=2), Silent())
        for day in window.days():
            snapshot.write_day(
                tmp_path / "kept", scope, day, live.observe(ObserveRequest(scope=scope, window=day))
            )
    assert differences(found(direct), truth(charged, (1, 29))) == {}
    pd.testing.assert_frame_equal(direct.allocation, together.allocation, check_exact=True)
    assert direct.totals == together.totals
    # A server lists an instant's series in any order, and each order packs into other bytes.
    first, second = (replace(one.coverage, bytes_read=0) for one in (direct, together))
    assert first == second
    kept = report(world, bill, window, source=source("snapshot", path=str(tmp_path / "kept")))
    pd.testing.assert_frame_equal(direct.ledger, kept.ledger, check_exact=True)
    pd.testing.assert_frame_equal(direct.allocation, kept.allocation, check_exact=True)
    assert direct.totals == kept.totals
    assert replace(direct.coverage, bytes_read=0) == replace(kept.coverage, bytes_read=0)
    # And the namespaces carry what they would if nothing were lost between two scrapes.
    perfect = report(world, bill, window)
    by = ["basis", "namespace", "workload_kind", "workload", "resource", "kind"]
    one, two = (r.allocation.groupby(by)["cost"].sum() for r in (direct, perfect))
    assert set(one.index) == set(two.index)
    assert (one - two).abs().max() < 0.02 + 0.01 * two.abs().max()
