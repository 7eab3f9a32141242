"""What became of each file's lines, as the control query counts them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from burn.api import Accounted, FileCount, Window
from burn.api.bills.checks.census import census, table_census
from burn.api.bills.checks.settled import accounted
from burn.api.bills.queries import span
from burn_aws.bill.checks.months import Month
from burn_aws.bill.lines.layouts import recognise
from burn_aws.bill.lines.partitions import partition_predicate
from burn_aws.bill.lines.table import Table


def counts(table: Table, window: Window) -> tuple[FileCount, ...]:
    """The files, or the months of a table that are read, counted by themselves."""
    source = table.source
    if source.parts:
        return census(source)
    where = partition_predicate(table, span.months(window))
    name = source.relation.replace('"', "")
    raw = recognise(source.columns).raw
    return table_census(source.engine, source.relation, raw, name, where)


def fates(
    control: Iterable[dict[str, Any]],
    months: Iterable[Month],
    files: Iterable[FileCount],
    table: Table,
) -> tuple[Accounted, ...]:
    """The rows of a `control_query` by file, fate and currency.

    Args:
        control: of the query, with the window's parts.
        months: of the same, for which months are net.
        files: the counts, for what a warehouse's table is called.
        table: source, for the files' names.
    """
    net = {(month.month, month.currency) for month in months if month.is_net}
    names = table.source.files or {"": next((one.file for one in files), "")}
    return accounted(
        (
            row | {"billed": row["net_billed"]} if (row["month"], row["currency"]) in net else row
            for row in control
        ),
        names,
    )
