"""The bill lines behind a figure, for `burn explain`."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api import Window
from burn.api.bills.queries.sql import literal, quoted
from burn_azure.bill.lines.facts import SKU, lines
from burn_azure.bill.lines.table import Table
from burn_azure.scope import AzureScope

if TYPE_CHECKING:
    import pandas as pd

SHOWN = (
    *("date", "end", "account", "charge", "pricing", "service", "category", "subcategory", "meter"),
    *("resource_id", "quantity", "unit", "cost", "effective", "list", "effective_price"),
    *("unit_price", "payg_price", "reservation", "benefit", "currency", "invoice", "info"),
)


def bill_lines(
    table: Table,
    scope: AzureScope,
    window: Window,
    subjects: Sequence[str],
    skus: Sequence[str],
    limit: int,
) -> pd.DataFrame:
    """Raw lines that name one of the subjects, largest amount first; no subjects: of any.

    Args:
        table: one dataset of the bill.
        scope: subscriptions.
        window: lines that overlap it.
        subjects: resource keys, commitment ids or service names, as in the `bill` frame.
        skus: only lines of these products; none means any.
        limit: the most rows to return.
    """
    columns = list(dict.fromkeys(table.format.columns[f] for f in SHOWN if table.has(f)))
    wanted = ", ".join(literal(subject) for subject in dict.fromkeys(subjects))
    names = ("resource_key", "commitment", "service")
    test = " OR ".join(f"{name} IN ({wanted})" for name in names) if wanted else "TRUE"
    if skus:
        test = f"({test}) AND ({SKU}) IN ({', '.join(map(literal, dict.fromkeys(skus)))})"
    # The raw columns travel beside the facts, under names that no fact has.
    raw = [f"{quoted(column)} AS {quoted('raw ' + column)}" for column in columns]
    shown = [f"{quoted('raw ' + column)} AS {quoted(column)}" for column in columns]
    order = ", ".join(quoted("raw " + column) for column in columns)
    found: pd.DataFrame = table.source.engine.query(
        f"SELECT {', '.join(shown)} FROM ({lines(table, scope, window, raw)}) AS found "
        f"WHERE {test} ORDER BY GREATEST(ABS(c), ABS(e)) DESC, {order} LIMIT {int(limit)}"
    ).to_pandas()
    return found.rename(columns={name: table.source.own_name(name) for name in columns})
