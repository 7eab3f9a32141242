"""CPU is what was used while anybody watched, wherever in an hour an outage lies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.prometheus import available
from tests.unit.builtin.metrics.prometheus.lab import KUBELET, Lab, lab
from tests.unit.builtin.metrics.prometheus.world import Node, Pod, Scrape, World

pytestmark = [
    pytest.mark.prometheus,
    pytest.mark.skipif(not available(), reason="needs prometheus and promtool"),
]

INTERVAL = 30
# A new Prometheus at 06:20; an outage over two hours' borders; two in one hour; off from 22:06.
BEGIN, END = 6 * 3600 + 1200, 22 * 3600 + 360
DOWN = (
    (10 * 3600 + 2400, 12 * 3600 + 1200),
    (14 * 3600 + 1200, 14 * 3600 + 2400),
    (14 * 3600 + 3000, 14 * 3600 + 3300),
)
PODS = [
    Pod("whole", "whole", "n1", cpu=1.0),
    Pod("early", "early", "n1", start=14 * 3600 + 300, end=14 * 3600 + 1080, cpu=2.0),
    Pod("late", "late", "n1", start=14 * 3600 + 2460, end=16 * 3600, cpu=0.5),
    Pod("through", "through", "n1", start=14 * 3600 + 600, end=14 * 3600 + 2700, cpu=4.0),
]


@pytest.fixture(scope="module", params=[0.0, 11.0], ids=["in step", "out of step"])
def prometheus(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    watched = {"interval": INTERVAL, "start": BEGIN, "end": END, "down": DOWN}
    cadvisor = Scrape(**watched, phase=request.param, extra=KUBELET)
    shown = {"one": (World(nodes=[Node("n1")], pods=PODS), [Scrape(**watched)], cadvisor)}
    with lab(tmp_path_factory.mktemp("outages"), shown) as running:
        yield running


def watched_use(pod: Pod) -> dict[int, float]:
    """Core-hours by hour: each second that somebody watched and the pod ran in."""
    out: dict[int, float] = {}
    for second in range(BEGIN, END):
        if pod.alive(second) and not any(a <= second < b for a, b in DOWN):
            out[second // 3600] = out.get(second // 3600, 0.0) + pod.cpu / 3600
    return out


@pytest.mark.parametrize("pod", PODS, ids=lambda pod: pod.uid)
def test_cpu_is_what_was_watched(prometheus: Lab, pod: Pod) -> None:
    usage = prometheus.observe("one").usage
    mine = usage[usage["pod_uid"] == pod.uid]
    used = dict(zip(mine["hour"].dt.hour, mine["cpu_used"], strict=True))
    # A stretch is known to half a scrape at either end, and an hour has three at most.
    assert used == pytest.approx(watched_use(pod), abs=3 * INTERVAL * pod.cpu / 3600)


def test_only_hours_in_pieces_cost_more_queries(prometheus: Lab) -> None:
    seen = prometheus.observe("one").coverage
    assert [round((b - a).total_seconds() / 60) for a, b in seen.gaps] == [380, 100, 20, 5, 114]
    # 14 h was watched in three pieces; the rest is asked for as on any day with a gap.
    assert seen.queries == 36 + 3
