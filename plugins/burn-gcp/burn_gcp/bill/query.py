"""The queries that read a bill: lines → placed → summed by day, and the same counted plainly.

Written in DuckDB's dialect; `to_dialect` makes the same text BigQuery's. Rows outside the
cluster lose their resource in the engine, so that the result stays small however large the bill.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

from collections.abc import Sequence

from burn.api import Window
from burn.api.bills import span
from burn.api.bills.sql import literal
from burn_gcp.bill.facts import CREDITS, NAMESPACE, cost_type, gross, in_scope, lines
from burn_gcp.bill.typed import ZERO, Table
from burn_gcp.keys import resource_key_sql
from burn_gcp.scope import GcpScope

BY_ID = "resource name"
BY_DESCRIBED = "resource name: by the Compute API"
GKE = "//container.googleapis.com/"
BY_LABEL = "cluster tag: goog-k8s-cluster-name"
BY_OTHER = "cluster tag: stated label"
BY_STATEMENT = "rule: stated in cluster_resources"
NAMES = (
    *("day", "resource_key", "place_by", "service", "sku_id", "sku", "project", "region"),
    *("unit", "cost_type", "adjustment", "seller", "model", "subscription", "dollar_name"),
)
AMOUNTS = ("usage", "cost", "list_cost", "model_cost", *(f"credit_{c}" for c in CREDITS))
TIED = "CASE WHEN COALESCE(keys.target, '') <> '' THEN keys.target ELSE keyed.resource_key END"
ALL_AMOUNTS = (*AMOUNTS, "credit_other")


def summed_query(
    table: Table, scope: GcpScope, window: Window, keys: str, types: Sequence[str]
) -> str:
    """Amounts by day and by everything that decides what they are for.

    Args:
        table: source and format.
        scope: projects, and what makes a line the cluster's.
        window: charges that overlap it.
        keys: see `burn_gcp.bill.keyset`.
        types: credit types that occur.
    """
    key = resource_key_sql("global_name", "resource", "project", "place")
    named = {
        "day": f"CAST(GREATEST(start_at, {span.instant(window.start)}) AS DATE)",
        "resource_key": "CASE WHEN place_by <> '' THEN tied_key ELSE '' END",
    }
    items = ", ".join(f"{named.get(name, name)} AS {name}" for name in NAMES)
    sums = ", ".join(f"SUM({span.within(a, crossing=True)}) AS {a}" for a in ALL_AMOUNTS)
    group = ", ".join(str(at + 1) for at in range(len(NAMES)))
    return (
        f"WITH lines AS ({lines(table, scope, window, types)}), "
        f"keyed AS (SELECT *, {key} AS resource_key FROM lines), "
        f"placed AS (SELECT keyed.*, {_place(scope)} AS place_by, {TIED} AS tied_key, {span.share(window)} AS share "
        f"FROM keyed LEFT JOIN {keys} AS keys ON keyed.resource_key = keys.resource_key) "
        f"SELECT {items}, MAX(resource) AS resource_name, COUNT(*) AS x_lines, {sums} "
        f"FROM placed GROUP BY {group}"
    )


def control_query(table: Table, scope: GcpScope, window: Window) -> str:
    """Per invoice month, currency and type: lines, cost and credits as they stand."""
    facts = {
        "month": table.month(),
        "currency": table.text("currency"),
        "cost_type": cost_type(table),
        "start_at": table.at("start"),
        "end_at": table.at("end"),
        "total": f"(COALESCE({gross(table)}, {ZERO}) + {table.credit(())})",
    }
    if table.format.focus:
        facts["total"] = f"COALESCE({table.money('cost')}, {ZERO})"
    items = ", ".join(f"{sql} AS {name}" for name, sql in facts.items())
    inner = f"SELECT {items} FROM {table.source.relation} WHERE {in_scope(table, scope, window)}"
    timed = f"SELECT *, {span.share(window)} AS share FROM ({inner}) AS facts"
    return (
        "SELECT month, currency, cost_type, COUNT(*) AS lines, "
        f"SUM({span.within('total', crossing=True)}) AS billed, MAX(end_at) AS last "
        f"FROM ({timed}) AS timed GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )


def types_query(table: Table, scope: GcpScope, window: Window) -> str | None:
    """The credit types that occur in scope."""
    return table.credit_types(in_scope(table, scope, window))


def split_query(table: Table, scope: GcpScope, window: Window) -> str | None:
    """GKE cost allocation: the cluster's lines by namespace, net of credits; None: no labels.

    Cost allocation cuts a node's lines, it adds none: the sum is in the bill already.
    """
    if not table.has("labels") or not scope.cluster:
        return None
    inner = (
        f"SELECT {table.label(NAMESPACE)} AS namespace, {table.at('start')} AS start_at, "
        f"{table.at('end')} AS end_at, COALESCE({gross(table)}, {ZERO}) + {table.credit(())} AS cost, "
        f"{table.label('goog-k8s-cluster-name')} AS cluster "
        f"FROM {table.source.relation} WHERE {in_scope(table, scope, window)}"
    )
    mine = f"cluster = {literal(scope.cluster)} AND namespace <> ''"
    timed = f"SELECT *, {span.share(window)} AS share FROM ({inner}) AS facts WHERE {mine}"
    return (
        f"SELECT namespace, SUM({span.within('cost', crossing=True)}) AS cost "
        f"FROM ({timed}) AS timed GROUP BY 1 ORDER BY 1"
    )


def _place(scope: GcpScope) -> str:
    """By what a line is the cluster's: the surest tie first."""
    arms = [("keys.kind = 'asset'", BY_ID), ("keys.kind = 'described'", BY_DESCRIBED)]
    if scope.cluster:
        test = f"cluster = {literal(scope.cluster)}"
        if scope.location:
            test += f" AND cluster_place IN ('', {literal(scope.location)})"
        arms.append((test, BY_LABEL))
        place = f"/{scope.location}" if scope.location else ""
        arms.append(
            (
                f"STARTS_WITH(global_name, {literal(GKE)}) AND "
                f"ENDS_WITH(keyed.resource_key, {literal(f'{place}/cluster/{scope.cluster}')})",
                BY_ID,
            )
        )
    for at, pair in enumerate(scope.labels):
        arms.append((f"label_{at} = {literal(pair.partition('=')[2].strip())}", BY_OTHER))
    for text in (one.strip() for one in scope.resources if one.strip()):
        if text.endswith("*"):
            arms.append((f"STARTS_WITH(keyed.resource_key, {literal(text[:-1])})", BY_STATEMENT))
        else:
            arms.append((f"keyed.resource_key = {literal(text)}", BY_STATEMENT))
    whens = " ".join(f"WHEN {test} THEN {literal(name)}" for test, name in arms)
    return f"CASE {whens} ELSE '' END"
