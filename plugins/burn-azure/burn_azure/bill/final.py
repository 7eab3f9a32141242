"""Until when a bill can no longer change: by its invoices, else by when it was written.

A billing month is closed by the fifth day after its end (docs/reference/azure-bill.md). What counts
is the time that the export's own manifest states, never this machine's clock nor a file's time,
which a copy changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from burn.api import Window
from burn.api.bills.months import Month
from burn_azure.bill.lines.formats import Format

CLOSED = timedelta(days=5)


def final_until(
    format_: Format,
    window: Window,
    written: Sequence[Mapping[Month, datetime]],
    *,
    lines: int,
    open_lines: int,
) -> datetime | None:
    """The instant before which nothing changes any more; None for none.

    Args:
        format_: of the bill. Periods of pay-as-you-go subscriptions are no calendar months.
        window: the bill's.
        written: of each dataset, when the run of a month was asked for.
        lines: how many there are.
        open_lines: those without an invoice.
    """
    if not open_lines:
        return window.end
    if open_lines < lines or "pay-as-you-go" in format_.name:
        return None  # the others will be invoiced as well
    at = window.start
    while at < window.end:
        end = (at.replace(day=1, hour=0, minute=0, second=0) + timedelta(days=32)).replace(day=1)
        never = datetime.min.replace(tzinfo=UTC)
        if any(one.get((at.year, at.month), never) < end + CLOSED for one in written):
            break
        at = end
    return min(at, window.end) if at > window.start else None
