"""Money with a term: billed whole when it is charged, whatever the window cuts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from burn.api import Bill, Window

at = datetime.fromisoformat
NINTH = at("2026-10-09T21:00:00")
YEAR = at("2027-10-09T21:00:00")
RI = "arn:aws:ec2:us-east-1:111122223333:reserved-instances/r"
OCTOBER = Window.month(2026, 10)
CUTS = [datetime(2026, month, day, tzinfo=UTC) for month, day in ((9, 20), (10, 5), (10, 20))]
CUTS += [datetime(2026, 11, 3, 7, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)]


def line(start: datetime, end: datetime, cost: float, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "line_item_usage_start_date": start,
        "line_item_usage_end_date": end,
        "line_item_unblended_cost": cost,
        "line_item_line_item_type": kind,
        "line_item_resource_id": "",
        "line_item_usage_type": "",
        "reservation_reservation_a_r_n": "",
        **more,
    }


LINES = {
    "sign-up fee": line(NINTH, YEAR, 438.0, "Fee", reservation_reservation_a_r_n=RI),
    "sign-up fee to the month's end": line(
        NINTH, at("2026-11-01"), 438.0, "Fee", reservation_reservation_a_r_n=RI
    ),
    "plan": line(NINTH, YEAR, 525.6, "SavingsPlanUpfrontFee"),
    "contract": line(NINTH, YEAR, 1200.0, "Fee", bill_billing_entity="AWS Marketplace"),
    "contract of a year, as usage": line(NINTH, YEAR, 99.0, "Usage"),
    "support to the 9th": line(
        NINTH, at("2026-11-09"), 29.0, "Fee", line_item_product_code="AWSSupportBusiness"
    ),
    "tax of a year": line(NINTH, YEAR, 12.0, "Tax"),
    "credit of a year": line(NINTH, YEAR, -7.0, "Credit"),
}


def test_a_term_is_billed_whole_when_it_begins(bill: Callable[..., Bill]) -> None:
    """All in the window of 9 October 21:00, nothing elsewhere, and windows that meet add up."""
    hour = line(at("2026-09-01"), at("2026-12-02"), 0.0, "Usage")  # so that no window is empty
    lines = [*LINES.values(), hour]
    total = sum(one["line_item_unblended_cost"] for one in LINES.values())
    found = [bill(lines, window=Window(a, b)) for a, b in pairwise(CUTS)]
    assert [float(one.control.billed) for one in found] == [0, total, 0, 0]
    assert [one.rows["billed_cost"].sum() for one in found] == [0, total, 0, 0]
    billed = found[1].rows[found[1].rows["billed_cost"] != 0]
    assert set(billed["day"].dt.day) == {9}
    whole = bill(lines, window=Window(CUTS[0], CUTS[-1])).rows
    for column in ("effective_cost", "list_cost"):
        assert sum(one.rows[column].sum() for one in found) == pytest.approx(whole[column].sum())


def test_a_term_that_began_before_its_billing_month(bill: Callable[..., Bill], form: str) -> None:
    """A contract from 20 September that October's bill has: on October's invoice, on the 1st."""
    late = line(at("2026-09-20"), at("2027-09-20"), 365.0, "Fee")
    (row,) = bill([late], form=form, window=OCTOBER).rows.to_dict("records")
    assert (row["day"].day, row["billed_cost"]) == (1, 365.0)
    before = bill([late], form=form, window=Window.month(2026, 9))
    assert float(before.control.billed) == 0.0


def test_a_short_term_is_spread_in_effective_cost(bill: Callable[..., Bill], form: str) -> None:
    """30 for 20 October to 19 November: billed in October; 12 of 30 days are October's."""
    fee = line(at("2026-10-20"), at("2026-11-19"), 30.0, "Fee")
    october = bill([fee], form=form).rows
    november = bill([fee], form=form, window=Window.month(2026, 11)).rows
    assert october[["billed_cost", "effective_cost"]].values.tolist() == [[30.0, 12.0]]
    assert november[["billed_cost", "effective_cost"]].values.tolist() == [[0.0, 18.0]]


def test_usage_of_the_month_before_stays_where_it_was_used(bill: Callable[..., Bill]) -> None:
    """September usage and a refund for September, both on October's bill, are September's."""
    first, last = at("2026-09-01"), at("2026-10-01")
    late = [line(first, last, 12.0, "Usage"), line(first, last, -5.0, "Refund")]
    hour = line(at("2026-10-01"), at("2026-10-02"), 1.0, "Usage")
    assert float(bill([*late, hour], window=Window.month(2026, 9)).control.billed) == 7.0
    assert float(bill([*late, hour]).control.billed) == 1.0


def test_invoices_are_of_billing_months_whatever_the_time(
    bill: Callable[..., Bill], form: str
) -> None:
    """74 of October and 12 of 30 September on October's invoice, -30 for October on November's."""
    october, november = at("2026-10-01"), at("2026-11-01")
    lines = [
        line(at("2026-10-05"), at("2026-10-06"), 74.0, "Usage"),
        line(at("2026-09-30"), october, 12.0, "Usage"),
        line(
            october,
            november,
            -30.0,
            "Refund",
            bill_billing_period_start_date=november,
            bill_invoice_id="INV-2",
        ),
    ]
    found = bill(lines, form=form).control
    assert [(one.month, one.invoice, one.amount, one.inside) for one in found.invoices] == [
        ("2026-10", "INV-1", 86, 74),
        ("2026-11", "INV-2", -30, -30),
    ]
    assert sum(one.inside for one in found.invoices) == found.billed
