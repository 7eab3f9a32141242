"""Autopilot: pods on the bill by what they ask for, nodes on no bill; recovered to the cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from burn.api import Report, Window
from tests.e2e.lab_run import differences, found, worlds
from tests.lab.gcp import gcp_frames, gcp_table, write_gcp
from tests.lab.gcp_autopilot import (
    FREE,
    Autopilot,
    pods_cost,
    pods_frames,
    pods_ledger,
    pods_lines,
    random_autopilot,
)
from tests.lab.gcp_names import gcp_world
from tests.lab.gcp_run import gcp_report, gcp_truth
from tests.lab.ledger import charge, dollars
from tests.lab.random_world import random_world
from tests.lab.things import Discounts, Monthly, World
from tests.servers.gcp import catalog, serving
from tests.servers.gcp_bigquery import TABLE, BigQuery

URL = "bigquery://" + "/".join(TABLE)


def mixed(seed: int, **changes: Any) -> Autopilot:
    """Standard nodes, and Autopilot's beside them."""
    world = replace(gcp_world(random_world(seed)), late_hours=0, **changes)
    return random_autopilot(world, seed)


def pure(seed: int, **changes: Any) -> Autopilot:
    """A cluster of Autopilot's nodes only."""
    none: dict[str, Any] = dict.fromkeys(("nodes", "pods", "volumes", "balancers"), ())
    return mixed(seed, **none, plans=(), reservations=(), **changes)


def report(
    here: Autopilot,
    folder: Path,
    window: Window | None = None,
    *,
    labels: bool = True,
    seen: Any = gcp_frames,
) -> Report:
    extra = pods_lines(here, labels=labels)
    bill = write_gcp(charge(here.world), folder, extra=extra)
    with serving(catalog) as url:
        seen = pods_frames(here, seen)
        return gcp_report(here.world, bill, window, seen=seen, endpoint_url=url)


def truth(here: Autopilot) -> dict[tuple[str, str], float]:
    out = gcp_truth(charge(here.world))
    for key, amount in dollars(pods_ledger(here)).items():
        out[key] = out.get(key, 0.0) + amount
    return out


