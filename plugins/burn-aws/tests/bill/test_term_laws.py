"""Random lines of many kinds and invoices: windows that meet add up, in every basis and the walk.

What is billed is worked out line by line in Python, with exact fractions, beside burn's SQL.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from burn.api import Bill, Window
from burn.ledger.invoice import invoice_walk

START, HOURS = datetime.fromisoformat("2026-09-20"), 24 * 50
MONTHS = {month: datetime(2026, month, 1) for month in (9, 10, 11)}  # noqa: DTZ001  as a bill has it
BASES = ("billed_cost", "effective_cost", "list_cost")
CENT = 0.005


def lines(dice: random.Random) -> list[dict[str, Any]]:
    """Usage, late usage, refunds for the month before, and fees with a term; sorted by nothing."""
    out = []
    for _ in range(40):
        start = START + timedelta(seconds=dice.randrange(HOURS * 3600))
        kind = dice.choice(["hour", "day", "late", "refund", "fee", "contract"])
        lasts = {"hour": 3600, "day": 86400, "late": 3600, "refund": 86400}
        end = start + timedelta(seconds=lasts.get(kind, 365 * 86400))
        month = min(start.month + (kind in ("late", "refund")), 11)
        out.append(
            {
                "kind": kind,
                "bill_billing_period_start_date": MONTHS[month],
                "bill_invoice_id": f"{dice.choice('AB')}-{month}",
                "bill_billing_entity": dice.choice(["AWS", "AWS Marketplace"]),
                "line_item_usage_start_date": start,
                "line_item_usage_end_date": end,
                "line_item_line_item_type": {
                    "refund": "Refund",
                    "fee": "SavingsPlanUpfrontFee",
                    "contract": "Fee",
                }.get(kind, "Usage"),
                "line_item_unblended_cost": dice.randrange(1, 10**6)
                / 100
                * (-1 if kind == "refund" else 1),
                "line_item_usage_type": "",
                "line_item_resource_id": "",
            }
        )
    return out


def billed(line: dict[str, Any], first: datetime, last: datetime) -> Fraction:
    """The part of a line in the window: a fee whole at its start, all else second by second."""
    start, end = line["line_item_usage_start_date"], line["line_item_usage_end_date"]
    cost = Fraction(str(line["line_item_unblended_cost"]))
    if line["kind"] in ("fee", "contract"):
        return cost if first <= start < last else Fraction(0)
    inside = min(end, last) - max(start, first)
    return cost * max(Fraction(int(inside.total_seconds())), 0) / int((end - start).total_seconds())


@pytest.mark.parametrize("seed", range(3))
def test_windows_that_meet_add_up_in_every_basis_and_in_the_walk(
    bill: Callable[..., Bill], seed: int
) -> None:
    dice = random.Random(seed)
    made = lines(dice)
    rows = [{name: value for name, value in line.items() if name != "kind"} for line in made]
    hours = sorted(dice.sample(range(24, HOURS - 24), 3))
    cuts = [START + timedelta(hours=hour) for hour in (0, *hours, HOURS)]
    windows = [Window(a.replace(tzinfo=UTC), b.replace(tzinfo=UTC)) for a, b in pairwise(cuts)]
    parts = [bill(rows, form="cur2", window=window) for window in windows]
    whole = bill(rows, form="cur2", window=Window(windows[0].start, windows[-1].end))
    for (first, last), part in zip(pairwise(cuts), parts, strict=True):
        by_hand = float(sum(billed(line, first, last) for line in made))
        assert float(part.control.billed) == pytest.approx(by_hand, abs=CENT)
    for basis in BASES:
        sums = sum(part.rows[basis].sum() for part in parts)
        assert sums == pytest.approx(whole.rows[basis].sum(), abs=CENT)
    for window, part in zip(windows, parts, strict=True):
        steps = invoice_walk(part.control.invoices, window)
        assert steps is not None
        ours = [
            one for one in made if f"{one['bill_billing_period_start_date']:%Y-%m}" in steps.months
        ]
        printed = sum(Fraction(str(one["line_item_unblended_cost"])) for one in ours)
        assert float(steps.total) == pytest.approx(float(printed), abs=CENT)
        reached = part.control.billed + steps.added - steps.elsewhere
        assert float(reached) == pytest.approx(float(steps.total), abs=CENT)
