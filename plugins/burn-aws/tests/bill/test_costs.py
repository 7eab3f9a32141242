"""Each line type alone: what it costs by hand. Literals, none of the code's own formulas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from burn.api import Bill

SP = "arn:aws:savingsplans::012345678901:savingsplan/sp-1"
RI = "arn:aws:ec2:us-east-2:012345678901:reserved-instances/ri-1"
OTHER = {
    "line_item_resource_id": "",
    "line_item_product_code": "AmazonS3",
    "line_item_usage_type": "USE2-TimedStorage-ByteHrs",
}


def fee(kind: str, cost: float, **more: Any) -> dict[str, Any]:
    return {"line_item_line_item_type": kind, "line_item_unblended_cost": cost, **more}


# name → line, then class, category, pricing, list, public, contracted, effective, billed
CASES: dict[str, tuple[dict[str, Any], tuple[Any, ...]]] = {
    "on demand at a private rate": (
        {"line_item_unblended_cost": 0.96, "pricing_public_on_demand_cost": 1.00},
        ("node", "Usage", "Standard", 1.00, 1.00, 0.96, 0.96, 0.96),
    ),
    "on demand without a public price": (
        {"line_item_unblended_cost": 0.96},
        ("node", "Usage", "Standard", 0.96, 0.96, 0.96, 0.96, 0.96),
    ),
    "spot": (
        {
            "line_item_usage_type": "USE2-SpotUsage:m5.large",
            "line_item_unblended_cost": 0.31,
            "pricing_public_on_demand_cost": 1.00,
        },
        ("node", "Usage", "Dynamic", 1.00, 0.31, 0.31, 0.31, 0.31),
    ),
    "under a reservation": (
        {
            "line_item_line_item_type": "DiscountedUsage",
            "pricing_public_on_demand_cost": 1.00,
            "reservation_effective_cost": 0.62,
            "reservation_reservation_a_r_n": RI,
        },
        ("node", "Usage", "Committed", 1.00, 0.62, 1.00, 0.62, 0.00),
    ),
    "under a Savings Plan": (
        {
            "line_item_line_item_type": "SavingsPlanCoveredUsage",
            "line_item_unblended_cost": 1.00,
            "pricing_public_on_demand_cost": 1.00,
            "savings_plan_savings_plan_effective_cost": 0.72,
            "savings_plan_savings_plan_a_r_n": SP,
        },
        ("node", "Usage", "Committed", 1.00, 0.72, 1.00, 0.72, 1.00),
    ),
    "Savings Plan negation": (
        fee("SavingsPlanNegation", -1.00, savings_plan_savings_plan_a_r_n=SP, **OTHER),
        ("commitment_fee", "Adjustment", "Committed", 0, 0, 0, 0, -1.00),
    ),
    "Savings Plan hour, part unused": (
        fee(
            "SavingsPlanRecurringFee",
            0.50,
            savings_plan_savings_plan_a_r_n=SP,
            savings_plan_total_commitment_to_date=0.80,
            savings_plan_used_commitment=0.70,
            **OTHER,
        ),
        ("unused_commitment", "Purchase", "Committed", 0.10, 0.10, 0.10, 0.10, 0.50),
    ),
    "Savings Plan hour, all used": (
        fee(
            "SavingsPlanRecurringFee",
            0.50,
            savings_plan_savings_plan_a_r_n=SP,
            savings_plan_total_commitment_to_date=0.80,
            savings_plan_used_commitment=0.80,
            **OTHER,
        ),
        ("commitment_fee", "Purchase", "Committed", 0, 0, 0, 0, 0.50),
    ),
    "Savings Plan upfront": (
        fee("SavingsPlanUpfrontFee", 900.0, savings_plan_savings_plan_a_r_n=SP, **OTHER),
        ("commitment_fee", "Purchase", "Committed", 0, 0, 0, 0, 900.0),
    ),
    "reservation's month, part unused": (
        fee(
            "RIFee",
            30.0,
            reservation_reservation_a_r_n=RI,
            reservation_unused_amortized_upfront_fee_for_billing_period=1.5,
            reservation_unused_recurring_fee=2.5,
            line_item_usage_type="USE2-HeavyUsage:m5.large",
            line_item_resource_id="",
        ),
        ("unused_commitment", "Purchase", "Committed", 4.0, 4.0, 4.0, 4.0, 30.0),
    ),
    "reservation upfront": (
        fee("Fee", 120.0, reservation_reservation_a_r_n=RI, line_item_resource_id=""),
        ("commitment_fee", "Purchase", "Committed", 0, 0, 0, 0, 120.0),
    ),
    "another fee": (
        fee("Fee", 12.0, line_item_product_code="AmazonRegistrar", line_item_resource_id=""),
        ("other", "Purchase", "Standard", 12.0, 12.0, 12.0, 12.0, 12.0),
    ),
    "credit": (fee("Credit", -5.0), ("credit", "Credit", "", -5.0, -5.0, -5.0, -5.0, -5.0)),
    "refund": (fee("Refund", -2.0), ("refund", "Adjustment", "", -2.0, -2.0, -2.0, -2.0, -2.0)),
    "tax": (fee("Tax", 3.0, **OTHER), ("tax", "Tax", "", 3.0, 3.0, 3.0, 3.0, 3.0)),
    "support": (
        fee("Fee", 100.0, line_item_product_code="AWSSupportBusiness", line_item_resource_id=""),
        ("support", "Purchase", "", 100.0, 100.0, 100.0, 100.0, 100.0),
    ),
    "marketplace": (
        fee("Usage", 7.0, bill_billing_entity="AWS Marketplace", **OTHER),
        ("marketplace", "Usage", "", 7.0, 7.0, 7.0, 7.0, 7.0),
    ),
    "unknown type": (fee("Rebate", -1.0), ("unknown", "Adjustment", "", -1, -1, -1, -1, -1)),
}
DISCOUNTS = (
    *("EdpDiscount", "PrivateRateDiscount", "BundledDiscount", "SppDiscount"),
    "RiVolumeDiscount",
)
for discount in DISCOUNTS:
    CASES[discount] = (
        fee(discount, -0.10),
        ("negotiated", "Adjustment", "", 0, 0, 0, -0.10, -0.10),
    )


@pytest.mark.parametrize("name", CASES)
def test_line_type(bill: Callable[..., Bill], name: str, form: str) -> None:
    line, expected = CASES[name]
    (row,) = bill([line], form=form).rows.to_dict("records")
    found = (row["x_cost_class"], row["charge_category"], row["pricing_category"])
    costs = [row[f"{c}_cost"] for c in ("list", "x_public", "contracted", "effective", "billed")]
    assert found == expected[:3]
    assert costs == pytest.approx(expected[3:], abs=1e-12)
    assert row["x_lines"] == 1


def test_an_unknown_type_is_told(bill: Callable[..., Bill]) -> None:
    notes = bill([CASES["unknown type"][0]]).notes
    assert any("Rebate" in note for note in notes)


def test_a_missing_public_price_is_told(bill: Callable[..., Bill]) -> None:
    notes = bill([CASES["on demand without a public price"][0]]).notes
    assert any("1 usage lines name no public price" in note for note in notes)


def net(line: dict[str, Any], **costs: float) -> dict[str, Any]:
    return {**line, **costs}


def test_net_columns_beside_discount_lines_count_a_discount_once(
    bill: Callable[..., Bill], form: str
) -> None:
    """10 % EDP on 1.00 of usage; the export has both the net column and the discount's line."""
    usage = net(
        {"line_item_unblended_cost": 1.0, "pricing_public_on_demand_cost": 1.0},
        line_item_net_unblended_cost=0.9,
    )
    discount = net(fee("EdpDiscount", -0.1), line_item_net_unblended_cost=0.0)
    found = bill([usage, discount], form=form)
    rows = found.rows.set_index("x_charge_kind")
    assert rows.loc["Usage", ["effective_cost", "billed_cost"]].tolist() == [0.9, 1.0]
    assert rows.loc["EdpDiscount", ["effective_cost", "billed_cost"]].tolist() == [0.0, -0.1]
    assert float(found.control.billed) == pytest.approx(0.9)


