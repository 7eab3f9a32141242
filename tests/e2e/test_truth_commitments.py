"""What became of the commitments that a world has, against sums of the bill's own raw rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from burn.api import Report
from tests.e2e.lab_run import WRITERS, report
from tests.lab.ledger import charge
from tests.lab.sizing import SizedSource, world
from tests.lab.things import Reservation, SavingsPlan

PLAN = SavingsPlan(
    "arn:aws:savingsplans::123456789012:savingsplan/p",
    Decimal("0.4"),
    ends="2026-11-20T10:00:00.000Z",
)
# Two machines of it are reserved, and three are there: all of it is used.
SOON = Reservation(
    "arn:aws:ec2:us-east-1:123456789012:reserved-instances/soon",
    "m6i.2xlarge",
    2,
    Decimal("0.24"),
    ends="2027-02-01T00:00:00.000Z",
)
IDLE = Reservation(
    "arn:aws:ec2:us-east-1:123456789012:reserved-instances/idle",
    "r6i.xlarge",
    1,
    Decimal("0.1"),
)
WORLD = replace(world((PLAN,)), reservations=(SOON, IDLE))
RAW = """
    SELECT COALESCE(savings_plan_savings_plan_a_r_n, reservation_reservation_a_r_n) AS id,
        SUM(CASE line_item_line_item_type
            WHEN 'SavingsPlanCoveredUsage' THEN savings_plan_savings_plan_effective_cost
            WHEN 'DiscountedUsage' THEN reservation_effective_cost END::DECIMAL(38, 9)) AS used,
        SUM(CASE line_item_line_item_type
            WHEN 'SavingsPlanRecurringFee'
            THEN savings_plan_total_commitment_to_date - savings_plan_used_commitment
            WHEN 'RIFee' THEN reservation_unused_recurring_fee
            + reservation_unused_amortized_upfront_fee_for_billing_period
            END::DECIMAL(38, 9)) AS unused,
        SUM(CASE WHEN line_item_line_item_type IN ('SavingsPlanCoveredUsage', 'DiscountedUsage')
            THEN pricing_public_on_demand_cost::DECIMAL(38, 9) END) AS listed
    FROM read_parquet(?) WHERE id IS NOT NULL GROUP BY id
"""


@pytest.fixture(scope="module")
def bills(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    charged = charge(WORLD)
    return {name: write(charged, tmp_path_factory.mktemp(name)) for name, write in WRITERS.items()}


@pytest.fixture(scope="module")
def seen(bills: dict[str, Path]) -> Report:
    return report(WORLD, bills["cur2"], source=SizedSource(WORLD))


def test_use_is_the_raw_rows_to_the_cent(bills: dict[str, Path], seen: Report) -> None:
    raw = duckdb.execute(RAW, [f"{bills['cur2']}/**/*.parquet"]).fetchall()
    assert {name for name, *_ in raw} == {PLAN.arn, SOON.arn, IDLE.arn}
    assert seen.commitments is not None
    mine = seen.commitments.set_index("commitment_discount_id")
    for name, used, unused, listed in raw:
        row = mine.loc[name]
        assert row["used_cost"] == pytest.approx(float(used or 0), abs=0.005)
        assert row["unused_cost"] == pytest.approx(float(unused or 0), abs=0.005)
        # All of what they cover are the cluster's nodes.
        assert row["cluster_cost"] == pytest.approx(float(used or 0), abs=0.005)
        assert row["on_demand_cost"] == pytest.approx(float(listed or 0), abs=0.005)
    waste = seen.ledger[seen.ledger["driver"] == "unused_commitment"]["amount"].sum()
    # What covered nothing at all is nobody's in the ledger.
    used_by_us = mine.loc[[PLAN.arn, SOON.arn], "unused_cost"].sum()
    assert used_by_us == pytest.approx(waste, abs=0.005)


def test_terms_are_what_the_export_says(bills: dict[str, Path], seen: Report) -> None:
    """FOCUS says no term and no end: both are unknown there, and what was used is the same."""
    legacy = report(WORLD, bills["legacy"], source=SizedSource(WORLD))
    focus = report(WORLD, bills["focus"], source=SizedSource(WORLD))
    assert seen.commitments is not None
    assert legacy.commitments is not None
    assert focus.commitments is not None
    pd.testing.assert_frame_equal(legacy.commitments, seen.commitments)
    frame = seen.commitments.set_index("commitment_discount_id")
    # The next to end first, then what has no end, then what none covers.
    assert frame.index.tolist() == [PLAN.arn, SOON.arn, IDLE.arn, ""]
    assert frame["end"].tolist()[:2] == [
        datetime.fromisoformat(one.ends.replace(".000Z", "+00:00")) for one in (PLAN, SOON)
    ]
    assert frame["end"].isna().tolist() == [False, False, True, True]
    assert frame.loc[PLAN.arn, ["bound", "months", "upfront", "offering"]].tolist() == [
        "any",
        12.0,
        "none",
        "ComputeSavingsPlans",
    ]
    assert frame.loc[SOON.arn, ["bound", "family", "region", "months"]].tolist() == [
        "family",
        "m6i",
        "us-east-1",
        12.0,
    ]
    blind = focus.commitments
    assert blind[["months", "start", "end"]].isna().all(axis=None)
    assert set(blind["bound"]) == {""}
    money = ["used_cost", "unused_cost", "cluster_cost"]
    told = blind.set_index("commitment_discount_id").loc[frame.index, money]
    assert (abs(told - frame[money]) < 0.005).all(axis=None)


def test_an_end_within_sixty_days_is_told_with_the_money_at_stake(seen: Report) -> None:
    """The window ends on 19 October: the plan has 32 days, the reservation 105."""
    (found,) = [one for one in seen.findings if one.rule == "commitment-lapse"]
    assert found.subject == PLAN.arn
    # The third node, 0.384 an hour, is wholly under the plan at 0.72 of it.
    assert found.amount == pytest.approx(0.384 * 0.28 * 14 * 24)
    assert "ends on 2026-11-20, in 32 days" in found.evidence
    assert (found.saves, found.bill_saving) == ("none", False)


def test_a_view_and_its_document(seen: Report, burn_plan: Callable[..., str]) -> None:
    said = burn_plan(seen, commitments=True)
    assert max(map(len, said.splitlines())) <= 80
    assert "100% of what the cluster's nodes other than spot would cost on demand" in said
    # 0.4 an hour × 730, of which 0.384 × 0.72 are used.
    row = next(line.split() for line in said.splitlines() if line.startswith("p  "))
    assert row[1:] == ["69.1%", "292.00", f"{0.384 * 0.72 * 730:.2f}", "280.32", "2026-11-20"]
    assert "No commitment would pay" in said, "all nodes are covered"
    assert "not on the bill" in said
    rows = json.loads(burn_plan(seen, as_json=True))["commitments"]
    assert [row["end"] for row in rows] == [
        "2026-11-20T10:00:00+00:00",
        "2027-02-01T00:00:00+00:00",
        None,
        None,
    ]
