"""Which time a bill covers, and until when it is complete."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from burn.api import BillPeriod, DataError
from burn.api.bills.months import complete_until
from burn_azure.bill.lines.facts import charge
from burn_azure.bill.lines.table import Table
from burn_azure.scope import AzureScope

LATE = timedelta(days=2)
"""Azure adds usage to a day for up to two days; the newest days are not trusted yet."""


def bill_period(tables: Sequence[Table], scope: AzureScope) -> BillPeriod:
    """The covered time, from the usage lines; a month that reaches its own end is complete.

    Raises:
        DataError: there is no usage.
    """
    spans: list[tuple[datetime, datetime]] = []
    for table in tables:
        tests = [f"{charge(table)} = 'Usage'"]
        if scope.subscriptions:
            listed = ", ".join(f"'{name}'" for name in scope.subscriptions)
            tests.append(f"LOWER({table.text('account')}) IN ({listed})")
        (row,) = table.source.engine.query(
            f"SELECT MIN({table.day('date')}) AS first, MAX({table.day('date')}) AS last "
            f"FROM {table.source.relation} WHERE {' AND '.join(tests)}"
        ).to_pylist()
        if row["first"] is not None:
            spans.append((row["first"].replace(tzinfo=UTC), row["last"].replace(tzinfo=UTC)))
    if not spans:
        raise DataError(
            "the bill has no usage lines",
            hint="check provider.azure.bill and provider.azure.subscriptions",
        )
    first = max(start for start, _ in spans)
    last = min(end for _, end in spans).replace(hour=0, minute=0, second=0) + timedelta(days=1)
    start = first.replace(hour=0, minute=0, second=0)
    return BillPeriod(start=start, complete_until=complete_until(last, LATE, first))
