"""What makes a line of a bill that line, see `burn.api.bills.checks.repeats`."""

from __future__ import annotations

from burn.api import Window
from burn.api.bills.checks.repeats import Facts, number, time
from burn.api.bills.queries.sql import is_text
from burn_gcp.bill.lines.facts import in_scope
from burn_gcp.bill.lines.table import Table
from burn_gcp.scope import GcpScope

_FEW = ("start", "sku", "resource", "cost", "usage")
_LINE = (
    *_FEW,
    *("end", "account", "sku_id", "global", "zone", "labels", "credits"),
    *("month", "cost_type", "adjustment_text", "model"),
)
_ZEROS = {True: "('', '0', '0.0')", False: "(0)"}


def facts_of(table: Table, scope: GcpScope, window: Window) -> Facts:
    """The lines have no ids; parts of an hour's usage are exported at times of their own."""
    spent = f"{table.raw('cost')} NOT IN {_ZEROS[table.is_text]}"
    return Facts(
        few=[_raw(table, fact) for fact in _FEW if table.has(fact)],
        line=[_raw(table, fact) for fact in _LINE if table.has(fact)],
        day=table.raw("start"),
        amount=f"COALESCE(NULLIF({table.money('cost')}, 0), {table.credit(())})",
        where=f"{in_scope(table, scope, window)} AND ({spent} OR {table.has_items('credits')})",
        exported=f"CAST({table.raw('exported')} AS VARCHAR)" if table.has("exported") else "",
    )


def _raw(table: Table, fact: str) -> str:
    value = table.raw(fact)
    if fact in ("cost", "usage"):
        return number(value, text=table.is_text)
    if fact in ("start", "end"):
        return time(value, text=table.is_text)
    if fact in ("labels", "credits"):
        kind = table.paths[table.format.paths[fact]][1]
        if is_text(kind):
            return f"CASE WHEN {value} NOT IN ('', '[]', 'null') THEN {value} END"
        if table.source.engine.dialect != "duckdb":
            return f"CAST(TO_JSON({value}) AS VARCHAR)"
    return value
