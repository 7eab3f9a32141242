"""Which partitions of a table a query reads."""

from __future__ import annotations

from collections.abc import Iterable

from burn.api.bills.queries.sql import literal, quoted
from burn_aws.bill.lines.table import Table


def partition_predicate(table: Table, wanted: Iterable[str]) -> str:
    """Reads only the partitions of these months; `TRUE` where the table has none.

    The legacy CUR's Athena table is partitioned by `year` and `month` (no leading zero), Data
    Exports by `billing_period` (`YYYY-MM`); partition columns are text.
    """
    names = {name.lower(): name for name in table.source.partitions}
    wanted = list(wanted)
    if "billing_period" in names:
        listed = ", ".join(literal(month) for month in wanted)
        return f"CAST({quoted(names['billing_period'])} AS VARCHAR) IN ({listed})"
    if {"year", "month"} <= names.keys():
        year, month = (f"CAST({quoted(names[part])} AS VARCHAR)" for part in ("year", "month"))
        pairs = [(m[:4], m[5:]) for m in wanted]
        return " OR ".join(
            f"({year} = '{y}' AND {month} IN ('{m}', '{int(m)}'))" for y, m in pairs
        ).join("()")
    return "TRUE"
