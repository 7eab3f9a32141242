"""Money with a term: which lines are no usage over time, and when they are charged.

Usage is cut by the window (`span.share`). A sign-up fee, an upfront fee, a yearly contract or a
one-time purchase is cash of one billing month: it is billed whole, in the window that holds the
instant of its charge, so that windows that meet add up. docs/reference/terms.md has the sources.
"""

from __future__ import annotations

from burn.api.bills.queries.span import instant, share
from burn.api.window import Window

LONGEST_MONTH = 31
"""Days: usage of a longer period was not measured in one month."""
GRACE = 1
"""Days: some clouds' months end at midnight of another time zone."""


def charged(
    month: str, *, once: str, usage: str, start: str = "start_at", end: str = "end_at"
) -> str:
    """When money with a term is charged, as SQL; NULL for usage over time.

    Money with a term is a line that is charged once, or whose period reaches beyond the month that
    bills it: a yearly contract, support from the 15th to the 15th. It is charged where its period
    begins; where that is before its billing month and the period reaches into it, in the month's
    first instant.

    Args:
        month: the first instant of the line's billing month; NULL where it is not known.
        once: whether the provider says that it is charged once.
        usage: whether it is usage.
        start: where its charge period begins.
        end: where it ends.
    """
    last = f"CAST(LAST_DAY(CAST({month} AS DATE)) AS TIMESTAMP)"
    beyond = f"DATE_DIFF('day', {last}, {end}) > {GRACE}"
    long = f"DATE_DIFF('day', {start}, {end}) > {LONGEST_MONTH}"
    at = f"CASE WHEN {month} > {start} AND {month} < {end} THEN {month} ELSE {start} END"
    return (
        f"CASE WHEN ({once}) AND NOT ({usage}) THEN {at} "
        f"WHEN {beyond} AND (NOT ({usage}) OR {long}) THEN {at} END"
    )


def shares(
    window: Window,
    month: str = "month_at",
    *,
    charged: str = "charged_at",
    start: str = "start_at",
    end: str = "end_at",
) -> dict[str, str]:
    """The parts of a line that are the window's, as select items; NULL: all of it.

    `cash` is the part of what is billed. `share` is the part of all else: by time, so that the
    cost of a term lies on the term. Of a term that ends later than the month after its billing
    month it is the part of the cash: the bills of later windows do not hold its line, and spread
    over its term it would be lost.

    Args:
        window: what is read.
        month: as for `charged`.
        charged: the instant of the charge.
        start: where the line's charge period begins.
        end: where it ends.
    """
    part = share(window, start, end)
    held = is_charged_in(window, charged)
    cash = f"CASE WHEN {charged} IS NULL THEN {part} WHEN {held} THEN NULL ELSE 0 END"
    near = f"{charged} IS NULL OR DATE_DIFF('month', {month}, {end} - INTERVAL '1' SECOND) <= 1"
    return {"share": f"CASE WHEN {near} THEN {part} ELSE {cash} END", "cash": cash}


def counted_from(window: Window, start: str = "start_at", charged: str = "charged_at") -> str:
    """The instant from which a line counts in the window: its charge, else where it begins."""
    first = instant(window.start)
    held = is_charged_in(window, charged)
    return f"CASE WHEN {held} THEN {charged} ELSE GREATEST({start}, {first}) END"


def is_charged_in(window: Window, charged: str = "charged_at") -> str:
    """Whether the window holds the instant of a charge."""
    first, last = instant(window.start), instant(window.end)
    return f"{charged} >= {first} AND {charged} < {last}"
