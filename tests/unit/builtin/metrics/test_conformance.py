"""Every built-in source passes the kit that strangers' sources pass, on a real server or files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from burn.api import Scope, Window
from burn.builtin.metrics.kubernetes.settings import KubernetesSettings
from burn.builtin.metrics.kubernetes.source import KubernetesSource
from burn.builtin.metrics.prometheus.settings import PrometheusSettings
from burn.builtin.metrics.prometheus.source import PrometheusSource
from burn.builtin.metrics.snapshot.source import SnapshotSettings, SnapshotSource
from burn.snapshot import write_day
from burn.testing import MetricsSourceConformance, SourceCase, never, tiny_observation
from tests.servers.kubernetes import Api, serve
from tests.servers.prometheus import available
from tests.unit.builtin.metrics.kubernetes.test_source import DAY, lists
from tests.unit.builtin.metrics.prometheus.lab import lab
from tests.unit.builtin.metrics.prometheus.world import DAY as LAB_DAY
from tests.unit.builtin.metrics.prometheus.world import Node, Pod, Scrape, Volume, World

NOBODY = "http://127.0.0.1:9"  # the discard port: nothing listens


class TestSnapshot(MetricsSourceConformance):
    plugin = "snapshot"
    about = "days kept in a folder"
    gaps = {
        "test_what_cannot_be_reached_is_an_access_error": never(
            "a folder that is not there holds no days: that is an error in the data, exit 5"
        )
    }

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> SourceCase:
        root = tmp_path_factory.mktemp("kept")
        day = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))
        write_day(root, Scope(cluster="tiny", label_keys=("team",)), day, tiny_observation(day))
        source = SnapshotSource(SnapshotSettings(path=str(root)))
        gone = SnapshotSettings(path=str(root / "gone"))
        return SourceCase(
            source=source,
            day=day,
            scope=Scope(cluster="tiny", label_keys=("team",)),
            unreachable=lambda: SnapshotSource(gone),
        )


@pytest.mark.prometheus
@pytest.mark.skipif(not available(), reason="needs prometheus and promtool")
class TestPrometheus(MetricsSourceConformance):
    plugin = "prometheus"
    about = "a real server"

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SourceCase]:
        world = World(
            nodes=[Node("n1"), Node("n2", 2 * 3600, 20 * 3600)],
            pods=[Pod("u1", "web", "n1"), Pod("u2", "job", "n2", 3 * 3600, 5.5 * 3600)],
            volumes=[Volume("v1")],
        )
        shown = {"kit": (world, [Scrape(60)], None)}
        with lab(tmp_path_factory.mktemp("kit"), shown) as server:
            nobody = PrometheusSettings(url=NOBODY, attempts=1)
            yield SourceCase(
                source=server.source(),
                day=LAB_DAY,
                scope=Scope(cluster="kit"),
                unreachable=lambda: PrometheusSource(nobody),
            )


class TestKubernetes(MetricsSourceConformance):
    plugin = "kubernetes"
    about = "the live API, over HTTP"

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SourceCase]:
        folder = tmp_path_factory.mktemp("kube")
        later = DAY.end + timedelta(hours=1)
        (folder / "shut").mkdir()
        shut = Api({}, refuse={"/api/v1/nodes": 403})
        with serve(Api(lists()), folder) as api, serve(shut, folder / "shut") as refusing:
            mine, theirs = (
                KubernetesSettings(kubeconfig=str(one.kubeconfig)) for one in (api, refusing)
            )
            yield SourceCase(
                source=KubernetesSource(mine, now=later),
                day=DAY,
                scope=Scope(),
                unreachable=lambda: KubernetesSource(theirs),
            )
