"""Capacity Blocks and reserved hosts, worked out by hand: 1,512.00 for 48 hours is 31.50 an hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from burn.api import Bill
from burn_aws.scope import AwsScope

BLOCK = "arn:aws:ec2:us-east-2:012345678901:capacity-reservation/cr-1"
NAME = "capacity_reservation_capacity_reservation_arn"
Line = dict[str, Any]


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 10, day, hour)  # noqa: DTZ001  as a CUR has it


def line(day: int, cost: float, hours: float = 24, **named: Any) -> Line:
    return {
        "line_item_usage_start_date": at(day),
        "line_item_usage_end_date": at(day + 1),
        "line_item_unblended_cost": cost,
        "line_item_usage_amount": hours,
        "line_item_usage_type": "USE2-BoxUsage:p5.48xlarge",
        **named,
    }


FEE = line(
    10,
    1512.0,
    48,
    line_item_line_item_type="Fee",
    line_item_usage_type="USE2-CapacityBlockFee:p5.48xlarge",
    line_item_resource_id=BLOCK,
)
LATER = line(20, 2.4, line_item_usage_type="USE2-CPUCredits:t3", line_item_resource_id="")


def costs(bill: Bill, name: str = "effective_cost") -> dict[str, float]:
    rows = bill.rows
    return rows.groupby(["x_cost_class"])[name].sum().round(6).to_dict()


@pytest.mark.parametrize("form", ["cur2", "csv"])
def test_hours_that_no_instance_used_are_unused_commitment(
    bill: Callable[..., Bill], form: str
) -> None:
    """Half of the block; billed is the fee, whole."""
    found = bill([FEE, line(10, 0.0), LATER], form=form, keys=["i-0001"])
    assert costs(found) == {"node": 756.0, "unused_commitment": 756.0, "other": 2.4}
    assert costs(found, "billed_cost") == {"node": 0.0, "unused_commitment": 1512.0, "other": 2.4}


def test_a_block_that_may_still_be_used_has_nothing_unused(bill: Callable[..., Bill]) -> None:
    """The bill ends a day after its first hour, and one instance has two days."""
    found = bill([FEE, line(10, 0.0)], keys=["i-0001"])
    assert costs(found) == {"node": 756.0, "commitment_fee": 0.0}


def test_what_a_system_costs_in_a_block_comes_on_top(bill: Callable[..., Bill]) -> None:
    """Windows is charged by the hour, so the hours that name their block are not at nothing."""
    mine = [line(day, 88.0, **{NAME: BLOCK}) for day in (10, 11)]
    other = line(11, 2641.92, line_item_resource_id="i-0002", **{NAME: "arn:other"})
    found = bill([FEE | {NAME: ""}, *mine, other], keys=["i-0001", "i-0002"])
    nodes = found.rows[found.rows["x_cost_class"] == "node"].set_index("resource_key")
    paid = nodes.groupby(level=0)["effective_cost"].sum()
    assert paid["i-0001"] == pytest.approx(1512.0 + 2 * 88.0)
    assert paid["i-0002"] == pytest.approx(2641.92)


def test_a_host_under_a_reservation_carries_its_instances(bill: Callable[..., Bill]) -> None:
    host = line(
        5,
        0.0,
        line_item_line_item_type="DiscountedUsage",
        line_item_usage_type="USE2-ReservedHostUsage:m5",
        line_item_resource_id="h-1",
        reservation_effective_cost=96.0,
        reservation_reservation_a_r_n="arn:aws:ec2:us-east-2:012345678901:host-reservation/hr-1",
    )
    guests = [
        line(
            5,
            0.0,
            hours,
            line_item_usage_type="USE2-HostBoxUsage:m5.large",
            line_item_resource_id=n,
        )
        for n, hours in (("i-0001", 24), ("i-0002", 8))
    ]
    found = bill(
        [host, *guests], scope=AwsScope(cluster_resources=("h-1",)), keys=["i-0001", "i-0002"]
    )
    paid = found.rows.groupby("resource_key")["effective_cost"].sum()
    assert paid.round(6).to_dict() == {"i-0001": 72.0, "i-0002": 24.0}
    assert set(found.rows["x_cost_class"]) == {"node"}
