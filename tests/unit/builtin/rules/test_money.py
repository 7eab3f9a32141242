"""Commitments, data transfer, fallback prices, unmounted volumes; order and projection."""

from __future__ import annotations

from datetime import timedelta

import pytest

from burn.findings import digest
from tests.unit.builtin.rules.builders import START, find, inputs, node, observation, pod


def days(count, **row):
    return [{"day": START + timedelta(days=day), **row} for day in range(count)]


def standard(cost, count=30):
    kind = {"x_cost_class": "node", "pricing_category": "Standard", "resource_key": "n"}
    return days(count, effective_cost=cost, list_cost=cost, x_public_cost=cost, **kind)


def covered(listed, public, count=30):
    kind = {
        "x_cost_class": "node",
        "pricing_category": "Committed",
        "resource_key": "m",
        "commitment_discount_id": "plan-1",
    }
    return days(count, effective_cost=public, list_cost=listed, x_public_cost=public, **kind)


def unused(cost, count=30):
    kind = {"x_cost_class": "unused_commitment", "commitment_discount_id": "plan-1"}
    return days(count, effective_cost=cost, in_cluster=False, **kind)


def only(found, rule):
    return [finding for finding in found if finding.rule == rule]


def test_unused_commitment_says_how_much_was_used():
    row = {
        "group": "waste",
        "driver": "unused_commitment",
        "subject": "plan-1",
        "name": "plan-1",
        "amount": 15.0,
        "confidence": "low",
    }
    world = inputs(ledger=[row], bill=[*covered(4.0, 3.0), *unused(1.0)], hours=720)
    (found,) = only(find(world), "unused-commitment")
    assert found.amount == 15.0
    assert "75.0 % of it was used: 90.00 covered usage, 30.00 covered nothing" in found.evidence


def test_uncovered_nodes_are_worth_the_discount_the_bill_itself_shows():
    world = inputs(bill=[*standard(10.0), *covered(8.0, 6.0), *unused(1.0)], hours=720)
    (found,) = only(find(world), "uncovered-on-demand")
    # 25 % (6 for 8): 1 a day that is committed and unused would cover 1.3333 of the 10 on-demand.
    assert found.amount == pytest.approx((10 - 4 / 3) * 30 * 0.25)
    assert found.confidence == "medium"
    assert "your commitments save" in found.evidence


def test_covered_usage_that_cost_nothing_teaches_no_discount():
    """Its commitment is paid elsewhere: not 100 % off."""
    world = inputs(bill=[*standard(10.0), *covered(8.0, 0.0)], hours=720)
    (found,) = only(find(world), "uncovered-on-demand")
    assert found.amount == pytest.approx(10 * 30 * 0.25)
    assert "assumed discount" in found.evidence


def test_without_commitments_the_discount_is_assumed_and_says_so():
    (found,) = only(find(inputs(bill=standard(10.0), hours=720)), "uncovered-on-demand")
    assert found.amount == pytest.approx(10 * 30 * 0.25)
    assert found.confidence == "low"
    assert "assumed discount" in found.evidence


def test_a_quiet_day_lowers_the_floor_and_partial_edges_do_not():
    bill = standard(10.0)
    bill[0]["effective_cost"] = 1.0
    bill[15]["effective_cost"] = 4.0
    (found,) = only(find(inputs(bill=bill, hours=720)), "uncovered-on-demand")
    assert "never fell below 4.00" in found.evidence


def test_a_short_window_says_nothing_about_steadiness():
    assert only(find(inputs(bill=standard(10.0, count=6), hours=144)), "uncovered-on-demand") == []


def test_more_unused_than_uncovered_is_no_reason_to_buy():
    world = inputs(bill=[*standard(1.0), *covered(8.0, 6.0), *unused(2.0)], hours=720)
    assert only(find(world), "uncovered-on-demand") == []


@pytest.mark.parametrize("driver", ["nat", "data_transfer"])
def test_transfer_is_measured_against_node_cost_and_names_its_peak(driver):
    rows = days(10, x_cost_class=driver, effective_cost=1.0)
    rows[4]["effective_cost"] = 6.0
    entries = [
        {"group": "unmodelled", "driver": driver, "subject": name, "name": name, "amount": amount}
        for name, amount in (("small", 2.0), ("large", 13.0))
    ]
    world = inputs(bill=[*standard(10.0, count=10), *rows], ledger=entries, hours=240)
    (found,) = only(find(world), driver.replace("_", "-"))
    assert (found.subject, found.saves) == ("2 resources", "part")
    assert "13.00 of it on large" in found.evidence
    assert found.amount == pytest.approx(15.0)
    assert "(15 %)" in found.evidence
    assert "6.00 on 2026-10-05 against 1.00" in found.evidence
    small = inputs(bill=[*standard(100.0, count=10), *rows], hours=240)
    assert only(find(small), driver.replace("_", "-")) == []


def test_fallback_prices_are_named_with_their_part_of_the_report():
    prices = [("node/a", START, 30.0, "bill"), ("node/b", START, 10.0, "fallback: family")]
    (found,) = only(find(inputs(prices=prices)), "fallback-price")
    assert (found.amount, found.subject) == (10.0, "node/b")
    assert "(25.0 %)" in found.evidence
    assert not found.bill_saving
    assert found.saves == "none"


def test_volumes_that_nothing_mounts_need_another_that_is():
    volumes = [
        {
            "asset_id": f"volume/{name}",
            "kind": "volume",
            "hours": 24.0,
            "owner_name": name,
            "namespace": "shop",
        }
        for name in ("used", "idle")
    ]
    ledger = [
        {"group": "report", "driver": "report", "subject": v["asset_id"], "amount": 5.0}
        for v in volumes
    ]
    prices = [(v["asset_id"], START, 5.0, "bill") for v in volumes]

    def world(mounts):
        seen = observation([*volumes, node("a")], [pod("p", "w")], [], mounts)
        return inputs(digests=[digest(seen)] * 7, ledger=ledger, prices=prices, hours=7 * 24)

    mounts = [{"pod_uid": "p", "asset_id": "volume/used"}]
    (found,) = only(find(world(mounts)), "unmounted-volume")
    assert (found.subject, found.amount) == ("shop/idle", 5.0)
    assert only(find(world([])), "unmounted-volume") == [], "a source without mounts proves nothing"


def test_nothing_gives_nothing():
    assert find(inputs()) == ()


def test_largest_first_small_ones_dropped_and_row_order_is_irrelevant():
    rows = [
        {
            "group": "unmodelled",
            "driver": "extended_support",
            "subject": f"c-{n}",
            "amount": amount,
        }
        for n, amount in enumerate((5.0, 50.0, 0.5, 5.0))
    ]
    found = find(inputs(ledger=rows))
    assert [f.subject for f in found] == ["c-1", "c-0", "c-3"]
    assert find(inputs(ledger=rows[::-1])) == found
