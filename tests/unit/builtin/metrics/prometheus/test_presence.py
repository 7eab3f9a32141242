"""Hours are unbiased at any scrape interval, and a gap is a gap."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from burn.api import Observation, Window
from tests.servers.prometheus import available
from tests.unit.builtin.metrics.prometheus.lab import Lab, lab
from tests.unit.builtin.metrics.prometheus.truth import held, seconds_of
from tests.unit.builtin.metrics.prometheus.world import DAY, Node, Pod, Scrape, Volume, World

pytestmark = [
    pytest.mark.prometheus,
    pytest.mark.skipif(not available(), reason="needs prometheus and promtool"),
]

INTERVALS = (15, 60, 300)
LENGTHS = (30, 300, 600)
PER_LENGTH = {30: 5000, 300: 1000, 600: 1000}
# Starts spread evenly over every phase of a scrape: the golden ratio's multiples.
GOLDEN = 0.6180339887498949
OUTAGES = ((3 * 3600 + 600, 3 * 3600 + 2400), (20 * 3600 - 300, 20 * 3600 + 900))


def batch() -> World:
    pods = []
    for length in LENGTHS:
        for number in range(PER_LENGTH[length]):
            start = 300 * (number % 285 + (number * GOLDEN) % 1)
            name = f"{length}-{number}"
            pods.append(Pod(f"uid-{name}", name, "n1", start, start + length))
    return World(nodes=[Node("n1")], pods=pods)


def steady() -> World:
    """Lives that begin and end on multiples of five minutes."""
    return World(
        nodes=[
            Node("old", end=10 * 3600),
            Node("new", start=9.5 * 3600),
            Node("brief", 3600, 5400),
        ],
        pods=[
            Pod("u-old", "old", "old", end=10 * 3600),
            Pod("u-new", "new", "new", start=9.75 * 3600),
            Pod("u-done", "done", "new", 11 * 3600, 20 * 3600, done=14.5 * 3600),
        ],
        volumes=[Volume("pv-1", "vol-1", 7 * 3600, 8.25 * 3600), Volume("pv-2", "vol-2")],
    )


def replica(name: str, **parts: tuple[tuple[float, float], ...]) -> Scrape:
    """One of two kube-state-metrics of one job, scraped at another second than the other."""
    about = {"job": "kube-state-metrics", "instance": name}
    return Scrape(30, phase=15 * (name == "b"), extra=about, **parts)


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    many, few = batch(), steady()
    shown = {
        f"batch-{interval}": (many, [Scrape(interval, phase=interval * 0.37)], None)
        for interval in INTERVALS
    }
    shown["steady"] = (few, [Scrape(30)], None)
    shown["pair"] = (few, [replica("a"), replica("b", down=((10 * 3600, 15 * 3600),))], None)
    shown["outage"] = (few, [Scrape(30, down=OUTAGES)], None)
    shown["late"] = (few, [Scrape(30, start=6 * 3600)], None)
    shown["slower"] = (few, [Scrape(15, end=13 * 3600), Scrape(60, start=13 * 3600)], None)
    with lab(tmp_path_factory.mktemp("presence"), shown) as running:
        yield running


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("length", LENGTHS)
def test_short_pods_are_unbiased(prometheus: Lab, interval: int, length: int) -> None:
    usage = prometheus.observe(f"batch-{interval}").usage
    mine = usage[usage["pod_uid"].str.startswith(f"uid-{length}-")]
    true = length / 3600 * PER_LENGTH[length]
    assert mine["hours"].sum() == pytest.approx(true, rel=0.01)
    assert mine["cpu_request"].sum() == pytest.approx(true, rel=0.01)


def hours(seen: Observation) -> pd.Series:
    return seen.inventory.set_index("name")["hours"]


@pytest.mark.parametrize(("cluster", "near"), [("steady", 1e-6), ("pair", 30 / 3600)])
def test_steady_lives_are_exact(prometheus: Lab, cluster: str, near: float) -> None:
    """To the sample: those of a pair do not fall on the borders of the lives."""
    world, seen = steady(), prometheus.observe(cluster)
    for thing in [*world.nodes, *world.volumes]:
        assert hours(seen)[thing.name] == pytest.approx(
            seconds_of(thing.start, thing.end), abs=near
        )
    usage = seen.usage
    for pod in world.pods:
        true, mine = held(pod), usage[usage["pod_uid"] == pod.uid]
        assert mine["hours"].sum() == pytest.approx(true.hours, abs=near)
        found = dict(zip(mine["hour"].dt.hour, mine["hours"], strict=True))
        assert found == pytest.approx(true.by_hour, abs=near)
    assert seen.coverage.gaps == ()
    assert seen.coverage.hours_missing == 0


def test_presence_is_inventory_hour_by_hour(prometheus: Lab) -> None:
    seen = prometheus.observe("steady")
    summed = seen.presence.groupby("asset_id")["hours"].sum()
    listed = seen.inventory.set_index("asset_id")["hours"]
    pd.testing.assert_series_equal(summed.sort_index(), listed.sort_index())
    assert seen.presence["hours"].between(0, 1).all()


def test_a_gap_is_reported_and_never_filled(prometheus: Lab) -> None:
    whole, seen = prometheus.observe("steady"), prometheus.observe("outage")
    missing = sum(b - a for a, b in OUTAGES) / 3600
    assert seen.coverage.hours_missing == pytest.approx(missing, abs=0.01)
    assert len(seen.coverage.gaps) == 2
    for (a, b), (start, end) in zip(seen.coverage.gaps, OUTAGES, strict=True):
        assert abs((a - DAY.start).total_seconds() - start) <= 30
        assert abs((b - DAY.start).total_seconds() - end) <= 30
    assert hours(seen)["pv-2"] == pytest.approx(24 - missing, abs=0.01)
    new = hours(whole)["new"] - OUTAGES[1][1] / 3600 + OUTAGES[1][0] / 3600
    assert hours(seen)["new"] == pytest.approx(new, abs=0.01)
    at = seen.presence[seen.presence["asset_id"] == "volume/vol-2"].set_index("hour")["hours"]
    assert at[DAY.start + pd.Timedelta(hours=3)] == pytest.approx(0.5, abs=0.01)


def test_a_day_that_begins_late_says_so(prometheus: Lab) -> None:
    seen = prometheus.observe("late")
    assert seen.coverage.hours_missing == pytest.approx(6, abs=0.01)
    assert hours(seen)["pv-2"] == pytest.approx(18, abs=0.01)
    assert any("burn collect" in note for note in seen.coverage.notes)


def test_a_changed_scrape_interval_is_no_gap(prometheus: Lab) -> None:
    seen = prometheus.observe("slower")
    assert seen.coverage.gaps == ()
    assert hours(seen)["pv-2"] == pytest.approx(24)
    usage = seen.usage[seen.usage["pod_uid"] == "u-done"]
    assert usage["hours"].sum() == pytest.approx(3.5, abs=60 / 3600)


@pytest.mark.parametrize("cluster", ["steady", "outage", "batch-300"])
def test_two_parts_add_up_to_the_day(prometheus: Lab, cluster: str) -> None:
    noon = DAY.start.replace(hour=11)
    whole = prometheus.observe(cluster)
    parts = [
        prometheus.observe(cluster, w) for w in (Window(DAY.start, noon), Window(noon, DAY.end))
    ]
    both = pd.concat([part.usage for part in parts]).set_index(["pod_uid", "hour"])["hours"]
    one = whole.usage.set_index(["pod_uid", "hour"])["hours"]
    pd.testing.assert_series_equal(both.sort_index(), one.sort_index())
    summed = pd.concat([hours(part) for part in parts]).groupby(level=0).sum()
    assert summed.to_dict() == pytest.approx(hours(whole).to_dict())
    missing = sum(part.coverage.hours_missing for part in parts)
    assert missing == pytest.approx(whole.coverage.hours_missing, abs=1e-6)
