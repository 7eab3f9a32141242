"""The `lines` query: one row per bill line in scope, the same columns whatever the format."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from burn.api import Window
from burn.api.bills.queries import span, terms
from burn.api.bills.queries.sql import MONEY, NO_MONEY, is_text, literal, quoted
from burn_aws.bill.charges.costs import RULES, USAGE, case
from burn_aws.bill.charges.prepaid import Prepaid, is_fee, prepaid_sql, reservation_sql
from burn_aws.bill.lines.focus import focus_costs, focus_facts, focus_line_facts
from burn_aws.bill.lines.partitions import partition_predicate
from burn_aws.bill.lines.services import service_sql
from burn_aws.bill.lines.table import Table
from burn_aws.scope import AwsScope

SPOT = "{} LIKE '%SpotUsage%'"
OURS = "'', 'AWS', 'Amazon Web Services'"
"""FOCUS `ProviderName` of this cloud's lines; a CUR has no such column."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a bill holds, in the window: decides which parts of the query's text are needed.

    Attributes:
        net: billing months (`YYYY-MM`) whose lines are net of discounts.
        line_types: the line types that occur.
        crossing: whether a line crosses the window's border.
        currency: the bill's one currency.
        prepaid: instance hours that an upfront fee pays for, see `prepaid`.
    """

    net: frozenset[str] = frozenset()
    line_types: frozenset[str] = frozenset(RULES)
    crossing: bool = True
    currency: str = ""
    prepaid: tuple[Prepaid, ...] = ()


def readable(table: Table, scope: AwsScope, window: Window) -> str:
    """The predicate of every query: partitions, accounts, provider, and the window."""
    tests = [partition_predicate(table, span.months(window))]
    if scope.accounts:
        listed = ", ".join(literal(account) for account in scope.accounts)
        tests.append(f"{table.text('account')} IN ({listed})")
    if table.has("provider"):
        tests.append(f"{table.text('provider')} IN ({OURS})")
    tests.append(span.overlaps(window, table.at("start"), table.at("end")))
    return " AND ".join(f"({test})" for test in tests if test != "TRUE")


def in_scope(table: Table, scope: AwsScope, window: Window) -> str:
    """The same without the lines that split cost allocation data adds: see `split`."""
    tests = [readable(table, scope, window)]
    if table.has("operation"):
        tests.append(f"{table.text('operation')} NOT IN ('EKSPod-EC2', 'ECSTask-EC2')")
    if table.has("split_parent"):
        tests.append(f"{table.text('split_parent')} = ''")
    return " AND ".join(tests)


def fate(table: Table, scope: AwsScope, window: Window) -> str:
    """What becomes of a line, one of `schemas.FATES`; `window` is what `in_scope` lets through.

    Written out beside `in_scope`, not made of it: the counts by fate check what that leaves out.
    """
    cases = []
    if scope.accounts:
        listed = ", ".join(literal(account) for account in scope.accounts)
        cases.append(f"WHEN {table.text('account')} NOT IN ({listed}) THEN 'out of scope'")
    if table.has("provider"):
        cases.append(f"WHEN {table.text('provider')} NOT IN ({OURS}) THEN 'out of scope'")
    start, end = table.at("start"), table.at("end")
    first, last = span.instant(window.start), span.instant(window.end)
    cases.append(f"WHEN {start} >= {last} THEN 'other period'")
    cases.append(f"WHEN {start} < {first} AND {end} <= {first} THEN 'other period'")
    if table.has("operation"):
        cases.append(
            f"WHEN {table.text('operation')} IN ('EKSPod-EC2', 'ECSTask-EC2') THEN 'detail'"
        )
    if table.has("split_parent"):
        cases.append(f"WHEN {table.text('split_parent')} <> '' THEN 'detail'")
    return f"CASE {' '.join(cases)} ELSE 'window' END"


def lines(
    table: Table, scope: AwsScope, window: Window, shape: Shape, tags: Mapping[str, str]
) -> str:
    """SELECT over the relation: names, times and the five costs of every line in scope.

    Args:
        table: source and format.
        scope: accounts.
        window: see `span.overlaps`.
        shape: what the control query found, so that the text holds no rule nobody needs.
        tags: further select items, alias → SQL.
    """
    cur = table.format.family == "cur"
    names = {
        "start_at": table.at("start"),
        "end_at": table.at("end"),
        "account": table.text("account"),
        "region": table.first("region", "region_old"),
        "service": table.first("service", "product_code"),
        "resource_id": table.text("resource_id"),
        **({"month_at": table.at("month")} if shape.crossing else {}),
        **(_cur(table, shape) if cur else focus_facts(table)),
        **tags,
    }
    items = ", ".join(f"{sql} AS {name}" for name, sql in names.items())
    inner = f"SELECT {items} FROM {table.source.relation} WHERE {in_scope(table, scope, window)}"
    costs = _cur_costs(shape) if cur else focus_costs()
    if shape.crossing:
        costs["charged_at"] = charged_at(table)
    keep = ", ".join(f"{sql} AS {name}" for name, sql in costs.items())
    return f"SELECT *, {keep} FROM ({inner}) AS facts"


def line_facts(family: str, line_types: frozenset[str]) -> dict[str, str]:
    """Charge and pricing category (FOCUS values), over line_type, commitment and usage_type."""
    if family == "focus":
        return focus_line_facts()
    pricing = case("pricing", line_types).replace(
        "WHEN spot ", f"WHEN {SPOT.format('usage_type')} "
    )
    return {"category": case("category", line_types), "pricing": pricing}


def charged_at(table: Table) -> str:
    """When money with a term is charged, see `terms.charged`; over month_at and line_type."""
    if table.format.family == "focus":
        return terms.charged(
            "month_at", once="frequency = 'One-Time'", usage="line_type LIKE 'Usage%'"
        )
    once = "line_type = 'SavingsPlanUpfrontFee' OR (line_type = 'Fee' AND commitment <> '')"
    usage = f"line_type IN ({', '.join(map(literal, USAGE))})"
    return terms.charged("month_at", once=once, usage=usage)


def service(table: Table) -> str:
    """What a person calls a line's service, as in the `bill` frame."""
    return service_sql(table.first("service", "product_code"))


