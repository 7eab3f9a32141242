"""A fee finds the usage it pays, by Google's own names of a spend-based commitment."""

from __future__ import annotations

import pandas as pd
import pytest

from burn_gcp.bill.charges.commitments import fee_rates, pools, unpaid_notes

FEE = "Commitment - dollar based v1: "


def rows(*lines: dict[str, object]) -> pd.DataFrame:
    base = {
        "sku": "N2 Instance Core running in Iowa",
        "component": "n2 core",
        "region": "us-central1",
        "model": "Default",
        "dollar_name": "",
        "is_fee": False,
        "credit_committed": 0.0,
        "credit_dollar": 0.0,
    }
    return pools(pd.DataFrame([base | line for line in lines]))


def fee(name: str) -> dict[str, object]:
    return {"sku": FEE + name, "is_fee": True}


def test_the_flexible_commitment_has_three_names() -> None:
    """Sample queries for the new data model, and the cost table's consumption models."""
    found = rows(
        fee("GCE for 1 year"),
        fee("GCE for 3 years"),
        fee("Cloud SQL database in Iowa for 1 year"),
        {"dollar_name": "GCE Commitments", "credit_dollar": -1.0},
        {"model": "Compute Flexible CUD - 1 Year"},
        {"model": "Compute Flexible CUD - 3 Years"},
    )
    assert found["pool"].tolist()[:2] == ["spend/compute flexible"] * 2
    assert found["dollar_pool"][3] == "spend/compute flexible"
    assert found["model_pool"].tolist()[4:] == ["spend/compute flexible"] * 2
    assert found["pool"][2] != "spend/compute flexible"


def test_a_credit_of_no_fees_name_is_of_the_only_fee() -> None:
    credit = {"dollar_name": "Spend-based committed use discount", "credit_dollar": -1.0}
    assert rows(fee("GCE for 1 year"), credit)["dollar_pool"][1] == "spend/compute flexible"
    several = rows(fee("GCE for 1 year"), fee("Cloud SQL for 1 year"), credit)
    assert several["dollar_pool"][2] not in set(several["pool"])


def test_the_default_model_is_no_commitment() -> None:
    assert rows({"model": "Default"}, {"model": ""})["model_pool"].tolist() == ["", ""]


def test_what_was_unused_is_told_by_the_day() -> None:
    """10 core-hours a day at 1 each, of which 4 and then 10 were used."""
    found = fee_rates(used([("d1", 10.0), ("d2", 10.0)], {"d1": 4.0, "d2": 10.0}))
    assert found["rate"].tolist() == pytest.approx([1.0, 1.0])
    assert found["unused"].tolist() == pytest.approx([0.6, 0.0])


def test_a_fee_of_one_line_is_told_by_the_window() -> None:
    found = fee_rates(used([("d1", 20.0)], {"d1": 4.0, "d2": 10.0}))
    assert found["unused"].tolist() == pytest.approx([0.3, 0.3])


def test_usage_beyond_the_fees_there_are_is_said_and_not_taken_off_as_unused() -> None:
    """10 of 15 core-hours have their fee here. A third has none; nothing of the fee is idle."""
    found = fee_rates(used([("d1", 10.0)], {"d1": 15.0}))
    assert found["rate"].tolist() == pytest.approx([1.0])
    assert found["unused"].tolist() == [0.0]
    assert found["unmet"].tolist() == pytest.approx([1 / 3], abs=1e-5)
    (note,) = unpaid_notes(pd.DataFrame({"pool": ["p"], "list_cost": [10.0], "rate": [1.0]}), "USD")
    assert "lacks a part of the fees of commitments (p)" in note


def test_a_fee_that_counts_something_else_is_spread_over_what_it_covered() -> None:
    """A fee of 10 that says one unit, for 15 core-hours of 30 at list price: no rate of 10."""
    fee = used([("d1", 10.0)], {"d1": 15.0})
    found = fee_rates(fee.assign(usage=fee["usage"].where(~fee["is_fee"], 1.0)))
    assert found["rate"].tolist() == pytest.approx([10 / 15])
    assert (found["unused"].tolist(), found["unmet"].tolist()) == ([0.0], [0.0])


def test_on_the_day_of_the_move_the_older_fee_pays_the_older_credits() -> None:
    """Fee of 7.20 for 10 committed dollars, all used; the newer one of 4 is offset whole."""
    rows = pd.DataFrame(
        {
            "pool": "p",
            "day": "d1",
            "is_fee": [True, True, False],
            "cost": [7.2, 4.0, 0.0],
            "model_cost": [7.2, 4.0, 0.0],
            "usage": [10.0, 4.0, 24.0],
            "credit_offset": [0.0, -4.0, 0.0],
            "covered": [0.0, 0.0, 10.0],
            "listed": [0.0, 0.0, 10.0],
        }
    )
    found = fee_rates(rows)
    assert found["rate"].tolist() == pytest.approx([0.72])
    assert found["unused"].tolist() == pytest.approx([0.0])


def used(fees: list[tuple[str, float]], covered: dict[str, float]) -> pd.DataFrame:
    """Fees of a dollar a core-hour, and covered core-hours by day, of two dollars at list price."""
    made = [
        {"day": day, "is_fee": True, "cost": cost, "usage": cost, "covered": 0.0}
        for day, cost in fees
    ]
    made += [
        {"day": day, "is_fee": False, "cost": 0.0, "usage": hours, "covered": hours}
        for day, hours in covered.items()
    ]
    return pd.DataFrame(made).assign(
        pool="p",
        credit_offset=0.0,
        model_cost=lambda one: one["cost"],
        listed=lambda one: 2 * one["covered"],
    )
