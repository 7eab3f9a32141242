"""The `lines` query: one row per bill line in scope, the same columns whatever the export."""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from burn.api import DataError, Window
from burn.api.bills.queries.sql import MONEY, literal, quoted
from burn_gcp.bill.lines.table import ZERO, Table
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
CORRECTIONS = (
    "PARTIAL_CORRECTION",
    "COMPLETE_NEGATION",
    "COMPLETE_NEGATION_WITH_REMONETIZATION",
)
"""How an adjustment is issued that corrects usage, cost and hours alike; the other: by hand."""
COMMITTED = r"\bcuds?\b|commit"
"""In the name of a commitment's consumption model, in lower case: `Compute Flexible CUD - 1 Year`."""
GIB = 2**30
LATE = timedelta(days=62)
"""How long after usage its line may still be exported: the month, and a month of corrections."""


def in_scope(table: Table, scope: GcpScope, window: Window) -> str:
    """The predicate of every query: partitions, projects, and the window.

    Raises:
        DataError: see `of_projects`.
    """
    return " AND ".join(
        f"({test})" for test in [*in_time(table, window), *of_projects(table, scope)]
    )


def in_time(table: Table, window: Window) -> list[str]:
    """The predicates on partitions, and on the window."""
    return [table.overlaps(window), *loaded(table, window)]


def of_projects(table: Table, scope: GcpScope) -> list[str]:
    """The predicates on projects and the folders above them; none: the whole billing account.

    Raises:
        DataError: the export does not say which folders a project is in, and the scope does.
    """
    tests = []
    if scope.projects:
        listed = ", ".join(map(literal, scope.projects))
        tests.append(f"{table.text('account')} IN ({listed})")
    if scope.ancestors and not table.has("ancestry"):
        raise DataError(
            "the bill lacks the column project.ancestry_numbers, which provider.gcp.ancestors needs",
            hint="export the table whole, or state provider.gcp.projects",
        )
    if scope.ancestors:
        above = table.text("ancestry")
        found = [f"{above} LIKE {literal(f'%/{one}/%')}" for one in scope.ancestors]
        tests.append(" OR ".join(found))
    return tests


def loaded(table: Table, window: Window) -> list[str]:
    """The predicates on partitions that may hold lines of the window; none without partitions."""
    early = window.start - timedelta(days=32)
    return [
        f"{quoted(column)} >= CAST('{early:%Y-%m-%d}' AS TIMESTAMPTZ) AND "
        f"{quoted(column)} < CAST('{window.end + LATE:%Y-%m-%d}' AS TIMESTAMPTZ)"
        for column in table.source.partitions
    ]


def lines(
    table: Table, scope: GcpScope, window: Window, types: Sequence[str], *, where: str = ""
) -> str:
    """SELECT over the relation: names, times, cost and credits of every line in scope.

    Args:
        table: source and format.
        scope: projects, and the labels that placing looks at.
        window: charges that overlap it.
        types: the credit types that occur; the others are not looked for.
        where: a predicate instead of the scope's.
    """
    facts = {
        "start_at": table.counted_from(window),
        "share": table.share(window),
        "project": table.text("account"),
        "service": table.text("service"),
        "sku": table.text("sku"),
        "region": table.text("region"),
        "place": f"COALESCE(NULLIF({table.text('zone')}, ''), {table.text('region')})",
        "resource": table.text("resource"),
        "global_name": table.text("global"),
        "unit": table.text("unit"),
        "cost_type": cost_type(table),
        "seller": seller(table),
        "model": table.text("model"),
        "dollar_name": credit_name(table, types),
        "usage": usage(table),
        "gross": gross(table),
        "listed": table.money("list"),
        "model_listed": table.money("model_list"),
        "cluster": f"COALESCE({table.label(CLUSTER)}, '')",
        "cluster_place": f"COALESCE({table.label(LOCATION)}, '')"
        if scope.location or scope.homes
        else "''",
        "namespace": _namespace(table, scope),
        **{f"credit_{name}": sql for name, sql in credits_of(table, types).items()},
        **{
            f"label_{at}": f"COALESCE({table.label(pair.partition('=')[0].strip())}, '')"
            for at, pair in enumerate(scope.labels)
        },
    }
    items = ", ".join(f"{sql} AS {name}" for name, sql in facts.items())
    # What a commitment's price is at list, no column of older exports says: then all that it saves is its own.
    own = f"CASE WHEN REGEXP_MATCHES(LOWER(model), {literal(COMMITTED)}) THEN gross END, "
    own = "" if table.has("model_list") or not table.has("model") else own
    where = where or in_scope(table, scope, window)
    inner = f"SELECT {items} FROM {table.source.relation} WHERE {where}"
    return (
        f"SELECT *, COALESCE(gross, {ZERO}) AS cost, "
        f"COALESCE(listed, gross, {ZERO}) AS list_cost, "
        f"COALESCE(model_listed, {own}listed, gross, {ZERO}) AS model_cost FROM ({inner}) AS facts"
    )