def billing_month(table: Table) -> str:
    """The billing month as `YYYY-MM`."""
    return month_text(table, month_start(table))


def month_start(table: Table) -> str:
    """The billing month to group by: an instant, where the bill has one; see `month_text`."""
    column = table.format.columns["month"]
    if _month_is_text(table):
        return f"SUBSTR({quoted(column)}, 1, 7)"
    return f"DATE_TRUNC('month', CAST({quoted(column)} AS TIMESTAMP))"


def month_text(table: Table, month: str) -> str:
    """A `month_start` as `YYYY-MM`; written once a group, since text of each line is slow."""
    return month if _month_is_text(table) else f"STRFTIME({month}, '%Y-%m')"


def _month_is_text(table: Table) -> bool:
    return is_text(table.source.columns[table.format.columns["month"]])


def _month_in(table: Table, months: Iterable[str]) -> str:
    """Whether a line is of one of these months."""
    listed = [literal(month) for month in sorted(months)]
    if not _month_is_text(table):
        listed = [f"CAST({literal(f'{month}-01')} AS TIMESTAMP)" for month in sorted(months)]
    return f"{month_start(table)} IN ({', '.join(listed)})"


def _cur(table: Table, shape: Shape) -> dict[str, str]:
    usage_type, net = table.text("usage_type"), shape.net
    has_net = table.has("net_unblended")
    is_net = _month_in(table, net) if has_net and net else "FALSE"
    basis = f"CASE WHEN {is_net} THEN COALESCE({table.money('net_unblended')}, {table.money('unblended')}) ELSE {table.money('unblended')} END"
    discounted = f"CASE WHEN {table.money('net_unblended')} IS NULL THEN {table.money('unblended')} ELSE CAST(0 AS {MONEY}) END"
    unused = f"({table.money('sp_total')} - {table.money('sp_used')})"
    return {
        "line_type": table.text("line_type"),
        "product_code": table.text("product_code"),
        "usage_type": usage_type,
        "operation": table.text("operation"),
        "billing_entity": table.text("billing_entity"),
        "commitment": f"COALESCE(NULLIF({table.text('sp_arn')}, ''), NULLIF({table.text('ri_arn')}, ''), {reservation_sql(table, shape.prepaid)}, '')",
        "usage": table.money("usage"),
        "prepaid": prepaid_sql(table, shape.prepaid),
        "u": table.money("unblended"),
        "nu": table.money("net_unblended") if has_net else NO_MONEY,
        "p": f"NULLIF({table.money('public')}, 0)",
        "spe": table.money("sp_effective"),
        "rie": table.money("ri_effective"),
        "net_spe": f"COALESCE({table.money('sp_net_effective')}, {table.money('sp_effective')})",
        "net_rie": f"COALESCE({table.money('ri_net_effective')}, {table.money('ri_effective')})",
        "sp_unused": _net_of_plan(table, unused),
        "ri_unused": _sum_net(table),
        "spot": SPOT.format(usage_type),
        "basis": basis if has_net and net else table.money("unblended"),
        "discounted": discounted if has_net else table.money("unblended"),
    }