def test_net_columns_without_discount_lines_are_the_invoice(
    bill: Callable[..., Bill], form: str
) -> None:
    """CUR 2.0's default: discounts are columns, and only net costs add up to the invoice."""
    usage = net(
        {"line_item_unblended_cost": 1.0, "pricing_public_on_demand_cost": 1.0},
        line_item_net_unblended_cost=0.9,
    )
    tax = fee("Tax", 0.2, **OTHER)
    found = bill([usage, tax], form=form)
    rows = found.rows.set_index("x_charge_kind")
    assert rows.loc["Usage", ["x_public_cost", "effective_cost", "billed_cost"]].tolist() == [
        1,
        0.9,
        0.9,
    ]
    assert rows.loc["Tax", "billed_cost"] == 0.2
    assert float(found.control.billed) == pytest.approx(1.1)


def test_net_commitments(bill: Callable[..., Bill], form: str) -> None:
    """x_public stays before the discount, so negotiated = effective − x_public."""
    ri = net(CASES["under a reservation"][0], reservation_net_effective_cost=0.60)
    sp = net(
        CASES["under a Savings Plan"][0],
        savings_plan_net_savings_plan_effective_cost=0.65,
        line_item_resource_id="i-0002",
    )
    rows = bill([ri, sp], form=form, keys=["i-0001", "i-0002"]).rows.set_index("resource_key")
    assert rows.loc["i-0001", ["x_public_cost", "effective_cost"]].tolist() == [0.62, 0.60]
    assert rows.loc["i-0002", ["x_public_cost", "effective_cost"]].tolist() == [0.72, 0.65]


def test_net_unused_commitments(bill: Callable[..., Bill], form: str) -> None:
    """RI: the net columns. SP: 0.20 unused, the plan's hour is 0.80 net 0.72, so 0.18."""
    ri = net(
        CASES["reservation's month, part unused"][0],
        reservation_net_unused_amortized_upfront_fee_for_billing_period=1.2,
        reservation_net_unused_recurring_fee=2.0,
    )
    sp = net(
        CASES["Savings Plan hour, part unused"][0],
        savings_plan_used_commitment=0.60,
        savings_plan_recurring_commitment_for_billing_period=0.50,
        savings_plan_amortized_upfront_commitment_for_billing_period=0.30,
        savings_plan_net_recurring_commitment_for_billing_period=0.45,
        savings_plan_net_amortized_upfront_commitment_for_billing_period=0.27,
    )
    rows = bill([ri, sp], form=form).rows.set_index("x_charge_kind")
    assert rows.loc["RIFee", "effective_cost"] == pytest.approx(3.2, abs=1e-12)
    assert rows.loc["SavingsPlanRecurringFee", "effective_cost"] == pytest.approx(0.18, abs=1e-12)


def test_commitments_are_named(bill: Callable[..., Bill], form: str) -> None:
    lines = [CASES["under a reservation"][0], CASES["under a Savings Plan"][0]]
    rows = bill(lines, form=form).rows.set_index("x_charge_kind")
    kinds = ["commitment_discount_id", "commitment_discount_type"]
    assert rows.loc["DiscountedUsage", kinds].tolist() == [RI, "reservation"]
    assert rows.loc["SavingsPlanCoveredUsage", kinds].tolist() == [SP, "savings plan"]
