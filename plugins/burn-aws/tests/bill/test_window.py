"""Which lines a window holds, and that windows add up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from burn.api import Bill, DataError, Window

FIRST, NINTH = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 9, 5, tzinfo=UTC)
END = datetime(2026, 11, 1, tzinfo=UTC)


def line(start: datetime, end: datetime, cost: float, **more: Any) -> dict[str, Any]:
    return {
        "line_item_usage_start_date": start.replace(tzinfo=None),
        "line_item_usage_end_date": end.replace(tzinfo=None),
        "line_item_unblended_cost": cost,
        **more,
    }


def hours(at: datetime, count: float) -> datetime:
    return at + timedelta(hours=count)


def test_a_long_line_counts_by_its_time(bill: Callable[..., Bill], form: str) -> None:
    """A tax of 74.40 for the month of 744 h; 8 days and 5 h of it are 197 h: 19.70."""
    tax = line(FIRST, END, 74.4, line_item_line_item_type="Tax", line_item_resource_id="")
    part = bill([tax], form=form, window=Window(FIRST, NINTH))
    assert float(part.control.billed) == pytest.approx(19.7, abs=1e-9)
    assert part.rows["billed_cost"].tolist() == pytest.approx([19.7], abs=1e-9)
    rest = bill([tax], form=form, window=Window(NINTH, END))
    assert float(rest.control.billed) == pytest.approx(54.7, abs=1e-9)
    assert rest.rows["day"].tolist() == [datetime(2026, 10, 9, tzinfo=UTC)]


def test_hours_on_either_side_of_a_border(bill: Callable[..., Bill], form: str) -> None:
    lines = [line(hours(NINTH, -1), NINTH, 1.0), line(NINTH, hours(NINTH, 1), 2.0)]
    before = bill(lines, form=form, window=Window(FIRST, NINTH))
    after = bill(lines, form=form, window=Window(NINTH, END))
    assert (before.control.lines, float(before.control.billed)) == (1, 1.0)
    assert (after.control.lines, float(after.control.billed)) == (1, 2.0)


def test_an_instant_belongs_to_the_window_it_is_in(bill: Callable[..., Bill], form: str) -> None:
    fee = line(NINTH, NINTH, 12.0, line_item_line_item_type="Fee", line_item_resource_id="")
    assert float(bill([fee], form=form, window=Window(NINTH, END)).control.billed) == 12.0
    with pytest.raises(DataError, match="no line in 2026-10-01"):
        bill([fee], form=form, window=Window(FIRST, NINTH))


def test_two_halves_are_the_whole(bill: Callable[..., Bill]) -> None:
    lines = [
        line(hours(FIRST, n * 7), hours(FIRST, n * 7 + span), 0.0123 * (n + 1))
        for n in range(60)
        for span in (1, 24, 90)
    ]
    cuts = [FIRST, NINTH, hours(NINTH, 31), END + timedelta(days=5)]
    whole = bill(lines, window=Window(cuts[0], cuts[-1])).control.billed
    parts = [bill(lines, window=Window(a, b)).control.billed for a, b in pairwise(cuts)]
    assert abs(sum(parts, Decimal(0)) - whole) < Decimal("1e-9")


def test_final_until(bill: Callable[..., Bill], form: str) -> None:
    november = datetime.fromisoformat("2026-11-01")
    done = line(FIRST, hours(FIRST, 1), 1.0)
    running = line(
        END, hours(END, 1), 1.0, bill_invoice_id="", bill_billing_period_start_date=november
    )
    window = Window(FIRST, END + timedelta(days=3))
    found = bill([done, running], form=form, window=window)
    assert found.final_until == END
    assert any("2026-11 is still being written" in note for note in found.notes)
    assert bill([done], form=form).final_until == END
    assert bill([{**done, "bill_invoice_id": ""}], form=form).final_until is None


def test_every_window_of_a_month_has_the_same_invoice_rule(
    bill: Callable[..., Bill], form: str
) -> None:
    """Net costs beside a discount line on the 20th: the first days are billed unblended too."""
    at = FIRST + timedelta(days=19)
    usage = line(FIRST, hours(FIRST, 1), 1.0, line_item_net_unblended_cost=0.9)
    off = line(
        at,
        hours(at, 1),
        -0.1,
        line_item_line_item_type="EdpDiscount",
        line_item_resource_id="",
        line_item_net_unblended_cost=0.0,
    )
    start = bill([usage, off], form=form, window=Window(FIRST, NINTH))
    assert (float(start.control.billed), start.rows["effective_cost"].tolist()) == (1.0, [0.9])
    rest = bill([usage, off], form=form, window=Window(NINTH, END))
    assert (float(rest.control.billed), rest.rows["effective_cost"].tolist()) == (-0.1, [0.0])
