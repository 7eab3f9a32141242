"""The bill counted straight from its rows, by file, fate and month, before any rule is applied."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from burn.api import Window
from burn.api.bills.checks import border
from burn.api.bills.queries import span
from burn.api.bills.queries.sql import MONEY, literal
from burn_aws.bill.charges.costs import DISCOUNTS, USAGE
from burn_aws.bill.charges.prepaid import is_fee
from burn_aws.bill.checks.gaps import counters
from burn_aws.bill.lines.facts import billing_month, fate, month_start, month_text
from burn_aws.bill.lines.partitions import partition_predicate
from burn_aws.bill.lines.table import Table
from burn_aws.scope import AwsScope

MEASURED = ("Usage", "DiscountedUsage", "SavingsPlanCoveredUsage")
"""Line types of a CUR that are usage."""


def control_query(table: Table, scope: AwsScope, window: Window) -> str:
    """Per file, fate, billing month, currency, line type and invoice: counts and sums of all lines.

    Columns: file, fate (see `facts.fate`), month, currency, line_type, invoice, issuer, lines;
    amount (unblended or billed cost, whole), net_amount; net_lines (with a net cost), crossing (over
    the window's border, which are grouped by `border.key` besides), open_lines (usage with a cost
    and no invoice), without_effective (covered by a commitment, no amortised cost), without_list
    (usage with a cost and no public price), block_fees (of Capacity Blocks), without_net (a cost and no net cost), and the counts of
    `gaps.counters`.
    """
    cur = table.format.family == "cur"
    facts = {
        "file": table.file,
        "fate": fate(table, scope, window),
        "month_at": month_start(table),
        "currency": table.text("currency"),
        **(_cur(table) if cur else _focus(table)),
        **counters(table),
        "border": border.key(
            window,
            start=table.at("start"),
            end=table.at("end"),
            month=table.at("month"),
            others=[
                table.text("line_type" if cur else "category"),
                _commitment(table) if cur else table.text("frequency"),
            ],
        ),
    }
    blank = "invoice = ''" if table.has("invoice") else "FALSE"
    items = ", ".join(f"{sql} AS {name}" for name, sql in facts.items())
    where = partition_predicate(table, span.months(window))
    zero = f"CAST(0 AS {MONEY})"
    sums = {
        "lines": "COUNT(*)",
        "amount": f"COALESCE(SUM(u), {zero})",
        "net_amount": f"COALESCE(SUM(COALESCE(nu, u)), {zero})",
        "net_lines": "COUNT(nu)",
        "crossing": "COUNT(border)",
        "open_lines": _count(f"is_usage AND u <> 0 AND {blank}"),
        "block_fees": _count("is_block_fee"),
        "without_effective": _count("lacks_effective"),
        "without_list": _count("is_usage AND (u <> 0 OR is_covered) AND COALESCE(p, 0) = 0"),
        "without_net": _count("nu IS NULL AND u <> 0"),
        **{name: _count(name) for name in counters(table)},
    }
    listed = ", ".join(f"{sql} AS {name}" for name, sql in sums.items())
    numbers = ", ".join(str(at + 1) for at in range(8))
    return (
        f"SELECT file, fate, {month_text(table, 'month_at')} AS month, currency, line_type, invoice, issuer, border, {listed} "
        f"FROM (SELECT {items} FROM {table.source.relation} WHERE {where}) AS facts "
        f"GROUP BY file, fate, month_at, currency, line_type, invoice, issuer, border ORDER BY {numbers}"
    )


def counted(
    rows: Iterable[Mapping[str, Any]], table: Table, window: Window
) -> list[dict[str, Any]]:
    """The rows of a `control_query` with `billed` and `net_billed`, the window's part of each amount."""
    parts = {"billed": "amount", "net_billed": "net_amount"}
    charge = _charge_of_cur if table.format.family == "cur" else _charge_of_focus
    return border.with_parts(rows, window, charge, parts)


def _charge_of_cur(others: Sequence[str]) -> border.Charge:
    kind, commitment = others
    bought = kind == "SavingsPlanUpfrontFee" or (kind == "Fee" and bool(commitment))
    return border.Charge(once=bought, usage=kind in MEASURED)


def _charge_of_focus(others: Sequence[str]) -> border.Charge:
    category, often = others
    return border.Charge(once=often == "One-Time", usage=category == "Usage")


def discounts_query(table: Table, window: Window) -> str | None:
    """Billing months with a discount on a line of its own; None: no net costs, no question.

    Over whole months and all accounts, so that every window of a month gets the same answer.
    """
    if not table.has("net_unblended"):
        return None
    wanted = f"{table.text('line_type')} IN ({', '.join(map(literal, DISCOUNTS))})"
    read = partition_predicate(table, span.months(window))
    return (
        f"SELECT {billing_month(table)} AS month, COUNT(*) AS lines "
        f"FROM {table.source.relation} WHERE {read} AND {wanted} GROUP BY 1 ORDER BY 1"
    )


def _count(test: str) -> str:
    return f"COUNT(CASE WHEN {test} THEN 1 END)"


def _cur(table: Table) -> dict[str, str]:
    kind = table.text("line_type")
    lacks = (
        f"({kind} = 'DiscountedUsage' AND {table.lacks('ri_effective')}) OR "
        f"({kind} = 'SavingsPlanCoveredUsage' AND {table.lacks('sp_effective')})"
    )
    return {
        "line_type": kind,
        "invoice": table.text("invoice"),
        "issuer": table.text("billing_entity"),
        "u": table.money("unblended"),
        "nu": table.money("net_unblended"),
        "p": table.money("public"),
        "is_usage": f"{kind} IN ({', '.join(map(literal, USAGE))})",
        "is_covered": f"{kind} = 'DiscountedUsage'",
        "lacks_effective": lacks,
        "is_block_fee": is_fee(table.text("usage_type")),
    }


def _commitment(table: Table) -> str:
    return f"COALESCE(NULLIF({table.text('sp_arn')}, ''), {table.text('ri_arn')})"


def _focus(table: Table) -> dict[str, str]:
    usage = f"{table.text('category')} = 'Usage'"
    return {
        "line_type": table.text("category"),
        "invoice": table.text("invoice"),
        "issuer": table.text("issuer"),
        "u": table.money("billed"),
        "nu": f"CAST(NULL AS {MONEY})",
        "p": table.money("list"),
        "is_usage": usage,
        "is_covered": f"COALESCE({table.money('effective')}, 0) <> 0",
        "is_block_fee": "FALSE",  # FOCUS amortises it
        "lacks_effective": "FALSE",  # of any line, see `gaps`
    }