def _sum_net(table: Table) -> str:
    parts = [
        f"COALESCE({table.money(f'ri_net_unused_{part}')}, {table.money(f'ri_unused_{part}')}, "
        f"CAST(0 AS {MONEY}))"
        for part in ("upfront", "recurring")
    ]
    return " + ".join(parts).join("()")


def _net_of_plan(table: Table, unused: str) -> str:
    """Unused commitment; under a discount scaled by the plan's own net ÷ gross of the hour."""
    if not table.has("sp_net_recurring") and not table.has("sp_net_upfront"):
        return unused

    def both(prefix: str) -> str:
        zero = f"CAST(0 AS {MONEY})"
        return (
            f"CAST(COALESCE({table.money(prefix + 'recurring')}, {zero}) + "
            f"COALESCE({table.money(prefix + 'upfront')}, {zero}) AS DOUBLE)"
        )

    known = (
        f"COALESCE({table.money('sp_net_recurring')}, {table.money('sp_net_upfront')}) IS NOT NULL"
    )
    ratio = f"{both('sp_net_')} / NULLIF({both('sp_')}, 0)"
    scaled = f"CAST(CAST({unused} AS DOUBLE) * {ratio} AS {MONEY})"
    return f"CASE WHEN {known} THEN COALESCE({scaled}, {unused}) ELSE {unused} END"


def _cur_costs(shape: Shape) -> dict[str, str]:
    line_types, zero = shape.line_types, f"CAST(0 AS {MONEY})"
    costs = {
        f"{f}_cost": f"COALESCE({case(f, line_types)}, {zero})"
        for f in ("list", "public", "contracted", "effective", "billed")
    }
    if shape.prepaid:
        # A fee that no hour used has no other price; hours have, and their system's fee besides.
        fee = is_fee("usage_type")
        own = dict.fromkeys(
            costs, "CASE WHEN " + fee + f" THEN {zero} ELSE COALESCE(u, {zero}) END"
        )
        first = {f: f"prepaid + {own[f]}" for f in costs if f != "billed_cost"}
        first["list_cost"] = f"CASE WHEN {fee} THEN prepaid ELSE COALESCE(p, prepaid + u) END"
        for f, sql in first.items():
            costs[f] = f"CASE WHEN prepaid IS NOT NULL THEN {sql} ELSE {costs[f]} END"
    return {
        **costs,
        "category": case("category", line_types),
        "pricing": case("pricing", line_types),
    }