def usage(table: Table) -> str:
    """The amount in pricing units.

    Google's FOCUS view has the pricing unit's own size in PricingQuantity, so there and in the
    FOCUS table it is taken from what was consumed, in base units, where the unit is known.
    """
    if not table.has("consumed") or not table.has("consumed_unit"):
        return table.money("usage")
    consumed, base, unit = (
        f"CAST({table.money('consumed')} AS DOUBLE)",
        f"LOWER({table.text('consumed_unit')})",
        f"LOWER({table.text('unit')})",
    )
    month = f"EXTRACT(DAY FROM LAST_DAY(CAST({table.at('start')} AS DATE)))"
    whens = " ".join(
        f"WHEN {base} = {literal(whole)} AND {unit} IN ({', '.join(map(literal, names))}) "
        f"THEN CAST({consumed} / {size} AS {MONEY})"
        for whole, names, size in (
            ("seconds", ("hour", "h"), "3600"),
            ("byte-seconds", ("gibibyte hour", "giby.h"), f"{GIB * 3600}"),
            ("byte-seconds", ("gibibyte month", "giby.mo"), f"({GIB * 86400} * {month})"),
        )
    )
    return f"CASE {whens} ELSE {table.money('usage')} END"


def seller(table: Table) -> str:
    """Who sells it, where that is not Google; resold products have no seller of another name."""
    if not table.has("transaction"):
        return table.text("seller")
    kind = table.text("transaction")
    return (
        f"CASE WHEN {kind} IN ('THIRD_PARTY_RESELLER', 'THIRD_PARTY_AGENCY') "
        f"AND ({table.text('seller')} = '' OR LOWER({table.text('seller')}) LIKE '%google%') "
        f"THEN {kind} ELSE {table.text('seller')} END"
    )


def gross(table: Table) -> str:
    """Cost before credits. Google's FOCUS view adds credits to BilledCost: they come off again."""
    if table.format.focus:
        return f"({table.money('cost')} - {table.credit(())})"
    return table.money("cost")


def cost_type(table: Table) -> str:
    """regular, tax, adjustment, refund (an adjustment below zero) or rounding_error.

    A correction repeats the usage that it corrects: it is regular, whatever its cost type.
    """
    if table.has("cost_type"):
        kind = f"COALESCE(NULLIF({table.text('cost_type')}, ''), 'regular')"
    else:
        category = table.text("category")
        kind = (
            f"CASE WHEN {category} = 'Tax' THEN 'tax' "
            f"WHEN {category} = 'Adjustment' THEN 'adjustment' ELSE 'regular' END"
        )
    usage = ""
    if table.has("adjustment_mode"):
        modes = ", ".join(map(literal, CORRECTIONS))
        usage = f"WHEN {table.text('adjustment_mode')} IN ({modes}) THEN 'regular' "
    return (
        f"CASE WHEN {kind} <> 'adjustment' THEN {kind} {usage}"
        f"WHEN {table.money('cost')} < 0 THEN 'refund' ELSE 'adjustment' END"
    )


def credit_name(table: Table, types: Sequence[str]) -> str:
    """Which product a spend-based commitment's credit is of."""
    (kind,) = CREDITS["dollar"]
    return table.credit_name(kind) if kind in types else "''"


def credits_of(table: Table, types: Sequence[str]) -> dict[str, str]:
    """Our names of the kinds of credits that occur, and their sums."""
    found = {name: [kind for kind in kinds if kind in types] for name, kinds in CREDITS.items()}
    sums = {name: table.credit(kinds) for name, kinds in found.items() if kinds}
    if set(types) - set(KNOWN):
        sums["other"] = table.credit(KNOWN, others=True)
    return sums


def _namespace(table: Table, scope: GcpScope) -> str:
    """GKE cost allocation's namespace on the cluster's lines, else empty."""
    if not table.has("labels") or not scope.cluster:
        return "''"
    mine = f"{table.label(CLUSTER)} = {literal(scope.cluster)}"
    return f"CASE WHEN {mine} THEN COALESCE({table.label(NAMESPACE)}, '') ELSE '' END"
