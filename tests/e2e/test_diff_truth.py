"""Changes planted between two months are each named by `diff`, with their amount to the cent.

What is expected is worked out from the price list by hand; neither burn's ledger nor the lab's is asked.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from burn.api import Report
from burn.history.diff import diff
from burn.history.owners import diff_by
from tests.e2e.lab_run import report, worlds, written
from tests.lab.network import cluster_tags
from tests.lab.rates import DISK, INSTANCES
from tests.lab.things import Discounts, Monthly, Node, Pod, Service, Volume, World

CENT = 0.005
HOUR = 3600
BEFORE, AFTER = 24, 48
MONTHS = {BEFORE: 744, AFTER: 720}
TAGS = cluster_tags("shop")


class Planted:
    """Two months of one cluster, and by hand what changed: amounts by (driver, cause, name)."""

    def __init__(self, seed: int) -> None:
        dice = random.Random(seed)
        kinds = dice.sample(["m6i.large", "m6i.xlarge", "c6i.xlarge", "r6i.xlarge", "t3.medium"], 4)
        self.stays, self.goes, self.comes, self.swaps = kinds
        self.edp = Decimal("0.05"), Decimal(dice.choice(["0.09", "0.12"]))
        self.gib = dice.randint(50, 90), dice.randint(100, 300)
        self.rates = {name: Decimal(dice.randint(10, 90)) / 100 for name in ("stay", "go", "come")}
        self.credit = Decimal(dice.randint(5, 20)), Decimal(dice.randint(30, 90))
        self.cpu = dice.choice([0.5, 1.0])

    def world(self, hours: int) -> World:
        later = hours == AFTER
        nodes = [self._node(1, self.stays, hours), self._node(2, self.swaps, hours, later)]
        nodes.append(self._node(4, self.comes, hours) if later else self._node(3, self.goes, hours))
        whole = (0, hours * HOUR)
        volume = Volume(
            "pvc-1", "vol-0000000000000aaaa", "gp3", "us-east-1a", ((*whole, self.gib[later]),),
            whole, "shop", "data", tags=TAGS,
        )  # fmt: skip
        return World(
            seed=1,
            cluster="shop",
            account="123456789012",
            region="us-east-1",
            start=datetime(2026, 11 if later else 10, 10, tzinfo=UTC),
            hours=hours,
            scrape=60,
            nodes=tuple(nodes),
            pods=tuple(self._pods(nodes, whole)),
            volumes=(volume,),
            services=tuple(
                _service(name, self.rates[name]) for name in ("stay", "come" if later else "go")
            ),
            discounts=Discounts(edp=self.edp[later]),
            monthly=Monthly(credit=self.credit[later]),
            control_plane=False,
        )

    def _node(self, number: int, kind: str, hours: int, again: bool = False) -> Node:
        whole = (0, hours * HOUR)
        number += 10 * again
        return Node(
            f"node-{number}", f"i-{number:017x}", kind, "us-east-1a", whole, whole, tags=TAGS
        )

    def _pods(self, nodes: list[Node], whole: tuple[int, int]) -> Any:
        """One workload fills each node, so that nothing is idle; it is named after the node's part."""
        for node, name in zip(
            nodes, ("web", "api", "come" if "4" in nodes[2].name else "go"), strict=True
        ):
            size = INSTANCES[node.instance_type]
            yield Pod(
                f"uid-{node.name}", f"{name}-1", "shop", "Deployment", name, node.name, whole,
                cpu=size.cores, memory_gib=size.memory_gib,
                cpu_used=size.cores, memory_used_gib=size.memory_gib,
            )  # fmt: skip

    def expected(self) -> dict[tuple[str, str], float]:
        """By driver and cause."""
        out: dict[tuple[str, str], float] = defaultdict(float)
        old, new = (float(one) for one in self.edp)
        price = {kind: float(INSTANCES[kind].hourly) for kind in INSTANCES}
        disk = [float(DISK["gp3"]) / MONTHS[hours] for hours in (BEFORE, AFTER)]
        a, b = (self.gib[0] * disk[0] * BEFORE, self.gib[1] * disk[1] * AFTER)
        at_old_hour = self.gib[1] * disk[0] * AFTER
        longer = AFTER / BEFORE
        for driver, before, after in (("report", 1.0, 1.0), ("negotiated", -old, -new)):
            for kind in (self.stays, self.swaps):
                out[driver, "calendar"] += before * price[kind] * (AFTER - BEFORE)
                out[driver, "price"] += (after - before) * price[kind] * AFTER
            out[driver, "gone"] -= before * price[self.goes] * BEFORE
            out[driver, "new"] += after * price[self.comes] * AFTER
            out[driver, "calendar"] += before * (a * (longer - 1))
            out[driver, "usage"] += before * (at_old_hour - a * longer)
        # A month of 720 hours makes an hour of a disk dearer: in the report that is the calendar.
        out["report", "calendar"] += b - at_old_hour
        out["negotiated", "price"] += -new * b + old * at_old_hour
        stay, gone, come = (float(self.rates[name]) for name in ("stay", "go", "come"))
        out["outside", "calendar"] = stay * (1 - old) * (AFTER - BEFORE)
        out["outside", "amount"] = stay * (old - new) * AFTER
        out["outside", "gone"] = -gone * (1 - old) * BEFORE
        out["outside", "new"] = come * (1 - new) * AFTER
        out["credit", "charges"] = float(self.credit[0]) * BEFORE / MONTHS[BEFORE]
        out["credit", "charges"] -= float(self.credit[1]) * AFTER / MONTHS[AFTER]
        return {key: value for key, value in out.items() if abs(value) >= CENT}


