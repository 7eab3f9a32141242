"""`burn doctor` looks where a run would look: what it fails would stop, what it passes would not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from burn.api import BurnError, CheckRequest, ObserveRequest, Scope, Window
from burn.builtin.metrics.prometheus.settings import PrometheusSettings
from burn.builtin.metrics.prometheus.source import PrometheusSource
from tests.servers.prometheus import available, backfill, serve
from tests.unit.builtin.metrics.prometheus.lab import Lab, lab
from tests.unit.builtin.metrics.prometheus.world import DAY, Node, Pod, Scrape, World

pytestmark = [
    pytest.mark.prometheus,
    pytest.mark.skipif(not available(), reason="needs prometheus and promtool"),
]
SMALL = World(nodes=[Node("n1")], pods=[Pod("uid-1", "web", "n1")])
BEFORE = Window(DAY.start - timedelta(days=1), DAY.start)
AFTER = Window(DAY.end + timedelta(days=1), DAY.end + timedelta(days=2))


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    shown = {"one": (SMALL, [Scrape(60)], None), "two": (SMALL, [Scrape(60)], None)}
    with lab(tmp_path_factory.mktemp("doctor"), shown) as running:
        yield running


def stops(source: PrometheusSource, scope: Scope, window: Window) -> bool:
    try:
        source.observe(ObserveRequest(scope=scope, window=window))
    except BurnError:
        return True
    return False


@pytest.mark.parametrize("cluster", ["one", None, "three"])
@pytest.mark.parametrize("window", [DAY, BEFORE, AFTER], ids=["there", "forgotten", "outage"])
def test_it_agrees_with_the_run(prometheus: Lab, cluster: str | None, window: Window) -> None:
    source, scope = prometheus.source(), Scope(cluster=cluster)
    checks = list(source.check(CheckRequest(scope=scope, window=window)))
    assert stops(source, scope, window) != all(check.ok for check in checks)


def test_what_is_optional_is_told_and_does_not_fail(prometheus: Lab) -> None:
    checks = {
        c.name: c
        for c in prometheus.source().check(CheckRequest(scope=Scope(cluster="one"), window=DAY))
    }
    assert all(check.ok for check in checks.values())
    assert checks["cAdvisor"].detail.startswith("none between 2026-10-01T00:00 and")
    assert "requests only" in checks["cAdvisor"].detail
    assert checks["pods"].detail == "1 series"


def test_a_prometheus_of_ten_minutes_is_no_failure(tmp_path: Path) -> None:
    """Its samples end now, not at the top of the hour."""
    now = datetime.now(UTC).timestamp()
    lines = [
        f'{name}{{namespace="monitoring",pod="ksm",exported_namespace="shop",exported_pod="web",'
        f'uid="u",node="n1"}} 1 {now - ago:.3f}'
        for name in ("kube_node_info", "kube_pod_info")
        for ago in range(600, 0, -15)
    ]
    with serve(backfill("\n".join([*lines, "# EOF\n"]), tmp_path)) as url:
        source = PrometheusSource(PrometheusSettings(url=url))
        checks = {check.name: check for check in source.check(CheckRequest())}
    assert all(check.ok for check in checks.values())
    assert checks["kube-state-metrics"].detail == "1 nodes in the last hour"
    assert "honor_labels: true" in checks["pods"].detail
    assert checks["retention"].detail.startswith("less than a day")
