"""Which time a bill covers, and until when it is complete."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from burn.api import BillPeriod, DataError
from burn.api.bills.engine.dialect import to_dialect
from burn.api.bills.engine.source import Source
from burn.api.bills.months import Month, complete_until, following, start_of
from burn.api.bills.queries.sql import literal, quoted
from burn_aws.bill.charges.costs import USAGE
from burn_aws.bill.lines.facts import billing_month
from burn_aws.bill.lines.partitions import partition_predicate
from burn_aws.bill.lines.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from burn_aws.scope import AwsScope

LATE = timedelta(days=1)
"""AWS adds usage to an open month for about a day; the newest full day is not trusted yet."""


def partition_months(source: Source) -> list[Month]:
    """The months of a partitioned table, read from its partitions alone; empty without any."""
    names = {name.lower(): name for name in source.partitions}
    if "billing_period" in names:
        text = f"CAST({quoted(names['billing_period'])} AS VARCHAR)"
        month = f"SUBSTR({text}, 1, 7)"
    elif {"year", "month"} <= names.keys():
        year, number = (f"CAST({quoted(names[n])} AS VARCHAR)" for n in ("year", "month"))
        month = f"CONCAT({year}, '-', LPAD({number}, 2, '0'))"
    else:
        return []
    rows = _rows(source, f"SELECT DISTINCT {month} AS month FROM {source.relation}")
    return sorted(_month(row["month"]) for row in rows if str(row["month"])[:4].isdigit())


def bill_period(source: Source, scope: AwsScope, months: Sequence[Month]) -> BillPeriod:
    """The covered time, from the usage lines of the newest month (of all, if none is known).

    An open month is complete to the start of its newest day, less a day; a month that reaches its
    own end, or whose lines carry invoice ids, is complete.

    Args:
        source: holds at least the newest month.
        scope: accounts.
        months: all months that the bill is known to have.

    Raises:
        DataError: there is no usage.
    """
    table = Table.of(source)
    newest = [f"{year}-{number:02d}" for year, number in months[-1:]]
    tests = [partition_predicate(table, newest)] if newest else []
    if scope.accounts:
        listed = ", ".join(literal(account) for account in scope.accounts)
        tests.append(f"{table.text('account')} IN ({listed})")
    end = table.at("end")
    invoice = table.text("invoice") if table.has("invoice") else "''"
    usage = _is_usage(table)
    rows = _rows(
        source,
        f"SELECT {billing_month(table)} AS month, MAX({end}) AS last, "
        f"SUM(CASE WHEN {invoice} = '' THEN 1 ELSE 0 END) AS open_lines "
        f"FROM {source.relation} WHERE {' AND '.join([*tests, usage])} GROUP BY 1",
    )
    if not rows:
        raise DataError(
            "the bill has no hourly or daily usage lines",
            hint="the export needs hourly or daily granularity; check provider.aws.accounts",
        )
    by_month = {_month(row["month"]): row for row in rows}
    first, last = min(months or by_month), max(by_month)
    return BillPeriod(start=start_of(first), complete_until=_complete(last, by_month[last]))


def _complete(month: Month, row: dict[str, Any]) -> datetime:
    begin, end = start_of(month), start_of(following(month))
    newest = _instant(row["last"])
    if newest >= end or not int(row["open_lines"]):
        return end
    return complete_until(newest, LATE, begin)


def _is_usage(table: Table) -> str:
    kinds = ", ".join(map(literal, USAGE))
    kind = table.text("line_type" if table.format.family == "cur" else "category")
    short = f"DATE_DIFF('hour', {table.at('start')}, {table.at('end')}) <= 24"
    return f"{kind} IN ({kinds}) AND {short}"


def _month(text: Any) -> Month:
    return int(str(text)[:4]), int(str(text)[5:7])


def _instant(value: Any) -> datetime:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _rows(source: Source, sql: str) -> list[dict[str, Any]]:
    result = source.engine.query(to_dialect(sql, source.engine.dialect))
    return [dict(row) for row in result.to_pylist()]