@worlds(2)
def test_a_mixed_cluster(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    here = mixed(seed, gaps=())
    got = report(here, tmp_path_factory.mktemp("bill"))
    assert differences(found(got), truth(here)) == {}
    assert abs(got.totals.residual) < 0.005


@worlds(2)
def test_a_cluster_of_autopilot_nodes_only(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    here = pure(seed, gaps=())
    got = report(here, tmp_path_factory.mktemp("bill"))
    assert differences(found(got), truth(here)) == {}


@worlds(2)
def test_autopilot_nodes_that_are_billed_as_machines(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    """Performance, Accelerator and custom classes: Compute Engine lines, whatever the family."""
    here = mixed(seed, gaps=())
    nodes = tuple(replace(one, pool="performance") for one in here.world.nodes)
    here = replace(here, world=replace(here.world, nodes=nodes))
    got = report(here, tmp_path_factory.mktemp("bill"), seen=kubernetes_names)
    assert differences(found(got), truth(here)) == {}


def kubernetes_names(world: World, day: int, *rest: Any, **options: Any) -> dict[str, Any]:
    """Nodes under their instance's name, as on GKE."""
    made = gcp_frames(world, day, *rest, **options)
    seen = made["inventory"]
    short = seen["provider_id"].str.rpartition("/")[2]
    made["inventory"] = seen.assign(name=seen["name"].where(seen["kind"] != "node", short))
    return made


def test_hours_that_nobody_scraped_are_uptime(tmp_path: Path) -> None:
    """Which of a gap's pods were on which node is not known: uptime and price step share it."""
    here = pure(5, gaps=((3 * 3600, 9 * 3600),))
    got, want = found(report(here, tmp_path)), truth(here)
    for ledger in (got, want):
        ledger["rate", "list_price"] = ledger.get(("rate", "list_price"), 0.0)
        ledger["rate", "list_price"] += ledger.pop(("observation", "uptime"))
    assert differences(got, want) == {}


@pytest.mark.parametrize(
    "options", [{"form": "csv"}, {"form": "jsonl"}, {"export": "focus", "model": "legacy"}]
)
def test_other_exports(tmp_path: Path, options: dict[str, str]) -> None:
    here = pure(2, gaps=())
    here = replace(here, world=replace(here.world, monthly=Monthly()))
    bill = write_gcp(charge(here.world), tmp_path, extra=pods_lines(here), **options)
    with serving(catalog) as url:
        seen = pods_frames(here, gcp_frames)
        got = gcp_report(here.world, bill, seen=seen, endpoint_url=url)
    assert differences(found(got), truth(here)) == {}


def test_pushed_down_is_the_same(tmp_path: Path) -> None:
    here = mixed(6, gaps=())
    charged, lines = charge(here.world), pods_lines(here, labels=False)
    bill = write_gcp(charged, tmp_path, extra=lines)
    seen = pods_frames(here, gcp_frames)
    with serving(catalog, BigQuery(gcp_table(charged, extra=lines))) as url:
        there = gcp_report(here.world, URL, seen=seen, endpoint_url=url)
        local = gcp_report(here.world, bill, seen=seen, endpoint_url=url)
    assert differences(found(there), found(local)) == {}
    assert differences(found(there), truth(here)) == {}


def test_without_labels_the_resource_names_the_cluster(tmp_path: Path) -> None:
    here = pure(7, gaps=())
    got = found(report(here, tmp_path, labels=False))
    assert differences(got, truth(here)) == {}


def bare(seed: int) -> Autopilot:
    """Nothing but pods' cores and memory, at a discount."""
    here = pure(seed, gaps=(), discounts=Discounts(edp=Decimal("0.08"), style="columns"))
    return replace(here, disk_gib=0)


def by_namespace(one: Report, basis: str = "effective") -> dict[str, float]:
    rows = one.allocation[(one.allocation["basis"] == basis) & (one.allocation["kind"] == "direct")]
    sums = rows.groupby(rows["namespace"].astype("str"))["cost"].sum()
    return {str(name): float(cost) for name, cost in sums.items()}


def test_a_flexible_commitment_covers_pods(tmp_path: Path) -> None:
    here = replace(bare(8), committed=28)
    got = report(here, tmp_path)
    assert differences(found(got), truth(here)) == {}
    assert found(got)["rate", "commitment"] < -0.01
    assert by_namespace(got) == pytest.approx(pods_cost(here), abs=0.005)


@worlds(2)
def test_a_namespace_costs_what_its_pods_asked_for(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    here = bare(seed)
    got = report(here, tmp_path_factory.mktemp("bill"))
    assert by_namespace(got) == pytest.approx(pods_cost(here), abs=0.005)
    assert not set(FREE) & set(by_namespace(got))
    kinds = got.allocation[got.allocation["resource"].isin(["cpu", "memory"])]["kind"]
    assert set(kinds) == {"direct"}


def test_half_windows_add_up_to_the_whole(tmp_path: Path) -> None:
    here = bare(11)
    start, end = here.world.start, here.world.end
    half = start + timedelta(hours=here.world.hours // 48 * 24)
    whole = by_namespace(report(here, tmp_path / "whole"))
    parts = [
        by_namespace(report(here, tmp_path / f"{at:%d}", Window(at, to)))
        for at, to in ((start, half), (half, end))
    ]
    added = {name: sum(part.get(name, 0.0) for part in parts) for name in whole}
    assert added == pytest.approx(whole, abs=0.005)


def test_pods_in_namespaces_that_are_free_by_mistake_are_missed(tmp_path: Path) -> None:
    """What a setting leaves out is not lost: it is on the bill, and more than was asked for."""
    here = bare(3)
    bill = write_gcp(charge(here.world), tmp_path, extra=pods_lines(here))
    with serving(catalog) as url:
        got = gcp_report(
            here.world,
            bill,
            seen=pods_frames(here, gcp_frames),
            endpoint_url=url,
            free_namespaces=(*FREE, "shop"),
        )
    assert abs(got.totals.residual) < 0.005
    assert found(got)["observation", "uptime"] > 0.01
    assert "shop" not in by_namespace(got)
