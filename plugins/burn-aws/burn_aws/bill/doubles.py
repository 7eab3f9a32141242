"""Whether a month is in a warehouse's table twice, by a sample of its lines."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see typed.py)
from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from burn.api import DataError, Window
from burn.api.bills import span
from burn_aws.bill.facts import billing_month, in_scope
from burn_aws.bill.typed import Table
from burn_aws.scope import AwsScope

if TYPE_CHECKING:
    import pyarrow as pa

ENOUGH = 20
"""Fewer lines than this say nothing."""
SAME = 0.75
"""Distinct ÷ all lines below which a month is taken for read twice; real bills are near 1."""


def doubles_query(table: Table, scope: AwsScope, window: Window) -> str:
    """Per month, all and distinct lines of resources among those that start in one sample hour.

    Line ids are no help: AWS makes new ones for each version of a month (data dictionary,
    identity_line_item_id). Two lines that agree in time, resource, kind and cost are the same.
    """
    hours = [window.start, *_month_starts(window)]
    sampled = " OR ".join(f"{table.at('start')} = {span.instant(at)}" for at in hours)
    facts = ("resource_id", "usage_type", "operation", "account", "line_type", "category", "status")
    texts = [table.text(fact) for fact in facts if table.has(fact)]
    cost = table.money("unblended" if table.format.family == "cur" else "effective")
    amounts = [f"CAST({amount} AS VARCHAR)" for amount in (cost, table.money("usage"))]
    parts = ", '|', ".join([*texts, *(f"COALESCE({amount}, '')" for amount in amounts)])
    return (
        f"SELECT {billing_month(table)} AS month, COUNT(*) AS lines, "
        f"COUNT(DISTINCT CONCAT({parts}, '|', CAST({table.at('start')} AS VARCHAR))) AS kinds "
        f"FROM {table.source.relation} WHERE {in_scope(table, scope, window)} "
        f"AND ({sampled}) AND {table.text('resource_id')} <> '' GROUP BY 1 ORDER BY 1"
    )


def require_undoubled(result: pa.Table) -> None:
    """Stop when a month's sample holds most of its lines more than once.

    Raises:
        DataError: names the month.
    """
    for row in result.to_pylist():
        lines, kinds = int(row["lines"]), int(row["kinds"])
        if lines >= ENOUGH and kinds < SAME * lines:
            raise DataError(
                f"the bill of {row['month']} was read more than once: of {lines:,} lines of one"
                f" hour only {kinds:,} differ",
                hint="keep one version of the month in the folder or table; with the manifests"
                " in place burn reads only the current one",
            )


def _month_starts(window: Window) -> list[datetime]:
    days = [day.start for day in window.days()]
    return [day for day in days if day.day == 1 and day.hour == 0 and day != window.start]