def _service(name: str, rate: Decimal) -> Service:
    return Service(
        f"Amazon{name}", f"Service {name}", f"arn:aws:x:us-east-1:123456789012:{name}",
        f"{name}-hours", "Hrs", str(rate), Decimal(1),
    )  # fmt: skip


def reports(planted: Planted, folder: Path) -> tuple[Report, Report]:
    made = []
    for hours in (BEFORE, AFTER):
        world = planted.world(hours)
        _, bill = written(world, folder / str(hours))
        made.append(report(world, bill))
    return made[0], made[1]


def by_cause(rows: Any, label: str) -> dict[tuple[str, str], float]:
    sums = rows.groupby([label, "cause"])["amount"].sum()
    return {(str(a), str(b)): float(v) for (a, b), v in sums.items() if abs(v) >= CENT}


def differ(have: dict[Any, float], want: dict[Any, float]) -> dict[Any, tuple[float, float]]:
    return {
        key: (have.get(key, 0.0), want.get(key, 0.0))
        for key in sorted(have.keys() | want.keys())
        if abs(have.get(key, 0.0) - want.get(key, 0.0)) >= CENT
    }


@worlds(1)
def test_planted_changes_are_named_to_the_cent(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    planted = Planted(seed)
    before, after = reports(planted, tmp_path_factory.mktemp("months"))
    made = diff(before, after)
    assert differ(by_cause(made.rows, "driver"), planted.expected()) == {}
    assert abs(made.residual) < 1e-6
    named = made.rows[made.rows["cause"].isin(["new", "gone"])]
    assert {"node-3", "node-4", "Amazongo", "Amazoncome"} <= set(named["name"])
    assert not {"node-2", "node-12"} & set(made.rows["name"]), "replaced, at the same price"
    _owners(planted, before, after)


def _owners(planted: Planted, before: Report, after: Report) -> None:
    made = diff_by(before, after, "workload")
    assert abs(made.residual) < 1e-6
    have = by_cause(made.rows, "subject")
    old, new = (float(one) for one in planted.edp)
    for name in ("web", "api"):
        key = f"shop/Deployment/{name}"
        assert {cause for subject, cause in have if subject == key} == {"calendar", "price"}
        assert have[key, "price"] / have[key, "calendar"] == pytest.approx(
            (old - new) * AFTER / ((1 - old) * (AFTER - BEFORE))
        )
    # What the kubelet keeps of a node is nobody's: a few percent.
    gone = float(INSTANCES[planted.goes].hourly) * (1 - old) * BEFORE
    come = float(INSTANCES[planted.comes].hourly) * (1 - new) * AFTER
    assert have["shop/Deployment/go", "gone"] == pytest.approx(-gone, rel=0.07)
    assert have["shop/Deployment/come", "new"] == pytest.approx(come, rel=0.07)


def test_one_window_run_again_says_what_was_restated(tmp_path: Path) -> None:
    planted = Planted(7)
    world = planted.world(BEFORE)
    before = report(world, written(world, tmp_path / "first")[1])
    dearer = replace(world, monthly=Monthly(credit=planted.credit[1]))
    dearer = replace(dearer, services=(_service("stay", Decimal("0.99")), *world.services[1:]))
    after = report(dearer, written(dearer, tmp_path / "again")[1], source=None)
    made = diff(before, after)
    more = (0.99 - float(planted.rates["stay"])) * 0.95 * BEFORE
    credit = float(planted.credit[0] - planted.credit[1]) * BEFORE / MONTHS[BEFORE]
    want = {("outside", "restated"): more, ("credit", "restated"): credit}
    assert differ(by_cause(made.rows, "driver"), want) == {}
    assert abs(made.residual) < 1e-6
