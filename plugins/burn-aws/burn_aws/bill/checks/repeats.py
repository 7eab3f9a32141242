"""What makes a line of a bill that line, see `burn.api.bills.checks.repeats`."""

from __future__ import annotations

from burn.api import Window
from burn.api.bills.checks.repeats import Facts, number, time
from burn.api.bills.queries.sql import is_text, quoted
from burn_aws.bill.lines.facts import readable
from burn_aws.bill.lines.table import Table
from burn_aws.scope import AwsScope

_TIMES = ("start", "end")
_COSTS = ("unblended", "billed", "effective", "ri_effective", "public", "list")
_AMOUNTS = (*_COSTS, "usage")
_FEW = ("start", "usage_type", "resource_id", "unblended", "billed", "usage")
# Without what a later delivery of the month may change: invoice, tags, net costs.
_LINE = (
    *_FEW,
    *("end", "account", "line_type", "category", "charge_class", "operation", "description"),
    *("product_code", "service", "region", "pricing", "status", "commitment", "sp_arn", "ri_arn"),
    *("split_parent", "resource_name", "frequency"),
)


def facts_of(table: Table, scope: AwsScope, window: Window) -> Facts:
    """A CUR's lines have ids of their own in one file; each delivery makes them anew."""
    costs = [fact for fact in _COSTS if table.has(fact)]
    spent = " OR ".join(f"{_raw(table, fact)} <> 0" for fact in costs)
    money = [f"NULLIF({table.money(fact)}, 0)" for fact in costs]
    return Facts(
        few=[_raw(table, fact) for fact in _FEW if table.has(fact)],
        line=[_raw(table, fact) for fact in _LINE if table.has(fact)],
        day=quoted(table.format.columns["start"]),
        amount=f"COALESCE({', '.join(money)}, 0)",
        where=f"{readable(table, scope, window)} AND ({spent})",
        **({"line_id": _line_id(table)} if table.has("line_id") else {}),
    )


def _line_id(table: Table) -> str:
    both = [table.text(fact) for fact in ("line_id", "interval") if table.has(fact)]
    written = both[0] if len(both) == 1 else f"CONCAT({', '.join(both)})"
    return f"CASE WHEN {table.text('line_id')} <> '' THEN {written} END"


def _raw(table: Table, fact: str) -> str:
    column = table.format.columns[fact]
    value, text = quoted(column), is_text(table.source.columns[column])
    if fact in _AMOUNTS:
        return number(value, text=text)
    return time(value, text=text) if fact in _TIMES else value
