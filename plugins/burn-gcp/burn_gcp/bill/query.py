"""The query that reads a bill: lines → summed by day and name → placed → summed by SKU.

Written in DuckDB's dialect; `to_dialect` makes the same text BigQuery's. Outside the cluster a
line loses its resource in the first sum and its SKU in the second, so that the result stays small
however large the bill.

    lines    one row a line: names, times, exact amounts              lines/facts.py, lines/table.py
    summed   by day and names; resources that may be the cluster's    match.may_be
    placed   their keys, and by what they are the cluster's           match.placed
    told     by day × resource × SKU; outside: day × service × kind   charges/alike.py

Names are keyed and placed after the first sum: a few thousand groups instead of every line.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

from collections.abc import Sequence

from burn.api import Window
from burn.api.bills.queries import span
from burn.api.bills.queries.sql import MONEY
from burn_gcp.bill.checks.control import Counted
from burn_gcp.bill.cluster.keyset import KeySet
from burn_gcp.bill.cluster.match import may_be, placed, tied
from burn_gcp.bill.lines.facts import CREDITS, credits_of, lines
from burn_gcp.bill.lines.table import Table
from burn_gcp.scope import GcpScope

RESOURCE = ("global_name", "resource", "place")
"""What makes a resource's key, besides the project."""
SHARED = ("project", "region", "cost_type", "seller", "model", "dollar_name", "service")
"""What every row keeps."""
NAMES = ("day", "resource_key", "place_by", *SHARED, "sku", "unit")
CREDIT_NAMES = tuple(f"credit_{name}" for name in (*CREDITS, "other"))
AMOUNTS = ("usage", "cost", "list_cost", "model_cost")
COVERED = ("credit_committed", "credit_dollar", "credit_offset")
"""Credits of commitments: rates are made of what has them, SKU by SKU, see `commitments.py`."""


def summed_query(
    table: Table, scope: GcpScope, window: Window, keys: KeySet, found: Counted
) -> str:
    """WITH …, summed: exact amounts by day and names, resources only where they may be needed.

    Args:
        table: source and format.
        scope: projects, and what makes a line the cluster's.
        window: charges that overlap it.
        keys: of the cluster's resources.
        found: which credit types occur, and whether lines cross the window's border.
    """
    given = f"keys AS ({keys.relation}), " if not keys.later else ""
    names = {
        "day": f"CAST(GREATEST(start_at, {span.instant(window.start)}) AS DATE)",
        "tied": "tied",
        **{name: f"CASE WHEN kept THEN {name} ELSE '' END" for name in RESOURCE},
        **{name: name for name in (*SHARED, "sku", "unit")},
    }
    items = ", ".join(f"{sql} AS {name}" for name, sql in names.items())
    sums = ", ".join(
        f"SUM({span.within(amount, crossing=found.crossing)}) AS {amount}"
        for amount in amounts(table, found.types)
    )
    tied_lines = f"SELECT *, {tied(scope)} AS tied FROM lines"
    kept = f"SELECT *, {may_be(scope, keys.known)} AS kept FROM ({tied_lines}) AS tied_lines"
    return (
        f"WITH {given}names AS ({keys.names}), "
        f"lines AS ({lines(table, scope, window, found.types)}), "
        f"summed AS (SELECT {items}, MAX(namespace) AS namespace, COUNT(*) AS x_lines, {sums} "
        f"FROM ({kept}) AS kept_lines GROUP BY {_numbers(len(names))})"
    )


def told_query(scope: GcpScope, kinds: str, amounts: Sequence[str]) -> str:
    """SELECT over `summed` and `keys`: the cluster's rows by resource and SKU, the others by kind.

    Args:
        scope: what makes a line the cluster's.
        kinds: SELECT of service, sku, stands, see `alike.py`; empty: every row keeps its SKU.
        amounts: those of `summed`.
    """
    inside = "place_by <> ''"
    own = [inside, "cost_type <> 'regular'", *(f"{c} <> 0" for c in COVERED if c in amounts)]
    names = {
        **{name: f"placed.{name}" for name in NAMES},
        "resource_key": f"CASE WHEN {inside} THEN tied_key ELSE '' END",
    }
    if kinds:
        kept = f"{' OR '.join(own)} OR placed.sku = kinds.stands"
        names["sku"] = f"CASE WHEN {kept} THEN placed.sku ELSE COALESCE(kinds.stands, '') END"
        names["unit"] = f"CASE WHEN {kept} THEN placed.unit ELSE '' END"
    items = ", ".join(f"{sql} AS {name}" for name, sql in names.items())
    sums = ", ".join(f"SUM(CAST({name} AS {MONEY})) AS {name}" for name in amounts)
    join = (
        f" LEFT JOIN ({kinds}) AS kinds ON placed.service = kinds.service AND placed.sku = kinds.sku"
        if kinds
        else ""
    )
    return (
        f"SELECT {items}, MAX(CASE WHEN {inside} THEN resource ELSE '' END) AS resource_name, "
        f"MAX(namespace) AS namespace, SUM(CAST(x_lines AS BIGINT)) AS x_lines, {sums} "
        f"FROM ({placed(scope)}) AS placed{join} GROUP BY {_numbers(len(names))}"
    )


def amounts(table: Table, types: Sequence[str]) -> tuple[str, ...]:
    """The amounts that can be other than zero."""
    return (*AMOUNTS, *(f"credit_{name}" for name in credits_of(table, types)))


def _numbers(count: int) -> str:
    return ", ".join(str(at + 1) for at in range(count))
