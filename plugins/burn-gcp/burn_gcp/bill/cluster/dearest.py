"""Resources in scope that lines of some kind are of, by what they cost: to be named in a note."""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

from collections.abc import Collection

from burn.api import Window
from burn_gcp.bill.cluster.match import KEY
from burn_gcp.bill.lines.facts import lines
from burn_gcp.bill.lines.table import Table
from burn_gcp.bill.summing import ask
from burn_gcp.scope import GcpScope

_NAMED = 5


def dearest(
    table: Table, scope: GcpScope, window: Window, test: str, *, besides: Collection[str]
) -> str:
    """The dearest resources with what they cost before credits; empty: there are none.

    Args:
        table: all lines.
        scope: projects.
        window: lines that overlap it.
        test: SQL over a line's facts, see `facts.lines`.
        besides: keys of resources that are not to be named.
    """
    found = ask(
        table.source,
        f"SELECT {KEY} AS named, SUM(cost) AS cost FROM ({lines(table, scope, window, ())}) AS lines "
        f"WHERE {test} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20",
    ).to_pylist()
    others = [row for row in found if row["named"] not in besides]
    return ", ".join(
        f"{row['named'] or 'without a resource'} ({float(row['cost']):,.2f})"
        for row in others[:_NAMED]
    )
