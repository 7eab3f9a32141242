"""An actual and an amortised export read together: they must hold the same usage."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from burn.api import DataError, Window
from burn.api.bills.queries.sql import MONEY
from burn_azure.bill.lines.facts import in_scope, names
from burn_azure.bill.lines.table import Table
from burn_azure.scope import AzureScope

CENT = 0.01
SHARE = 0.001
"""Of a day's usage: less than this, and less than a cent, is rounding."""


def same_usage(actual: Table, amortized: Table, scope: AzureScope, window: Window) -> list[str]:
    """Usage under no commitment is on both, day by day, at the same cost; a note where it is not.

    Args:
        actual: from `summed.summed`, with the cash.
        amortized: the same of the other export.
        scope: subscriptions.
        window: days that are compared.

    Raises:
        DataError: names the first day that has usage in one of them only: it would cost nothing,
            or twice.
    """
    days, others = (_usage_by_day(table, scope, window) for table in (actual, amortized))
    if odd := sorted(days.keys() ^ others.keys()):
        has, lacks = ("actual", "amortized") if odd[0] in days else ("amortized", "actual")
        raise DataError(
            f"the {has} cost export has usage of {odd[0]} and the {lacks} one has none"
            f" ({len(odd)} such days)",
            hint="wait until both are written, choose --window among the days both have, or"
            " point provider.azure.bill at one of them",
        )
    apart = [
        day
        for day, cost in sorted(days.items())
        if abs(cost - others[day]) > max(CENT, SHARE * max(abs(cost), abs(others[day])))
    ]
    if not apart:
        return []
    less, more = (sum(part[day] for day in apart) for part in (days, others))
    lacking, hurt = (
        ("actual", "BILLED, the invoice and amortisation are")
        if less < more
        else ("amortised", "the effective cost is")
    )
    many = "1 day" if len(apart) == 1 else f"{len(apart)} days"
    return [
        f"usage under no commitment costs {less:,.2f} in the actual export and"
        f" {more:,.2f} in the amortised one, on {many} from {apart[0]}: the"
        f" {lacking} export seems to lack lines, and {hurt} wrong by that; fetch its files again"
    ]


def _usage_by_day(table: Table, scope: AzureScope, window: Window) -> dict[str, float]:
    """Day → cost of the usage under no commitment; days of other usage have 0."""
    facts = names(table)
    found = table.source.engine.query(
        f"SELECT CAST(CAST({facts['start_at']} AS DATE) AS VARCHAR) AS day, "
        f"SUM(CASE WHEN {facts['model']} = 'Committed' THEN CAST(0 AS {MONEY}) ELSE c END) AS cost "
        f"FROM {table.source.relation} WHERE {in_scope(table, scope, window)} "
        f"AND {facts['charge']} = 'Usage' GROUP BY 1"
    )
    return {str(row["day"]): float(row["cost"] or 0) for row in found.to_pylist()}
