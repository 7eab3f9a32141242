"""What a commitment left unused goes to whom it served that day; figures a person can check."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from burn.ledger.landing import land
from burn.ledger.unused import by_row, share_by_day
from tests.unit.ledger.frames import DAY, bill, identities

PLAN = {"commitment_discount_id": "sp-1", "pricing_category": "Committed"}


def day(number: int) -> pd.Timestamp:
    return DAY + pd.Timedelta(days=number)


def used(at: int, cluster: float, others: float) -> list[dict[str, Any]]:
    mine = {"in_cluster": True, "match_method": "cluster tag", "x_public_cost": cluster}
    return [{**PLAN, **mine, "day": day(at)}, {**PLAN, "x_public_cost": others, "day": day(at)}]


def unused(at: int, cost: float, hours: float | None = None) -> dict[str, Any]:
    fee = {"x_cost_class": "unused_commitment", "effective_cost": cost, "x_hours": hours}
    return {**PLAN, **fee, "pricing_category": "", "day": day(at)}


def inside(*rows: dict[str, Any]) -> list[float]:
    landed = land(bill(*rows), identities(a="i-a"))
    return by_row(landed, share_by_day(landed))["inside"].tolist()


def test_each_day_has_its_own_share() -> None:
    rows = [*used(0, 3, 1), *used(1, 1, 3), unused(0, 8), unused(1, 8)]
    assert inside(*rows) == [6, 2]


def test_a_day_without_usage_takes_the_windows_share() -> None:
    rows = [*used(0, 3, 1), *used(1, 1, 3), unused(0, 8), unused(2, 8)]
    assert inside(*rows) == [6, 4]


def test_what_served_nobody_in_the_window_stays_outside() -> None:
    assert inside(*used(0, 0, 0), unused(0, 8)) == [0]


def test_a_months_fee_lies_on_all_its_days() -> None:
    """Two and a half days: 10 of 25 each on the first two, 5 on the half one."""
    rows = [*used(0, 1, 0), *used(1, 1, 1), *used(2, 0, 1), unused(0, 25, 60)]
    assert inside(*rows) == pytest.approx([10 + 5 + 0])
    days = share_by_day(land(bill(*rows), identities(a="i-a")))
    assert days["inside"].tolist() == pytest.approx([10, 5, 0])
    assert days["outside"].tolist() == pytest.approx([0, 5, 5])
    assert days["day"].tolist() == [day(0), day(1), day(2)]


@pytest.mark.slow
@settings(max_examples=25)
@given(
    usage=st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=2, max_size=8),
    cut=st.integers(1, 7),
    fee=st.booleans(),
)
def test_two_windows_are_the_whole(usage: list[tuple[int, int]], cut: int, *, fee: bool) -> None:
    """A commitment that was used every day: by the hour, or as one fee prorated by time."""
    cut = min(cut, len(usage) - 1)

    def window(first: int, last: int) -> float:
        rows = [row for at in range(first, last) for row in used(at, *usage[at])]
        days = last - first
        lost = [unused(first, 2.5 * days, 24 * days)]
        return sum(inside(*rows, *(lost if fee else [unused(i, 2.5) for i in range(first, last)])))

    whole = window(0, len(usage))
    assert window(0, cut) + window(cut, len(usage)) == pytest.approx(whole, abs=1e-9)


def test_the_windows_first_day_counts_with_the_hours_it_has() -> None:
    """From 03:00 to 03:00 two days later: 21, 24 and 3 of 48 hours; the cluster has the first day."""
    rows = [*used(0, 1, 0), *used(1, 0, 1), *used(2, 0, 1), unused(0, 48, 51)]
    landed = land(bill(*rows), identities(a="i-a"))
    start = DAY.to_pydatetime() + timedelta(hours=3)
    assert by_row(landed, share_by_day(landed, start))["inside"].tolist() == pytest.approx([21])
