"""A fee finds the usage it pays, by Google's own names of a spend-based commitment."""

from __future__ import annotations

import pandas as pd
import pytest

from burn_gcp.bill.charges.commitments import fee_rates, pools

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


def used(fees: list[tuple[str, float]], covered: dict[str, float]) -> pd.DataFrame:
    """Fees of a dollar a core-hour, and covered core-hours by day."""
    made = [
        {"day": day, "is_fee": True, "cost": cost, "usage": cost, "covered": 0.0}
        for day, cost in fees
    ]
    made += [
        {"day": day, "is_fee": False, "cost": 0.0, "usage": hours, "covered": hours}
        for day, hours in covered.items()
    ]
    return pd.DataFrame(made).assign(pool="p", model_cost=lambda one: one["cost"])
