"""Until when a bill can no longer change: AWS fills in the invoice id when a month is final."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from burn.api import Window
from burn_aws.bill.checks.months import Month


def final_until(months: Iterable[Month], window: Window) -> datetime | None:
    """The end of the last month before which all have invoices, at most the window's; None for none.

    Args:
        months: of a bill that has invoice ids; none of one that has not.
        window: what is read.
    """
    until = None
    by_month = sorted(months, key=lambda month: month.month)
    for _, same in groupby(by_month, key=lambda month: month.month):
        group = list(same)
        if any(month.open_lines for month in group):
            break
        until = group[0].end
    return None if until is None or until <= window.start else min(until, window.end)


def note_on_open(months: Iterable[Month]) -> list[str]:
    """The months that are not final, in a sentence."""
    open_months = sorted({month.month for month in months if month.open_lines})
    if not open_months:
        return []
    return [f"the bill of {', '.join(open_months)} is still being written: no invoice yet"]
