"""The bill counted straight from its rows, before any rule is applied."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from burn.api import Window
from burn.api.bills.checks import border
from burn.api.bills.queries.sql import MONEY, literal, quoted
from burn_azure.bill.lines.facts import billing_month, charge, fate, month_at, period
from burn_azure.bill.lines.table import Table
from burn_azure.bill.summed import TIMES, over, raw, typed
from burn_azure.scope import AzureScope

MEASURED = ("Usage", "UnusedReservation", "UnusedSavingsPlan", "UnusedBenefit")
"""Charge types of usage, and of what a commitment left unused of an hour."""


def control_query(table: Table, scope: AzureScope, window: Window) -> str:
    """Per file, fate, currency, month, issuer, invoice and `border.key`: lines, with tags; cost.

    Lines are first summed by what their time, subscription and currency are written as. What is
    charged in the window and is for another time has the fate of that time; see `counted`.
    """
    facts = raw(
        table, (*TIMES, "status", "benefit_type", "account", "currency", "issuer", "invoice")
    )
    items = ", ".join(f"{sql} AS {quoted(fact)}" for fact, sql in facts.items())
    numbers = ", ".join(str(at + 1) for at in range(len(facts) + 1))
    cost = f"COALESCE({table.money('cost')}, CAST(0 AS {MONEY}))"
    sums = (
        f"SELECT {table.file} AS file, {items}, COUNT(*) AS lines, SUM({cost}) AS cost, "
        f"SUM(CASE WHEN {table.plain('tags')} NOT IN ('', '{{}}') THEN 1 ELSE 0 END) AS tagged "
        f"FROM {table.source.relation} GROUP BY {numbers}"
    )
    summed = over(table, f"({typed(table, sums, facts)}) AS summed", facts)
    start, end = period(summed)
    kind, at = charge(summed), "CAST(NULL AS TIMESTAMP)"
    if summed.format.family == "cost":
        at = summed.day("date")
    # A purchase can be charged in the window, and be for a time before or after it.
    bought = f"{kind} NOT IN ({', '.join(map(literal, MEASURED))})"
    near = bought if summed.has("service_start") and summed.has("service_end") else "FALSE"
    at_border = border.key(
        window,
        start=start,
        end=end,
        month=month_at(summed),
        near=near,
        others=[kind, summed.text("frequency"), at],
    )
    keys = {
        "file": "file",
        "fate": fate(summed, scope, window),
        "currency": summed.text("currency"),
        "month": f"STRFTIME({billing_month(summed)}, '%Y-%m')",
        "issuer": summed.text("issuer"),
        "invoice": summed.text("invoice"),
        "border": at_border,
    }
    named = ", ".join(f"{sql} AS {name}" for name, sql in keys.items())
    numbers = ", ".join(str(at + 1) for at in range(len(keys)))
    return (
        f"SELECT {named}, CAST(SUM(lines) AS BIGINT) AS lines, SUM(cost) AS amount, "
        "CAST(SUM(tagged) AS BIGINT) AS tagged "
        f"FROM {summed.source.relation} GROUP BY {numbers} ORDER BY 1, 2, 3, 4, 5, 6"
    )


def counted(rows: Iterable[Mapping[str, Any]], window: Window) -> list[dict[str, Any]]:
    """The rows of a `control_query` with `billed`, the window's part of the amount."""
    return border.with_parts(rows, window, _charge, {"billed": "amount"})


def _charge(others: Sequence[str]) -> border.Charge:
    kind, often, day = others
    return border.Charge(
        once=often in ("OneTime", "One-Time"), usage=kind in MEASURED, at=border.instant(day)
    )
