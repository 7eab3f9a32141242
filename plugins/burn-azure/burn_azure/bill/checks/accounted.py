"""What became of each file's lines, as the control query counts them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from burn.api import Accounted, FileCount
from burn.api.bills.checks.census import census, table_census
from burn.api.bills.checks.settled import accounted
from burn_azure.bill.lines.layouts import recognise
from burn_azure.bill.lines.table import Table

API = "Cost Management API"
"""What a query's answer is called where files have a name."""


def counts(table: Table) -> tuple[FileCount, ...]:
    """The files, or the API's answer, counted by themselves."""
    source = table.source
    if source.parts:
        return census(source)
    raw = recognise(source.columns).raw
    return table_census(source.engine, source.relation, raw, API)


def fates(rows: Iterable[dict[str, Any]], table: Table, *, repeats: bool) -> tuple[Accounted, ...]:
    """The rows of a control query by file, fate and currency.

    Args:
        rows: of the query, with the window's parts.
        table: source, for the files' names.
        repeats: an amortised export beside an actual one: its lines are counted there.
    """
    detail = {"fate": "detail", "billed": 0}
    told = (row | detail if repeats and row["fate"] != "out of scope" else row for row in rows)
    return accounted(told, table.source.files or {"": API})
