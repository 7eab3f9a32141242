"""Whatever lines a bill has: no money is lost or made, and each discount counts once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from burn.api import Bill, Window, schemas

quick = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
FIRST = datetime.fromisoformat("2026-10-01")
CENTS = st.integers(-500_000, 500_000).map(lambda n: n / 10_000)
KINDS = (
    *("Usage", "DiscountedUsage", "SavingsPlanCoveredUsage", "SavingsPlanNegation"),
    *("SavingsPlanRecurringFee", "SavingsPlanUpfrontFee", "RIFee", "Fee", "Credit", "Refund"),
    *("Tax", "EdpDiscount", "PrivateRateDiscount", "SppDiscount", "Rebate"),
)


@st.composite
def a_line(draw: st.DrawFn) -> dict[str, Any]:
    start = FIRST + timedelta(hours=draw(st.integers(0, 743)))
    arn = draw(st.sampled_from(["", "arn:aws:savingsplans::1:savingsplan/a", "arn:aws:ec2:ri/b"]))
    return {
        "line_item_line_item_type": draw(st.sampled_from(KINDS)),
        "line_item_resource_id": draw(st.sampled_from(["", "i-0001", "vol-1", "i-0002"])),
        "line_item_usage_start_date": start,
        "line_item_usage_end_date": start + timedelta(hours=draw(st.integers(0, 60))),
        "line_item_unblended_cost": draw(CENTS),
        "pricing_public_on_demand_cost": draw(CENTS),
        "reservation_effective_cost": draw(CENTS),
        "savings_plan_savings_plan_effective_cost": draw(CENTS),
        "savings_plan_savings_plan_a_r_n": arn,
        "reservation_unused_recurring_fee": draw(CENTS),
        "savings_plan_total_commitment_to_date": draw(CENTS),
        "savings_plan_used_commitment": draw(CENTS),
    }


@quick
@given(lines=st.lists(a_line(), min_size=1, max_size=15))
def test_money_and_lines_are_kept(bill: Callable[..., Bill], lines: list[dict[str, Any]]) -> None:
    autumn = Window(Window.month(2026, 10).start, Window.month(2026, 11).end)
    found = bill(lines, window=autumn, keys=["i-0001"])
    unblended = sum((Decimal(repr(ln["line_item_unblended_cost"])) for ln in lines), Decimal(0))
    assert found.control.billed == unblended
    assert found.rows["billed_cost"].sum() == pytest.approx(float(unblended), abs=1e-9)
    assert found.rows["x_lines"].sum() == found.control.lines == len(lines)
    cash = found.rows[found.rows["x_cost_class"].isin(schemas.ACCOUNTING_CLASSES)]
    assert cash["effective_cost"].tolist() == cash["billed_cost"].tolist()
    fees = found.rows[found.rows["x_cost_class"] == "commitment_fee"]
    assert not fees["effective_cost"].any()


def styles(costs: list[float], percent: int) -> dict[str, list[dict[str, Any]]]:
    """The same discount three ways: on lines, in net columns, in both."""
    off = [round(cost * percent / 100, 6) for cost in costs]
    pairs = list(zip(costs, off, strict=True))
    ids = {"line_item_resource_id": ""}
    usage = [{"line_item_unblended_cost": cost} for cost, _ in pairs]
    netted = [
        {"line_item_unblended_cost": cost, "line_item_net_unblended_cost": cost - less}
        for cost, less in pairs
    ]
    discounts = [
        {"line_item_line_item_type": "EdpDiscount", "line_item_unblended_cost": -less, **ids}
        for _, less in pairs
    ]
    zeros = [{**line, "line_item_net_unblended_cost": 0.0} for line in discounts]
    kinds = {"lines": usage + discounts, "columns": netted, "both": netted + zeros}
    # Lines that are the same in every fact would be the same lines twice.
    return {
        name: [line | {"line_item_operation": f"Run:{at}"} for at, line in enumerate(lines)]
        for name, lines in kinds.items()
    }


@quick
@given(
    costs=st.lists(st.integers(1, 10**7).map(lambda n: n / 10**5), min_size=1, max_size=6),
    percent=st.integers(1, 30),
)
def test_each_discount_counts_once(
    bill: Callable[..., Bill], costs: list[float], percent: int
) -> None:
    paid = sum(costs) - sum(round(cost * percent / 100, 6) for cost in costs)
    for name, lines in styles(costs, percent).items():
        found = bill(lines, keys=["i-0001"])
        assert float(found.control.billed) == pytest.approx(paid, abs=1e-6), name
        assert found.rows["billed_cost"].sum() == pytest.approx(paid, abs=1e-6), name
        assert found.rows["effective_cost"].sum() == pytest.approx(paid, abs=1e-6), name


def test_discounts_without_a_resource_are_told(bill: Callable[..., Bill]) -> None:
    found = bill(styles([10.0], 10)["lines"], keys=["i-0001"])
    assert any("-1.00 of discounts are on lines that name no resource" in n for n in found.notes)
    assert not any("discounts" in n for n in bill(styles([10.0], 10)["both"]).notes)
