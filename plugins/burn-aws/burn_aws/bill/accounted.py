"""What became of each file's lines, as the control query counts them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from burn.api import Accounted, FileCount, Window
from burn.api.bills import span
from burn.api.bills.census import census, table_census
from burn_aws.bill.layouts import recognise
from burn_aws.bill.months import Month
from burn_aws.bill.partitions import partition_predicate
from burn_aws.bill.typed import Table

if TYPE_CHECKING:
    import pyarrow as pa


def counts(table: Table, window: Window) -> tuple[FileCount, ...]:
    """The files, or the months of a table that are read, counted by themselves."""
    source = table.source
    if source.parts:
        return census(source)
    where = partition_predicate(table, span.months(window))
    name = source.relation.replace('"', "")
    raw = recognise(source.columns).raw
    return table_census(source.engine, source.relation, raw, name, where)


def accounted(
    result: pa.Table, months: Iterable[Month], files: Iterable[FileCount], table: Table
) -> tuple[Accounted, ...]:
    """The rows of a `control_query` by file, fate and currency.

    Args:
        result: of the query.
        months: of the same, for which months are net.
        files: the counts, for what a warehouse's table is called.
        table: source, for the files' names.
    """
    net = {(month.month, month.currency) for month in months if month.is_net}
    names = table.source.files or {"": next((one.file for one in files), "")}
    sums: dict[tuple[str, str, str], tuple[int, Decimal, Decimal]] = {}
    for row in result.to_pylist():
        key = (names[str(row["file"])], str(row["fate"]), str(row["currency"]))
        rows, amount, inside = sums.get(key, (0, Decimal(0), Decimal(0)))
        is_net = (str(row["month"]), str(row["currency"])) in net
        part = Decimal(str(row["net_billed" if is_net else "billed"]))
        sums[key] = (
            rows + int(row["lines"]),
            amount + Decimal(str(row["amount"])),
            inside + (part if row["fate"] == "window" else 0),
        )
    return tuple(
        Accounted(file=file, fate=word, currency=money, rows=rows, amount=amount, inside=inside)
        for (file, word, money), (rows, amount, inside) in sorted(sums.items())
    )
