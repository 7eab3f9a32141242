"""Each kind of waste is found through the command line, and nothing else; what is pinned stays.

What may go is worked out from the plan of the world, by trying every way of placing its pods.
"""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from typer.testing import CliRunner

from burn.cli.app import app
from tests.lab.advised import AGENT, DAYS, FIRST_THREE, PLANTED, advised
from tests.lab.cur2 import write_cur2
from tests.lab.ledger import charge
from tests.lab.rates import INSTANCES, SPOT_FACTOR
from tests.lab.store import write_snapshot
from tests.lab.things import Node

WORLD = advised()
NODES = {node.name: node for node in WORLD.nodes}
WITH_NODE = ("DaemonSet",)
MONTH = 730
FILL = 0.8
CONFIG = """\
[run]
cluster = "lab-advice"
provider = "aws"
source = "snapshot"
window = "2026-10-05..2026-10-19"

[source.snapshot]
path = "metrics"

[provider.aws]
bill = "bill"
price_list = "off"

[history]
path = "kept"
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `burn run` and `burn plan` print of the world's files."""
    folder = tmp_path_factory.mktemp("advice")
    write_snapshot(WORLD, folder / "metrics")
    write_cur2(charge(WORLD), folder / "bill")
    (folder / "burn.toml").write_text(CONFIG, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("HOME", str(folder))
        run = CliRunner().invoke(app, ["run", "--quiet", "--format", "json"])
        assert run.exit_code == 0, run.output
        plan = CliRunner().invoke(app, ["plan", "--format", "json"])
        assert plan.exit_code == 0, plan.output
    return json.loads(plan.stdout) | {"findings": json.loads(run.stdout)["findings"]}


def rows(told: dict[str, Any], step: str) -> list[dict[str, Any]]:
    return [row for row in told["steps"] if row["step"] == step]


def test_containers_are_sized_as_planted(told: dict[str, Any]) -> None:
    said = {row["subject"].rpartition("/")[2]: row["why"] for row in rows(told, "right-size")}
    assert set(said) == {one.name for one in PLANTED if one.told}
    for one in PLANTED:
        if one.told and one.size:
            cpu, memory = (f"{value:.3g}" for value in one.size)
            assert f"request {cpu} cores and {memory} GiB" in said[one.name]


Pod = tuple[float, float, str]


def demand(node: Node) -> tuple[list[Pod], list[Pod], bool]:
    """Of a node: pods that go with it, pods that must be placed elsewhere, and whether it may go at all."""
    fixed: list[Pod] = [(*AGENT.asks, "")]
    moving: list[Pod] = []
    may = True
    for one in PLANTED:
        size = one.size or one.asks
        for name in one.nodes:
            if name == node.name:
                here = (*size, one.name if one.apart else "")
                (fixed if one.kind in WITH_NODE else moving).append(here)
                may = may and not one.pins
    return fixed, moving, may


def placed(kept: tuple[Node, ...], pods: list[Pod]) -> bool:
    """Whether some way of placing the pods exists; tried pod by pod."""
    room = []
    for node in kept:
        size, fixed = INSTANCES[node.instance_type], demand(node)[0]
        cpu = FILL * (size.cores - 0.08) - sum(one[0] for one in fixed)
        memory = FILL * size.memory_gib * 0.9375 - sum(one[1] for one in fixed)
        room.append((max(0.0, cpu), max(0.0, memory), frozenset[str]()))

    def place(rest: list[Pod], room: list[tuple[float, float, frozenset[str]]]) -> bool:
        if not rest:
            return True
        cpu, memory, apart = rest[0]
        for at, (have, gib, met) in enumerate(room):
            if have + 1e-9 < cpu or gib + 1e-9 < memory or apart in met:
                continue
            if (have, gib, met) in room[:at]:
                continue
            after = (have - cpu, gib - memory, met | {apart} if apart else met)
            if place(rest[1:], [*room[:at], after, *room[at + 1 :]]):
                return True
        return False

    return place(sorted(pods, reverse=True), room)


def members() -> dict[tuple[str, str], list[Node]]:
    """Steady on-demand nodes by pool and zone."""
    out: dict[tuple[str, str], list[Node]] = {}
    for node in WORLD.nodes:
        if not node.spot and node.billed[1] == DAYS * 86400:
            out.setdefault((node.pool, node.zone), []).append(node)
    return out


def holds(nodes: list[Node], gone: set[str]) -> bool:
    kept = tuple(node for node in nodes if node.name not in gone)
    pods = [pod for node in nodes for pod in demand(node)[1]]
    return bool(kept) and placed(kept, pods)


def most(nodes: list[Node]) -> int:
    """The most nodes that can go together; all of a pool cost the same."""
    free = [node.name for node in nodes if demand(node)[2]]
    return max(
        size
        for size in range(len(free) + 1)
        if any(holds(nodes, set(gone)) for gone in itertools.combinations(free, size))
    )


def hourly(node: Node) -> float:
    return float(INSTANCES[node.instance_type].hourly)


def test_what_it_finds_is_what_is_there_and_no_more(told: dict[str, Any]) -> None:
    """As they are, the pods of two pools fit on fewer nodes, and none that is pinned is named."""
    found = {one["rule"]: one for one in told["findings"]}
    assert set(found) == {"right-size", "consolidation", "uncovered-on-demand"}
    spare = ["gpu-1", "pinned-3", "pinned-4"]
    assert all(NODES[name].instance_id in found["consolidation"]["evidence"] for name in spare)
    amount = sum(hourly(NODES[name]) for name in spare) * MONTH
    assert found["consolidation"]["monthly"] == pytest.approx(amount)


def test_as_many_nodes_go_as_can_and_none_that_is_pinned(told: dict[str, Any]) -> None:
    said: dict[str, set[str]] = {}
    by_id = {node.instance_id: node for node in WORLD.nodes}
    for row in rows(told, "nodes"):
        node = by_id[row["subject"].rpartition("/")[2]]
        assert (row["now"], row["later"]) == pytest.approx((hourly(node) * MONTH, 0))
        said.setdefault(node.pool, set()).add(node.name)
    for (pool, _), nodes in members().items():
        gone = said.get(pool, set()) & {node.name for node in nodes}
        assert all(demand(NODES[name])[2] for name in gone)
        assert holds(nodes, gone) or not gone, pool
        assert len(gone) == most(nodes), pool
    assert {pool: len(gone) for pool, gone in said.items()} == {
        "web": 1,
        "pinned": 2,
        "daemons": 1,
        "gpu": 1,
    }
    assert said["daemons"] == {"daemons-0"}
    assert said["gpu"] == {"gpu-1"}
    assert said["pinned"] == {"pinned-3", "pinned-4"}


def test_another_type_is_named_where_one_is_cheaper_alone(told: dict[str, Any]) -> None:
    """1.1 cores and 4.2 GiB; of four cores, c6a.xlarge is the cheapest and can have 6 GiB filled."""
    (row,) = rows(told, "types")
    assert row["x_to"] == "1 c6a.xlarge"
    assert row["now"] == pytest.approx((0.384 - 0.153) * MONTH)


def discount() -> float:
    """Of spot nodes by their hours: one is there all days, the other the first three."""
    days = [*range(DAYS), *range(FIRST_THREE[1] // 86400)]
    return 1 - sum(float(SPOT_FACTOR[day % len(SPOT_FACTOR)]) for day in days) / len(days)


def test_what_may_run_on_spot_and_what_it_saves(told: dict[str, Any]) -> None:
    said = {row["name"]: row["verdict"] for row in told["spot"] if row["scope"] == "workload"}
    wanted = {True: "ready", False: "not ready", None: "unknown"}
    right = {
        one.name: "with its node" if one.kind == "DaemonSet" else wanted[one.spot]
        for one in (*PLANTED, AGENT)
    }
    assert said == right
    (row,) = rows(told, "spot")
    assert "stateless" in row["subject"]
    assert row["now"] == pytest.approx(hourly(NODES["stateless-0"]) * MONTH * discount())


def test_the_floor_is_what_is_on_demand_all_hours_after_that(told: dict[str, Any]) -> None:
    """A node of one day in fourteen is in fewer than nine of ten hours; 25 % off, as no bill tells more."""
    left = sum(hourly(n) for nodes in members().values() for n in nodes)
    left -= sum(row["now"] for row in rows(told, "nodes")) / MONTH
    left -= hourly(NODES["stateless-0"]) + 0.384 - 0.153
    (row,) = rows(told, "commit")
    assert row["now"] == pytest.approx(left * 0.25 * MONTH)
