"""How full volumes were and whose bytes were counted: known, or not known, and never a guess."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from burn.api import Observation, ObserveRequest, Scope
from burn.builtin.metrics.prometheus.settings import PrometheusSettings
from burn.builtin.metrics.prometheus.source import PrometheusSource
from tests.servers.prometheus import available, backfill, serve
from tests.unit.builtin.metrics.prometheus.lab import KUBELET
from tests.unit.builtin.metrics.prometheus.world import (
    ALWAYS,
    DAY,
    GIB,
    Node,
    Pod,
    Scrape,
    Volume,
    World,
    openmetrics,
)

pytestmark = [
    pytest.mark.prometheus,
    pytest.mark.skipif(not available(), reason="needs prometheus and promtool"),
]
H = 3600
NAMES = ("steady", "brief", "missed", "block", "shared", "grown", "loose", "twice")
FULL = {
    "steady": [(ALWAYS[0], ALWAYS[1], 3, 98)],
    "brief": [(6 * H, 9 * H, 7, 98)],  # as long as its pod
    "missed": [(ALWAYS[0], 12 * H, 3, 98), (14 * H, ALWAYS[1], 3, 98)],
    "block": [(ALWAYS[0], ALWAYS[1], 0, 100)],  # a raw device
    "shared": [(ALWAYS[0], ALWAYS[1], 40, 2**33)],  # EFS shows 8 EiB
    "grown": [(ALWAYS[0], ALWAYS[1], 3, 49)],  # the file system has not followed the disk
    "twice": [(ALWAYS[0], 15 * H, 4, 98), (15 * H, ALWAYS[1], 9, 98)],
}
"""Claim → from, to, GiB used, GiB of the file system."""


def stats() -> Iterator[str]:
    """The kubelet's series, a sample a minute."""
    for claim, spans in FULL.items():
        who = f'{{namespace="shop",persistentvolumeclaim="{claim}",job="kubelet"}}'
        for at, name in enumerate(("used", "capacity")):
            for start, end, *gib in spans:
                for second in range(start, end, 60):
                    stamp = DAY.start.timestamp() + second
                    yield f"kubelet_volume_stats_{name}_bytes{who} {gib[at] * GIB} {stamp}\n"


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Observation:
    spans = {"brief": (6 * H, 9 * H)}
    pods = [
        Pod(
            f"u-{name}",
            name,
            "n",
            start=spans.get(name, ALWAYS)[0],
            end=spans.get(name, ALWAYS)[1],
            claims=(name,),
        )
        for name in NAMES
        if name != "loose"
    ]
    pods += [Pod("u-host", "host", "n", host_network=True), Pod("u-mute", "mute", "n")]
    volumes = [Volume(f"pv-{name}", f"vol-{name}", claim=("shop", name)) for name in NAMES]
    world = World(nodes=[Node("n")], pods=pods, volumes=volumes)
    text = openmetrics(world, Scrape(60), cadvisor=Scrape(60, extra=KUBELET))
    lines = text.removesuffix("# EOF\n").splitlines(keepends=True)
    kept = [one for one in lines if not re.match(r'container_network.*pod="mute"', one)]
    body = "".join([*kept, *sorted(stats(), key=lambda one: one.split("{")[0]), "# EOF\n"])
    folder: Path = tmp_path_factory.mktemp("use")
    with serve(backfill(body, folder)) as url:
        return PrometheusSource(PrometheusSettings(url=url)).observe(
            ObserveRequest(scope=Scope(), window=DAY)
        )


def test_what_a_volume_held_is_known_where_each_mounted_hour_was_measured(
    seen: Observation,
) -> None:
    volumes = seen.inventory[seen.inventory["kind"] == "volume"]
    held = volumes.set_index("owner_name")["x_used_gib"].dropna()
    assert held.to_dict() == {"steady": 3, "brief": 7, "twice": 9}
    assert set(volumes["owner_name"]) == set(NAMES)


def test_bytes_are_counted_of_pods_that_have_a_network_of_their_own(seen: Observation) -> None:
    hours = seen.pods.set_index("pod")["x_network_hours"]
    assert hours[["host", "mute"]].to_list() == [0, 0]
    assert hours["steady"] == pytest.approx(24)
    assert hours["brief"] == pytest.approx(3, abs=0.05)
