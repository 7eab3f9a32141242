"""The `lines` query: one row per bill line in scope, the same columns whatever the export."""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from burn.api import Window
from burn.api.bills import span
from burn.api.bills.sql import MONEY, literal, quoted
from burn_gcp.bill.typed import ZERO, Table
from burn_gcp.scope import GcpScope

CREDITS = {
    "sustained": ("SUSTAINED_USAGE_DISCOUNT",),
    "committed": ("COMMITTED_USAGE_DISCOUNT",),
    "dollar": ("COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE",),
    "offset": ("FEE_UTILIZATION_OFFSET",),
    "promotion": ("PROMOTION",),
    "free": ("FREE_TIER",),
    "off": ("DISCOUNT", "SPENDING_BASED_DISCOUNT", "RESELLER_MARGIN", "SUBSCRIPTION_BENEFIT"),
}
"""Our name of a credit's kind → Google's types; see docs/reference/gcp-bill.md."""
KNOWN = tuple(kind for kinds in CREDITS.values() for kind in kinds)
CLUSTER, LOCATION, NAMESPACE = (
    "goog-k8s-cluster-name",
    "goog-k8s-cluster-location",
    "k8s-namespace",
)
LATE = timedelta(days=62)
"""How long after usage its line may still be exported: the month, and a month of corrections."""


def in_scope(table: Table, scope: GcpScope, window: Window) -> str:
    """The predicate of every query: partitions, projects, and the window."""
    tests = [span.overlaps(window, table.at("start"), table.at("end")), *loaded(table, window)]
    if scope.projects:
        listed = ", ".join(map(literal, scope.projects))
        tests.append(f"{table.text('account')} IN ({listed})")
    if scope.ancestors:
        above = table.text("ancestry")
        found = [f"{above} LIKE {literal(f'%/{one}/%')}" for one in scope.ancestors]
        tests.append(" OR ".join(found))
    return " AND ".join(f"({test})" for test in tests)


def loaded(table: Table, window: Window) -> list[str]:
    """The predicates on partitions that may hold lines of the window; none without partitions."""
    early = window.start - timedelta(days=32)
    return [
        f"{quoted(column)} >= CAST('{early:%Y-%m-%d}' AS TIMESTAMPTZ) AND "
        f"{quoted(column)} < CAST('{window.end + LATE:%Y-%m-%d}' AS TIMESTAMPTZ)"
        for column in table.source.partitions
    ]


def lines(table: Table, scope: GcpScope, window: Window, types: Sequence[str]) -> str:
    """SELECT over the relation: names, times, cost and credits of every line in scope.

    Args:
        table: source and format.
        scope: projects, and the labels that placing looks at.
        window: see `span.overlaps`.
        types: the credit types that occur; the others are not looked for.
    """
    facts = {
        "start_at": table.at("start"),
        "end_at": table.at("end"),
        "project": table.text("account"),
        "service": table.text("service"),
        "sku_id": table.text("sku_id"),
        "sku": table.text("sku"),
        "region": table.text("region"),
        "place": f"COALESCE(NULLIF({table.text('zone')}, ''), {table.text('region')})",
        "resource": table.text("resource"),
        "global_name": table.text("global"),
        "unit": table.text("unit"),
        "cost_type": cost_type(table),
        "adjustment": table.text("adjustment"),
        "seller": table.text("seller"),
        "model": table.text("model"),
        "subscription": table.text("subscription"),
        "dollar_name": credit_name(table, types),
        "usage": table.money("usage"),
        "gross": gross(table),
        "listed": table.money("list"),
        "model_listed": table.money("model_list"),
        "cluster": f"COALESCE({table.label(CLUSTER)}, '')",
        "cluster_place": f"COALESCE({table.label(LOCATION)}, '')" if scope.location else "''",
        **{f"credit_{name}": _credit(table, name, types) for name in CREDITS},
        "credit_other": table.credit(KNOWN, others=True) if set(types) - set(KNOWN) else ZERO,
        **{
            f"label_{at}": f"COALESCE({table.label(pair.partition('=')[0].strip())}, '')"
            for at, pair in enumerate(scope.labels)
        },
    }
    items = ", ".join(f"{sql} AS {name}" for name, sql in facts.items())
    inner = f"SELECT {items} FROM {table.source.relation} WHERE {in_scope(table, scope, window)}"
    return (
        f"SELECT *, COALESCE(gross, {ZERO}) AS cost, "
        f"COALESCE(listed, gross, {ZERO}) AS list_cost, "
        f"COALESCE(model_listed, listed, gross, {ZERO}) AS model_cost FROM ({inner}) AS facts"
    )


def gross(table: Table) -> str:
    """Cost before credits. Google's FOCUS view adds credits to BilledCost: they come off again."""
    if table.format.focus:
        return f"({table.money('cost')} - {table.credit(())})"
    return table.money("cost")


def cost_type(table: Table) -> str:
    """regular, tax, adjustment or rounding_error."""
    if table.has("cost_type"):
        return f"COALESCE(NULLIF({table.text('cost_type')}, ''), 'regular')"
    if not table.has("category"):
        return "'regular'"
    category = table.text("category")
    return (
        f"CASE WHEN {category} = 'Tax' THEN 'tax' WHEN {category} = 'Adjustment' THEN 'adjustment' "
        "ELSE 'regular' END"
    )


def credit_name(table: Table, types: Sequence[str]) -> str:
    """Which product a spend-based commitment's credit is of."""
    (kind,) = CREDITS["dollar"]
    return table.credit_name(kind) if kind in types else "''"


def _credit(table: Table, name: str, types: Sequence[str]) -> str:
    found = [kind for kind in CREDITS[name] if kind in types]
    return table.credit(found) if found else f"CAST(0 AS {MONEY})"
