"""The first sum: lines with the same names become one, before any name is looked at closely.

A bill has millions of lines and some thousand distinct combinations of names; dates, classes and
rules are worked out of those. Lines outside the cluster lose their resource here, so that the
result stays small however many resources there are. The sum is kept in the engine.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from burn.api.bills.engine.source import Source
from burn.api.bills.queries.sql import literal, quoted
from burn_azure.bill.charges.costs import FLOATS, Role, amounts
from burn_azure.bill.charges.currency import unrated
from burn_azure.bill.checks.gaps import filled
from burn_azure.bill.cluster.match import IS_CLAIM, placed
from burn_azure.bill.cluster.ties import tied
from burn_azure.bill.lines.facts import LONG, VM_SIZE, keyed, resource, status
from burn_azure.bill.lines.table import Table
from burn_azure.scope import AzureScope

NAME = "burn_summed"
TIMES = (
    *("date", "end", "service_start", "service_end", "charge", "charge_class", "charge_kind"),
    *("frequency", "month"),
)
"""What a line's time is worked out of."""
DATES = ("date", "end", "service_start", "service_end", "month")
"""Those that are dates."""
NAMES = (
    *TIMES,
    *("account", "region", "service", "category", "consumed_service", "subcategory", "meter"),
    *("unit", "family", "product", "publisher_type", "status", "pricing", "benefit"),
    *("benefit_type", "reservation", "held_name", "term"),
)
"""What else a line's names are worked out of, see `facts.names`."""


def raw(table: Table, facts: tuple[str, ...] = NAMES) -> dict[str, str]:
    """Fact → column as it is, for the facts that the export has; what no rule reads is emptied."""
    items = {fact: quoted(table.format.columns[fact]) for fact in facts if table.has(fact)}
    named = ", ".join(literal(kind.lower()) for kind in LONG)
    daily = f"LOWER({table.plain('charge')}) IN ('', {named})"
    for fact in {"service_start", "service_end"} & items.keys():
        items[fact] = f"CASE WHEN {daily} THEN NULL ELSE {items[fact]} END"
    if "status" in items:
        items["status"] = status(table)
    if "consumed_service" in items:
        unnamed = f"{table.plain('category')} = ''"
        items["consumed_service"] = f"CASE WHEN {unnamed} THEN {items['consumed_service']} END"
    return items


def typed(table: Table, sums: str, facts: Iterable[str]) -> str:
    """SELECT over a sum by raw facts: texts without words for nothing, dates as instants.

    Rules mention a fact many times: what is read here once keeps their SQL short.
    """
    kinds = {fact: table.source.columns[table.format.columns[fact]] for fact in facts}
    raw_sum = replace(table.source, columns=kinds)
    each = Table(raw_sum, replace(table.format, columns={fact: fact for fact in kinds}))
    items = ", ".join(
        f"{each.day(fact) if fact in DATES else each.text(fact)} AS {quoted(fact)}"
        for fact in kinds
    )
    return f"SELECT * REPLACE ({items}) FROM ({sums}) AS raw_sum"


def over(table: Table, relation: str, facts: Iterable[str]) -> Table:
    """The table that a typed sum is: each fact is the column of its name."""
    kinds = {fact: "timestamp" if fact in DATES else "varchar" for fact in facts}
    source = Source(table.source.engine, relation, kinds, origin=table.source.origin)
    columns = {fact: fact for fact in kinds}
    return Table(source, replace(table.format, columns=columns), is_typed=True)


def summed(table: Table, scope: AzureScope, keys: str, role: Role) -> Table:
    """Sum the lines by their names and, in the cluster, their resource.

    Besides the raw facts, the result has `resource_key`, `size`, `place`, `is_asset`, `is_claim`,
    the greatest `resource_name` and `x_tied_to`, the summed amounts (NULL where the lines name no
    such price; those that do are summed apart), `x_lines`, how many of them are `unrated` (see `currency.py`) and in
    which currencies, and the `least` and `most` list price of what names a size.

    Args:
        table: all lines, whatever the window.
        scope: what makes a line the cluster's.
        keys: relation of resource keys.
        role: see `costs.Role`; cash leaves out all but the cost.
    """
    table = table.with_floats(FLOATS)
    facts = raw(table)
    line = facts | resource(table) | amounts(table) | {"unrated": unrated(table)} | filled(table)
    wanted = ("c",) if role == "cash" else ("quantity", "c", "e", "l", "k")
    items = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in line.items())
    named = {
        **{fact: quoted(fact) for fact in facts},
        "resource_key": "CASE WHEN place = '' THEN '' ELSE resource_key END",
        "size": "size",
        "place": "place",
        "is_asset": "is_asset",
        "is_claim": f"CASE WHEN place = '' THEN FALSE ELSE {IS_CLAIM} END",
    }
    if role != "cash":
        named |= {"lists": "l IS NOT NULL", "contracts": "k IS NOT NULL"}
    named |= {name: name for name in filled(table)}
    # Outside the cluster a size is looked at for its price, which cash has none of.
    unread = "place = ''" if role == "cash" else "info = ''"
    size = f"CASE WHEN {unread} THEN '' ELSE {VM_SIZE} END"
    price = "CASE WHEN size <> '' AND l > 0 AND quantity > 0 THEN CAST(l AS DOUBLE) / CAST(quantity AS DOUBLE) END"
    sums = {
        "resource_name": "MAX(CASE WHEN place <> '' THEN resource_name END)",
        "x_tied_to": f"MAX(CASE WHEN place <> '' THEN {tied()} END)",
        "x_lines": "COUNT(*)",
        "unrated": "COUNT(unrated)",
        "unrated_in": "MIN(unrated)",
        **{name: f"SUM({name})" if name in wanted else "0" for name in amounts(table)},
        "least": "NULL" if role == "cash" else f"MIN({price})",
        "most": "NULL" if role == "cash" else f"MAX({price})",
    }
    shown = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in (named | sums).items())
    numbers = ", ".join(str(at + 1) for at in range(len(named)))
    engine = table.source.engine
    grouped = (
        f"WITH lines AS ({keyed(f'SELECT {items} FROM {table.source.relation}')}), "
        f"placed AS ({placed(scope, keys)}), sized AS (SELECT *, {size} AS size FROM placed) "
        f"SELECT {shown} FROM sized GROUP BY {numbers}"
    )
    found = engine.query(typed(table, grouped, facts))
    engine.register(NAME, found)
    return over(table, quoted(NAME), facts)
