"""When a month's charges are final, told from how far the export has come.

Google issues a month's invoice by the fifth business day of the next month, later where weekends
and bank holidays are in between (docs.cloud.google.com/billing/docs/how-to/read-invoice): the 10th
with one holiday. The 15th leaves a margin. The clock is the export's own: files that were written
before that day stay provisional for ever.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

from datetime import datetime, timedelta

from burn.api import Window
from burn_gcp.bill.lines.facts import loaded
from burn_gcp.bill.lines.table import Table

CLOSED = 15
"""Day of the following month from which on a month's invoice is out."""


def exported_query(table: Table, window: Window) -> str | None:
    """When the newest line that could be of the window was exported; None: the export has no such field."""
    if not table.has("exported"):
        return None
    tests = loaded(table, window) or ["1 = 1"]
    # All projects: how far the export has come does not hang on whose lines are read.
    return (
        f"SELECT {table.newest('exported')} AS newest FROM {table.source.relation} "
        f"WHERE {' AND '.join(f'({test})' for test in tests)}"
    )


def final_until(newest: datetime | None, window: Window) -> datetime | None:
    """The end of the last invoiced month, at most the window's; None when nothing in it is.

    Args:
        newest: when the export's newest line was written, in UTC.
        window: what is read.
    """
    if newest is None:
        return None
    month = newest.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    until = month if newest.day >= CLOSED else (month - timedelta(days=1)).replace(day=1)
    return None if until <= window.start else min(until, window.end)
