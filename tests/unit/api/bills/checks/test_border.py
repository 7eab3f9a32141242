"""The window's part of a line, worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from burn.api import Window
from burn.api.bills.checks.border import PARTED, Charge, part_inside, with_parts

FEE, ONCE, USAGE = (
    Charge(once=False, usage=False),
    Charge(once=True, usage=False),
    Charge(once=False, usage=True),
)
TEN_DAYS = Window(datetime(2026, 10, 10, tzinfo=UTC), datetime(2026, 10, 20, tzinfo=UTC))
OCTOBER, NOVEMBER = Window.month(2026, 10), Window.month(2026, 11)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("charge", "start", "end", "month", "window", "right"),
    [
        (FEE, "2026-10-01", "2026-11-01", "2026-10-01", TEN_DAYS, Fraction(10, 31)),
        (USAGE, "2026-10-09T22:30", "2026-10-10T01:30", "2026-10-01", TEN_DAYS, Fraction(1, 2)),
        (ONCE, "2026-10-05", "2027-10-05", "2026-10-01", OCTOBER, 1),
        (ONCE, "2026-10-05", "2027-10-05", "2026-10-01", NOVEMBER, 0),
        (ONCE, "2026-10-05", "2026-10-06", "2026-10-01", TEN_DAYS, 0),
        # A year's support, billed in October and begun before.
        (FEE, "2026-09-15", "2027-09-15", "2026-10-01", OCTOBER, 1),
        (FEE, "2026-09-15", "2027-09-15", "2026-10-01", TEN_DAYS, 0),
        # A month that ends at another zone's midnight is no term; usage of 40 days is one.
        (FEE, "2026-10-01", "2026-11-01T08:00", "2026-10-01", NOVEMBER, Fraction(8, 31 * 24 + 8)),
        (USAGE, "2026-10-10", "2026-11-09", "2026-10-01", NOVEMBER, Fraction(8, 30)),
        (USAGE, "2026-10-10", "2026-11-19", "2026-10-01", NOVEMBER, 0),
    ],
)
def test_part(
    charge: Charge, start: str, end: str, month: str, window: Window, right: Fraction
) -> None:
    assert part_inside(window, charge, start=at(start), end=at(end), month=at(month)) == right


def test_what_is_charged_in_the_window_for_another_time_is_in_it() -> None:
    row = {
        "fate": "other period",
        "amount": "12.50",
        "border": PARTED.join(
            ["2026-12-01 00:00:00", "2027-12-01 00:00:00", "2026-10-01 00:00:00"]
        ),
    }
    bought = Charge(once=True, usage=False, at=at("2026-10-20"))
    for window, fate, billed in ((OCTOBER, "window", 12.5), (NOVEMBER, "other period", 0)):
        (found,) = with_parts([row], window, lambda _: bought, {"billed": "amount"})
        assert (found["fate"], float(found["billed"])) == (fate, billed)
