"""A plan is what the world allows, priced at what was paid; every figure was worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from burn.api import Report
from tests.e2e.lab_run import report
from tests.lab.cur2 import write_cur2
from tests.lab.ledger import charge
from tests.lab.sizing import TRAPS, SizedSource, world
from tests.lab.source import LabSource
from tests.lab.things import SavingsPlan

MONTH = 730 / (14 * 24)
NODE = 0.384 * 730
OTHER = 3 * 0.1728 * 730
PLAN = SavingsPlan("arn:aws:savingsplans::123456789012:savingsplan/p", Decimal("0.3"))


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_cur2(charge(world()), tmp_path_factory.mktemp("bill"))


@pytest.fixture(scope="module")
def seen(bill: Path) -> Report:
    return report(world(), bill, source=SizedSource(world()))


def steps(seen: Report, step: str) -> list[dict]:
    assert seen.plan is not None
    return seen.plan[seen.plan["step"] == step].to_dict("records")


def test_right_sizing_moves_to_idle_what_its_findings_say(seen: Report) -> None:
    rows = {row["subject"].rpartition("/")[2]: row for row in steps(seen, "right-size")}
    assert set(rows) == {trap.name for trap in TRAPS if trap.found}
    by_finding = {one.subject: one.monthly for one in seen.findings if one.rule == "right-size"}
    assert {row["subject"]: row["idle"] for row in rows.values()} == pytest.approx(by_finding)
    assert all(row["now"] == row["later"] == 0 for row in rows.values())


def test_then_one_of_three_nodes_can_go_at_what_it_cost(seen: Report) -> None:
    (row,) = steps(seen, "nodes")
    assert (row["now"], row["later"], row["idle"]) == pytest.approx((NODE, 0, 0))


def test_then_the_two_left_give_way_to_what_holds_the_same_pods_for_less(seen: Report) -> None:
    """9.2 cores and 29 GiB, two pods of 2 cores and 8 GiB among them: three m6a.xlarge, of which
    3.1 cores and 12 GiB may be filled each, do; by the list 0.1728 an hour beside 0.384."""
    (row,) = steps(seen, "types")
    assert row["x_to"] == "3 m6a.xlarge"
    assert (row["now"], row["later"]) == (pytest.approx(2 * NODE - OTHER), 0)


def test_then_the_floor_of_what_is_left_is_committed(seen: Report) -> None:
    """3 × 0.1728 an hour, always there; no commitment on the bill, so 25 % are assumed, and it says so."""
    (row,) = steps(seen, "commit")
    assert row["now"] == pytest.approx(OTHER * 0.25)
    assert "0.5184 an hour" in row["why"]
    assert "is assumed" in row["why"]
    assert "547 hours" in row["why"] or "548 hours" in row["why"]


def test_without_right_sizing_no_node_can_go(bill: Path) -> None:
    """14.5 cores do not fit onto 12.67."""
    blind = report(world(), bill, source=LabSource(world()))
    assert (steps(blind, "right-size"), steps(blind, "nodes")) == ([], [])


def test_where_nobody_says_how_many_pods_a_node_takes_no_more_than_were_seen_are_taken_for_it(
    bill: Path,
) -> None:
    """11 pods, at most 4 on one node: three nodes."""
    assert steps(report(world(), bill, source=SizedSource(world(), slots=None)), "nodes") == []
    assert steps(report(world(), bill, source=SizedSource(world(), slots=6.0)), "nodes") != []


def test_a_freed_commitment_is_saved_later(tmp_path: Path) -> None:
    """0.3 an hour of a plan cover 0.4167 of 1.152 on-demand: the nodes' own parts say what is saved now."""
    covered = world((PLAN,))
    made = report(covered, write_cur2(charge(covered), tmp_path), source=SizedSource(covered))
    (row,) = steps(made, "nodes")
    assert made.assets is not None
    cost = made.assets.set_index("asset_id").loc[row["subject"], "paid_cost"]
    assert row["now"] + row["later"] == pytest.approx(cost * MONTH)
    # The dearest goes first: one that no commitment makes cheaper.
    assert cost == pytest.approx(0.384 * 14 * 24)
    assert row["later"] == pytest.approx(0)


def test_a_commitment_on_all_nodes_saves_nothing_now(tmp_path: Path) -> None:
    all_of_it = SavingsPlan(PLAN.arn, Decimal("2.0"))
    covered = world((all_of_it,))
    made = report(covered, write_cur2(charge(covered), tmp_path), source=SizedSource(covered))
    (row,) = steps(made, "nodes")
    assert row["now"] == pytest.approx(0, abs=1e-6)
    assert row["later"] == pytest.approx(NODE * 0.72)
    assert steps(made, "commit") == []


def test_one_screen_and_its_document(seen: Report, burn_plan: Callable[..., str]) -> None:
    lines = burn_plan(seen).splitlines()
    assert len(lines) <= 45
    assert max(map(len, lines)) <= 80
    total = next(line for line in lines if line.startswith("All steps")).split()
    unbound = next(line for line in lines if line.startswith("Without a commitment")).split()
    document = json.loads(burn_plan(seen, as_json=True))
    assert [f"{document['totals'][name]:,.2f}" for name in ("idle", "now", "later")] == total[2:]
    for name in ("idle", "now", "later"):
        assert document["totals"][name] == pytest.approx(sum(s[name] for s in document["steps"]))
    bought = document["now_with_a_commitment"]
    assert f"{document['totals']['now'] - bought:,.2f}" == unbound[-2]
    assert bought == pytest.approx(OTHER * 0.25)
