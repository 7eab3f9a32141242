"""Which time a bill covers, and until when it is complete."""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

from datetime import timedelta

from burn.api import BillPeriod, DataError
from burn.api.bills.engine.source import Source
from burn.api.bills.months import complete_until
from burn.api.bills.queries.sql import literal, quoted
from burn_gcp.bill.lines.facts import cost_type
from burn_gcp.bill.lines.table import Table
from burn_gcp.bill.read import instant
from burn_gcp.bill.summing import ask
from burn_gcp.scope import GcpScope

LATE = timedelta(days=1)
"""Usage is exported within about a day; the newest full day is not trusted yet."""

REACH = timedelta(days=400)
"""How far back the default window is looked for in BigQuery; a stated window may be older."""


def bill_period(source: Source, scope: GcpScope) -> BillPeriod:
    """From the first to the last usage; a month that reaches its own end is complete.

    Raises:
        DataError: there is no usage.
    """
    table = Table.of(source)
    start, end = table.at("start"), table.at("end")
    tests = [
        f"{cost_type(table)} = 'regular'",
        f"DATE_DIFF('second', {start}, {end}) <= 86400",
    ]
    tests += _recent(source)
    if scope.projects:
        tests.append(f"{table.text('account')} IN ({', '.join(map(literal, scope.projects))})")
    (row,) = ask(
        source,
        f"SELECT MIN({start}) AS first, MAX({end}) AS last FROM {source.relation} "
        f"WHERE {' AND '.join(tests)}",
    ).to_pylist()
    if row["first"] is None:
        raise DataError(
            "the bill has no hourly or daily usage lines",
            hint="check provider.gcp.projects and the table",
        )
    first, last = instant(row["first"]), instant(row["last"])
    start_at = first.replace(minute=0, second=0, microsecond=0)
    return BillPeriod(start=start_at, complete_until=complete_until(last, LATE, start_at))


def _recent(source: Source) -> list[str]:
    """Keeps BigQuery to the newest partitions; how new those are is on the table, not a clock."""
    tests = []
    for name in map(quoted, source.partitions):
        # Of _PARTITIONTIME no data is read, of export_time one column.
        sql = f"SELECT CAST(MAX({name}) AS TIMESTAMP) AS newest FROM {source.relation}"
        (row,) = ask(source, sql).to_pylist()
        if row["newest"] is not None:
            early = instant(row["newest"]) - REACH
            tests.append(f"{name} >= CAST('{early:%Y-%m-%d}' AS TIMESTAMPTZ)")
    return tests
