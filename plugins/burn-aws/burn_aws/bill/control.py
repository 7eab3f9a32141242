"""The bill counted straight from its rows, by file, fate and month, before any rule is applied."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see typed.py)
from __future__ import annotations

from burn.api import Window
from burn.api.bills import span, terms
from burn.api.bills.sql import MONEY, literal
from burn_aws.bill.facts import billing_month, charged_at, fate
from burn_aws.bill.gaps import counters
from burn_aws.bill.partitions import partition_predicate
from burn_aws.bill.rules import DISCOUNTS, USAGE
from burn_aws.bill.typed import Table
from burn_aws.scope import AwsScope


def control_query(table: Table, scope: AwsScope, window: Window) -> str:
    """Per file, fate, billing month, currency, line type and invoice: counts and sums of all lines.

    Columns: file, fate (see `facts.fate`), month, currency, line_type, invoice, issuer, lines;
    amount (unblended or billed cost, whole), net_amount; billed, net_billed (unblended and net unblended
    cost, or billed cost; prorated); net_lines (with a net cost), crossing (over the window's
    border), open_lines (usage with a cost and no invoice), without_effective (covered by a
    commitment, no amortised cost), without_list (usage with a cost and no public price),
    without_net (a cost and no net cost), and the counts of `gaps.counters`.
    """
    facts = {
        "file": table.file,
        "fate": fate(table, scope, window),
        "month": billing_month(table),
        "month_at": table.at("month"),
        "currency": table.text("currency"),
        "start_at": table.at("start"),
        "end_at": table.at("end"),
        **(_cur(table) if table.format.family == "cur" else _focus(table)),
        **counters(table),
    }
    blank = "invoice = ''" if table.has("invoice") else "FALSE"
    items = ", ".join(f"{sql} AS {name}" for name, sql in facts.items())
    where = partition_predicate(table, span.months(window))
    termed = (
        f"SELECT *, {charged_at(table)} AS charged_at "
        f"FROM (SELECT {items} FROM {table.source.relation} WHERE {where}) AS facts"
    )
    cash = terms.shares(window)["cash"]
    timed = f"SELECT *, {span.share(window)} AS share, {cash} AS cash FROM ({termed}) AS termed"
    zero = f"CAST(0 AS {MONEY})"
    sums = {
        "lines": "COUNT(*)",
        "amount": f"COALESCE(SUM(u), {zero})",
        "net_amount": f"COALESCE(SUM(COALESCE(nu, u)), {zero})",
        "billed": f"COALESCE(SUM({span.within('u', crossing=True, share='cash')}), {zero})",
        "net_billed": f"COALESCE(SUM({span.within('COALESCE(nu, u)', crossing=True, share='cash')}), {zero})",
        "net_lines": "COUNT(nu)",
        "crossing": "COUNT(share)",
        "open_lines": _count(f"is_usage AND u <> 0 AND {blank}"),
        "without_effective": _count("lacks_effective"),
        "without_list": _count("is_usage AND (u <> 0 OR is_covered) AND COALESCE(p, 0) = 0"),
        "without_net": _count("nu IS NULL AND u <> 0"),
        **{name: _count(name) for name in counters(table)},
    }
    listed = ", ".join(f"{sql} AS {name}" for name, sql in sums.items())
    return (
        f"SELECT file, fate, month, currency, line_type, invoice, issuer, {listed} "
        f"FROM ({timed}) AS timed GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7"
    )


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
    return f"SUM(CASE WHEN {test} THEN 1 ELSE 0 END)"


def _cur(table: Table) -> dict[str, str]:
    kind = table.text("line_type")
    lacks = (
        f"({kind} = 'DiscountedUsage' AND {table.money('ri_effective')} IS NULL) OR "
        f"({kind} = 'SavingsPlanCoveredUsage' AND {table.money('sp_effective')} IS NULL)"
    )
    return {
        "line_type": kind,
        "commitment": f"COALESCE(NULLIF({table.text('sp_arn')}, ''), {table.text('ri_arn')})",
        "invoice": table.text("invoice"),
        "issuer": table.text("billing_entity"),
        "u": table.money("unblended"),
        "nu": table.money("net_unblended"),
        "p": table.money("public"),
        "is_usage": f"{kind} IN ({', '.join(map(literal, USAGE))})",
        "is_covered": f"{kind} = 'DiscountedUsage'",
        "lacks_effective": lacks,
    }


def _focus(table: Table) -> dict[str, str]:
    usage = f"{table.text('category')} = 'Usage'"
    return {
        "line_type": table.text("category"),
        "frequency": table.text("frequency"),
        "invoice": table.text("invoice"),
        "issuer": table.text("issuer"),
        "u": table.money("billed"),
        "nu": f"CAST(NULL AS {MONEY})",
        "p": table.money("list"),
        "is_usage": usage,
        "is_covered": f"COALESCE({table.money('effective')}, 0) <> 0",
        "lacks_effective": "FALSE",  # of any line, see `gaps`
    }
