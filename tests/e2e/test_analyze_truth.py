"""Reports without a bill against what is worked out otherwise: worlds of the lab, a real API server."""

from __future__ import annotations

import json
import math
import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from burn.api import Report, Scope, Window
from burn.builtin.metrics.kubernetes.settings import KubernetesSettings
from burn.builtin.metrics.kubernetes.source import KubernetesSource
from burn.builtin.policies.specs import POLICIES
from burn.builtin.providers.settings import OnpremSettings, Pool
from burn.builtin.providers.specs import PROVIDERS
from burn.plugin.chosen import Chosen
from burn.run.pipeline import analyze
from burn.run.plan import Plan
from burn.work.events import Silent
from tests.lab.chosen import chosen, own_rules
from tests.lab.random_world import random_world
from tests.lab.rates import INSTANCES
from tests.lab.source import LabSource
from tests.lab.things import World
from tests.servers import kubernetes

ROOT = Path(os.environ.get("BURN_CASES", Path(__file__).parents[3] / "shared" / "cases"))
CASE = ROOT / "real-cluster"
CORE, GIB, GPU = Fraction(3, 100), Fraction(4, 1000), Fraction(1, 2)
TIB = 1024 * 730
"""A GiB-hour costs one, where a TiB and month cost this."""


def report_of(source: Any, window: Window, settings: OnpremSettings, **more: Any) -> Report:
    policies = {one.name: one for one in POLICIES}
    chain = more.pop("chain", ("share-max",))
    provider = chosen(PROVIDERS[0], settings)
    return analyze(
        Plan(
            scope=Scope(node_label_keys=settings.label_keys),
            window=window,
            source=Chosen("source", "test 1", source),
            provider=provider,
            rules=own_rules(),
            policies=tuple(
                Chosen(name, "burn", policies[name].make(policies[name].settings()))
                for name in chain
            ),
            basis="list",
            **more,
        ),
        Silent(),
    )


def hours(world: World, seen: tuple[int, int] | None) -> Fraction:
    """Of the window: things may be there before and after it."""
    whole = int((world.end - world.start).total_seconds())
    return Fraction(max(0, min(seen[1], whole) - max(seen[0], 0)), 3600) if seen else Fraction(0)


def worth(world: World) -> dict[str, Fraction]:
    """By hand: each node's hours at its size's rates."""
    out: dict[str, Fraction] = {}
    for node in world.nodes:
        size = INSTANCES[node.instance_type]
        rate = size.cores * CORE + size.memory_gib * GIB + size.gpus * GPU
        out[node.name] = out.get(node.name, Fraction(0)) + hours(world, node.seen) * rate
    return {name: value for name, value in out.items() if value}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("chain", [("share-max",), ("share-request", "idle-by-node")])
def test_nodes_cost_their_hours(seed: int, chain: tuple[str, ...]) -> None:
    world = random_world(seed)
    rates = Pool(cpu_hour=float(CORE), memory_hour=float(GIB), gpu_hour=float(GPU))
    settings = OnpremSettings(pools={"all": rates}, storage={"*": 0.0})
    window = Window(world.start, world.end)
    report = report_of(LabSource(world), window, settings, chain=chain)
    wanted = worth(world)
    assets = report.assets
    assert assets is not None
    nodes = assets[assets["kind"] == "node"]
    found = nodes.groupby(nodes["name"].astype(str))["list_cost"].sum().to_dict()
    assert {k: v for k, v in found.items() if v} == pytest.approx(
        {name: float(value) for name, value in wanted.items()}, abs=1e-6
    )
    total = float(sum(wanted.values()))
    assert report.totals.report == pytest.approx(total, abs=1e-6)
    assert report.allocation["cost"].sum() == pytest.approx(total, abs=1e-6)
    assert report.control is None
    assert (nodes["idle_cost"] + nodes["system_cost"] <= nodes["list_cost"] + 1e-9).all()


def test_volumes_cost_their_gib() -> None:
    world = random_world(3)
    free = Pool(cpu_hour=0.0, memory_hour=0.0, gpu_hour=0.0)
    settings = OnpremSettings(pools={"all": free}, storage={"*": float(TIB)})
    report = report_of(LabSource(world), Window(world.start, world.end), settings)
    wanted = Fraction(0)
    for volume in world.volumes:
        seen = volume.seen
        for start, end, gib in volume.sizes if seen else ():
            assert seen is not None
            wanted += gib * hours(world, (max(start, seen[0]), min(end, seen[1])))
    assert wanted > 0
    assert report.totals.report == pytest.approx(float(wanted), rel=1e-9)


@pytest.mark.skipif(not CASE.exists(), reason="the real cluster's files are not here")
def test_a_real_clusters_rate(tmp_path: Path) -> None:
    """What the script that played the cluster says an hour costs, namespace by namespace."""
    from tests.e2e.test_real_cluster import ASKED, PATHS

    types = {
        "m5.xlarge": 0.192, "m5.large": 0.096, "c5.2xlarge": 0.34,
        "r6g.large": 0.1008, "g4dn.xlarge": 0.526,
    }  # fmt: skip
    pools = {
        name: Pool(labels={"node.kubernetes.io/instance-type": name}, node_hour=price)
        for name, price in types.items()
    }
    # gp3 at 0.08 a GiB and a November of 720 hours.
    storage = {"*": 0.08 * 1024 * 730 / 720}
    settings = OnpremSettings(pools=pools, storage=storage, balancer_hour=0.0225)
    lists = {
        path: json.loads((CASE / "api" / f"{name}.json").read_text())["items"]
        for name, path in PATHS.items()
    }
    with kubernetes.serve(kubernetes.Api(lists), tmp_path) as api:
        source = KubernetesSource(KubernetesSettings(kubeconfig=str(api.kubeconfig)), now=ASKED)
        hour = Window(ASKED.replace(minute=0), ASKED.replace(hour=23, minute=0))
        report = report_of(source, hour, settings, now=True)
    rows = report.allocation
    spaces = rows["namespace"].astype(str).where(rows["namespace"] != "", rows["kind"].astype(str))
    found = rows.groupby(spaces)["cost"].sum().to_dict()
    truth = {"ml": 0.5129, "web": 0.0584, "monitoring": 0.0249}
    assert {name: found[name] for name in truth} == pytest.approx(truth, rel=0.01)
    # On m5.xlarge nodes of 4 cores and 15.44 GiB: two pods of a core and 640 MiB, one of a core and
    # 8 GiB; 50 GiB and the released 100 GiB; the balancer of the Ingress.
    weight = 0.192 / (4 * 0.031611 + 16190013 / 2**20 * 0.004237)
    shop = weight * (3 * 0.031611 + 9.25 * 0.004237) + 150 * 0.08 / 720 + 0.0225
    assert found["shop"] == pytest.approx(shop, abs=1e-6)
    assert report.assets is not None
    nodes = report.assets[report.assets["kind"] == "node"]
    assert nodes["list_cost"].sum() == pytest.approx(1.5428, abs=1e-4)
    assert set(report.assets["hours"]) == {1.0}
    # Nobody measured use: it is unknown.
    from burn.view.efficiency import of_workloads

    assert {used.efficiency for used in of_workloads(report).values()} == {None}
    assert math.isnan(report.totals.billed)
