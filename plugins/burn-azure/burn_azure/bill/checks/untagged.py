"""Lines that lack the cluster's tag, of resources that have it on other lines."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from burn.api import Window
from burn.api.bills.checks.gaps import untagged
from burn_azure.bill.charges.costs import amounts
from burn_azure.bill.cluster.match import BY_TAG, CLUSTER_TAGS, placed
from burn_azure.bill.lines.facts import in_scope, keyed, resource
from burn_azure.bill.lines.table import Table
from burn_azure.scope import AzureScope


def half_tagged(
    table: Table, summed: Table, scope: AzureScope, window: Window, keys: str
) -> list[str]:
    """A note of such lines: they stay outside, though the resource is the cluster's.

    The lines are looked at once more, and only where a tag made some resource the cluster's.

    Args:
        table: all lines.
        summed: their first sum.
        scope: what makes a line the cluster's.
        window: lines that overlap it.
        keys: relation of resource keys.
    """
    engine = summed.source.engine
    mine = f"FROM {summed.source.relation} WHERE place = '{BY_TAG}' AND resource_key <> ''"
    if not table.has("tags") or not engine.query(f"SELECT 1 {mine} LIMIT 1").num_rows:
        return []
    facts = resource(table) | {"cost": amounts(table)["c"]}
    items = ", ".join(f"{sql} AS {name}" for name, sql in facts.items())
    lines = keyed(
        f"SELECT {items} FROM {table.source.relation} WHERE {in_scope(table, scope, window)}"
    )
    (found,) = engine.query(
        f"WITH lines AS ({lines}), placed AS ({placed(scope, keys)}) "
        "SELECT COUNT(*) AS x_lines, CAST(COALESCE(SUM(cost), 0) AS DOUBLE) AS cost FROM placed "
        f"WHERE place = '' AND cost <> 0 AND resource_key IN (SELECT resource_key {mine})"
    ).to_pylist()
    tags = [*(CLUSTER_TAGS if scope.cluster else ()), *scope.cluster_tags]
    column = table.source.own_name(table.format.columns["tags"])
    return untagged(int(found["x_lines"]), float(found["cost"]), tags[0], column)
