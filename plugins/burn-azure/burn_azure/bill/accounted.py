"""What became of each file's lines, as the control query counts them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from burn.api import Accounted, FileCount
from burn.api.bills.census import census, table_census
from burn_azure.bill.layouts import recognise
from burn_azure.bill.typed import Table

if TYPE_CHECKING:
    import pyarrow as pa

API = "Cost Management API"
"""What a query's answer is called where files have a name."""


def counts(table: Table) -> tuple[FileCount, ...]:
    """The files, or the API's answer, counted by themselves."""
    source = table.source
    if source.parts:
        return census(source)
    raw = recognise(source.columns).raw
    return table_census(source.engine, source.relation, raw, API)


def accounted(result: pa.Table, table: Table, *, repeats: bool) -> tuple[Accounted, ...]:
    """The rows of a `control_query` by file, fate and currency.

    Args:
        result: of the query.
        table: source, for the files' names.
        repeats: an amortised export beside an actual one: its lines are counted there.
    """
    names = table.source.files or {"": API}
    sums: dict[tuple[str, str, str], tuple[int, Decimal, Decimal]] = {}
    for row in result.to_pylist():
        fate = "detail" if repeats and row["fate"] != "out of scope" else str(row["fate"])
        key = (names[str(row["file"])], fate, str(row["currency"]))
        rows, amount, inside = sums.get(key, (0, Decimal(0), Decimal(0)))
        part = Decimal(str(row["billed"])) if fate == "window" else Decimal(0)
        sums[key] = (
            rows + int(row["lines"]),
            amount + Decimal(str(row["amount"])),
            inside + part,
        )
    return tuple(
        Accounted(file=file, fate=word, currency=money, rows=rows, amount=amount, inside=inside)
        for (file, word, money), (rows, amount, inside) in sorted(sums.items())
    )
