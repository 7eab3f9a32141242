"""What makes a line of a bill that line, see `burn.api.bills.checks.repeats`."""

from __future__ import annotations

from dataclasses import replace

from burn.api import Window
from burn.api.bills.checks.repeats import Facts, number
from burn.api.bills.queries import span
from burn.api.bills.queries.sql import is_text, quoted
from burn_azure.bill.lines.facts import of_account
from burn_azure.bill.lines.table import Table
from burn_azure.scope import AzureScope

_AMOUNTS = ("cost", "effective", "quantity", "effective_price", "unit_price")
_FEW = ("date", "meter", "resource_id", "cost", "quantity")
# Without what a later delivery of the month may change: invoice and tags.
_LINE = (
    *_FEW,
    *("end", "service_start", "service_end", "account", "resource_name", "region", "category"),
    *("subcategory", "consumed_service", "service", "product", "unit", "effective"),
    *("effective_price", "unit_price", "charge", "charge_class", "charge_kind", "pricing"),
    *("frequency", "reservation", "benefit", "status", "info"),
)


def facts_of(table: Table, scope: AzureScope, window: Window) -> Facts:
    """The lines have no ids: a resource's lines of a day and meter are told apart by their details."""
    costs = [fact for fact in ("cost", "effective") if table.has(fact)]
    spent = " OR ".join(f"{_raw(table, fact)} <> 0" for fact in costs)
    money = [f"NULLIF({table.money(fact)}, 0)" for fact in costs]
    days = replace(table.source, columns={"day": "varchar"})
    day = Table(days, replace(table.format, columns={"date": "day"})).day("date")
    return Facts(
        few=[_raw(table, fact) for fact in _FEW if table.has(fact)],
        line=[_raw(table, fact) for fact in _LINE if table.has(fact)],
        day=quoted(table.format.columns["date"]),
        amount=f"COALESCE({', '.join(money)}, 0)",
        where=f"({of_account(table, scope)}) AND ({spent})",
        counted=span.overlaps(window, day, f"{day} + INTERVAL 1 DAY"),
    )


def _raw(table: Table, fact: str) -> str:
    column = table.format.columns[fact]
    value = quoted(column)
    if fact in _AMOUNTS:
        return number(value, text=is_text(table.source.columns[column]))
    return value
