"""What an export says of its commitments: one value of each fact, or none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from burn.api import Bill

PLAN = "arn:aws:savingsplans::012345678901:savingsplan/one"
FAMILY = "arn:aws:savingsplans::012345678901:savingsplan/family"
RI = "arn:aws:ec2:us-east-2:012345678901:reserved-instances/ri-1"


def covered(arn: str, **more: Any) -> dict[str, Any]:
    return {
        "line_item_line_item_type": "SavingsPlanCoveredUsage",
        "line_item_unblended_cost": 1.0,
        "pricing_public_on_demand_cost": 1.0,
        "savings_plan_savings_plan_effective_cost": 0.7,
        "savings_plan_savings_plan_a_r_n": arn,
        **more,
    }


def reserved(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "line_item_line_item_type": kind,
        "line_item_unblended_cost": 0.0,
        "reservation_reservation_a_r_n": RI,
        **more,
    }


def test_each_fact_is_what_all_lines_agree_on(bill: Callable[..., Bill], form: str) -> None:
    """A reservation's end is on its fee, its term on what it covers; a plan's family may be the usage's."""
    end = {"savings_plan_end_time": "2027-03-01T07:00:00.000Z"}
    compute = end | {
        "savings_plan_offering_type": "ComputeSavingsPlans",
        "savings_plan_purchase_term": "3yr",
        "savings_plan_payment_option": "Partial Upfront",
        "savings_plan_region": "us-east-2",
    }
    own = {
        "savings_plan_offering_type": "EC2InstanceSavingsPlans",
        "savings_plan_instance_type_family": "m5",
        "savings_plan_region": "us-east-2",
    }
    lines = [
        covered(PLAN, savings_plan_instance_type_family="m5", **compute),
        covered(PLAN, savings_plan_instance_type_family="c5", **compute),
        covered(FAMILY, savings_plan_end_time="2027-03-01T07:00:00.000Z", **own),
        covered(FAMILY, savings_plan_end_time="2027-04-01T07:00:00.000Z"),
        reserved(
            "DiscountedUsage",
            reservation_effective_cost=0.6,
            pricing_public_on_demand_cost=1.0,
            pricing_lease_contract_length="1yr",
            pricing_offering_class="convertible",
            pricing_purchase_option="No Upfront",
        ),
        reserved(
            "RIFee",
            line_item_usage_type="USE2-HeavyUsage:m5.large",
            reservation_end_time="2026-12-31T23:59:59.000Z",
            line_item_resource_id="",
        ),
    ]
    found = bill(lines, form=form).commitments
    assert found is not None
    mine = found.set_index("commitment_discount_id")
    plan, family, reservation = mine.loc[PLAN], mine.loc[FAMILY], mine.loc[RI]
    assert plan[["bound", "family", "region", "months", "upfront"]].tolist() == [
        "any",
        "",
        "",
        36.0,
        "partial",
    ]
    assert plan["end"] == pd.Timestamp("2027-03-01T07:00Z")
    assert family[["bound", "family", "region"]].tolist() == ["family", "m5", "us-east-2"]
    assert pd.isna(family["end"]), "two ends are none"
    assert pd.isna(family["months"])
    assert reservation[["offering", "bound", "family", "months", "upfront"]].tolist() == [
        "convertible",
        "family",
        "m5",
        12.0,
        "none",
    ]
    assert reservation["end"] == pd.Timestamp("2026-12-31T23:59:59Z")
    assert mine["start"].isna().all()


def test_an_end_that_is_no_time_is_unknown_and_stops_nobody(bill: Callable[..., Bill]) -> None:
    found = bill([covered(PLAN, savings_plan_end_time="next spring")]).commitments
    assert found is not None
    assert found["end"].isna().tolist() == [True]


def test_nothing_is_asked_where_nothing_is_committed(bill: Callable[..., Bill]) -> None:
    assert bill([{"line_item_unblended_cost": 1.0}]).commitments is None
