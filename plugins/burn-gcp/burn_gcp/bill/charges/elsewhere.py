"""Commitments of the billing account that lie outside the projects in scope.

A fee is billed to one project (or to none), and covers usage of all of them. So where the scope
is narrowed, the fees outside it, and the covered usage outside it, are read as well: for the rate
of a covered unit, and for how much of a fee in scope other projects used. They are no bill rows,
and none of their money is in `billed`.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

from dataclasses import replace

from burn.api import Window
from burn.api.bills.queries import span
from burn_gcp.bill.checks.control import Counted
from burn_gcp.bill.lines.facts import CREDITS, credits_of, in_time, lines, of_projects
from burn_gcp.bill.lines.table import Table
from burn_gcp.bill.query import AMOUNTS
from burn_gcp.scope import GcpScope

KINDS = ("committed", "dollar", "offset")
"""Credits of commitments, see `facts.CREDITS`."""
FEES = "STARTS_WITH(LOWER(sku), 'commitment')"
NAMES = ("project", "region", "cost_type", "seller", "model", "dollar_name", "service")


def needed(scope: GcpScope, found: Counted) -> bool:
    """Whether lines outside the scope may belong to a commitment of the lines in it."""
    narrowed = bool(scope.projects or scope.ancestors)
    credited = {kind for name in KINDS for kind in CREDITS[name]} & set(found.types)
    fees = any(sku.lower().startswith("commitment") for _, sku in found.skus)
    return narrowed and bool(credited or fees)


def elsewhere_query(table: Table, scope: GcpScope, window: Window) -> str:
    """Fees and covered usage outside the scope, by day and SKU."""
    types = [kind for name in KINDS for kind in CREDITS[name]]
    outside = " AND ".join(f"({test})" for test in in_time(table, window))
    outside += f" AND NOT ({' AND '.join(f'({test})' for test in of_projects(table, scope))})"
    whole = replace(scope, projects=(), ancestors=(), labels=())
    credited = [f"credit_{name}" for name in credits_of(table, types)]
    tests = [FEES, *(f"{name} <> 0" for name in credited)]
    names = {
        "day": f"CAST(GREATEST(start_at, {span.instant(window.start)}) AS DATE)",
        **{name: name for name in (*NAMES, "sku", "unit")},
    }
    items = ", ".join(f"{sql} AS {name}" for name, sql in names.items())
    sums = ", ".join(
        f"SUM({span.within(name, crossing=True)}) AS {name}" for name in (*AMOUNTS, *credited)
    )
    inner = lines(table, whole, window, types, where=outside)
    return (
        f"SELECT {items}, {sums} FROM ({inner}) AS lines "
        f"WHERE cost_type = 'regular' AND ({' OR '.join(tests)}) "
        f"GROUP BY {', '.join(str(at + 1) for at in range(len(names)))}"
    )
