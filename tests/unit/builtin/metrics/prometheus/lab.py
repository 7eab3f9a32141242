"""Several worlds in one real Prometheus, told apart by their `cluster` label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from burn.api import Observation, ObserveRequest, Scope, Window
from burn.builtin.metrics.prometheus.settings import PrometheusSettings
from burn.builtin.metrics.prometheus.source import PrometheusSource
from tests.servers.prometheus import backfill, serve
from tests.unit.builtin.metrics.prometheus.world import DAY, Scrape, World, openmetrics


@dataclass
class Lab:
    url: str
    seen: dict[object, Observation] = field(default_factory=dict)

    def source(self, **settings: object) -> PrometheusSource:
        return PrometheusSource(PrometheusSettings(url=self.url, **settings))  # type: ignore[arg-type]

    def observe(
        self, cluster: str, day: Window = DAY, label_keys: tuple[str, ...] = ()
    ) -> Observation:
        """Asked once; the frames are not to be changed."""
        key = (cluster, day, label_keys)
        if key not in self.seen:
            self.seen[key] = self.source().observe(
                ObserveRequest(scope=Scope(cluster=cluster, label_keys=label_keys), window=day)
            )
        return self.seen[key]


Shown = tuple[World, list[Scrape], Scrape | None]


@contextmanager
def lab(
    folder: Path, shown: dict[str, Shown], also: Iterable[tuple[str, Shown]] = ()
) -> Iterator[Lab]:
    """Write each world under its cluster's name and serve them all.

    Args:
        folder: for the data.
        shown: cluster → what is seen of it.
        also: more parts of clusters.
    """
    bodies = []
    for cluster, (world, scrapes, cadvisor) in [*shown.items(), *also]:
        mark = {"cluster": cluster}
        marked = [replace(scrape, extra=scrape.extra | mark) for scrape in scrapes]
        used = replace(cadvisor, extra=cadvisor.extra | mark) if cadvisor else None
        bodies.append(openmetrics(world, *marked, cadvisor=used).removesuffix("# EOF\n"))
    backfill("".join(bodies) + "# EOF\n", folder / "data")
    with serve(folder / "data") as url:
        yield Lab(url)


KUBELET = {"job": "kubelet", "metrics_path": "/metrics/cadvisor"}
