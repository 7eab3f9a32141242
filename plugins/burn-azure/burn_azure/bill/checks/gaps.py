"""What each line of an export has, by Microsoft's description of the columns, and a line may lack.

Looked for in the first sum, which is small; only where something is missing are the files asked.
docs/reference/azure-bill.md has the table, with its source.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from burn.api import Window
from burn.api.bills.checks.gaps import Gap, bare, counters, notes_on
from burn.api.bills.queries.sql import literal
from burn_azure.bill.charges.classes import USAGES
from burn_azure.bill.charges.costs import Role
from burn_azure.bill.lines.facts import LONG, MODELS, in_scope, names, priced
from burn_azure.bill.lines.older_layout import without_charge_types
from burn_azure.bill.lines.table import Table
from burn_azure.scope import AzureScope

COUNTED = ("quantity", "effective", "list", "contracted", "resource_id", "info")
"""Facts of single lines: the first sum says by `has_quantity` and so on whether its lines have them."""
_MACHINES = ("virtual machines", "azure virtual machines", "virtual machine scale sets")
_CLUSTERS = tuple(sorted({name.lower() for usage in USAGES for name in usage.categories}))
Lacks = Callable[[str], str]


def filled(table: Table) -> dict[str, str]:
    """Alias → SQL that is true on lines that have the fact: a price of 0 is one, an empty one not."""
    return {f"has_{fact}": f"NOT ({_empty(table, fact)})" for fact in COUNTED}


def missing(
    table: Table, summed: Table, scope: AzureScope, window: Window, role: Role
) -> list[str]:
    """What lines in the window lack, a sentence for each column.

    Args:
        table: all lines.
        summed: their first sum.
        scope: subscriptions.
        window: lines that overlap it.
        role: what the dataset is read for.

    Raises:
        DataError: lines lack what none can be read without; names file, column and how many.
    """
    looked_for = _gaps(table, summed, lambda fact: f"NOT has_{fact}", role)
    (counts,) = summed.source.engine.query(
        f"SELECT {_sums(looked_for, 'x_lines')} FROM {summed.source.relation} "
        f"WHERE {in_scope(summed, scope, window)}"
    ).to_pylist()
    hit = [at for at in range(len(looked_for)) if counts[f"gap_{at}"]]
    if not hit:
        return []
    every = _gaps(table, table, lambda fact: _empty(table, fact), role)
    lacking = [every[at] for at in hit]
    by_file = table.source.engine.query(
        f"SELECT {table.file} AS file, {_sums(lacking, '1')} FROM {table.source.relation} "
        f"WHERE {in_scope(table, scope, window)} GROUP BY 1 ORDER BY 1"
    )
    rows, notes = without_charge_types(by_file.to_pylist(), lacking, table)
    return notes + notes_on(rows, lacking, table.source.files or {"": ""})


def untagged(rows: Sequence[Mapping[str, Any]], table: Table) -> list[str]:
    """A note of files none of whose lines in the window has a tag.

    Args:
        rows: of the control query, with how many `lines` are `tagged`.
        table: that was counted.
    """
    if not table.has("tags"):
        return []
    return bare(
        [row for row in rows if row["fate"] == "window"],
        "tagged",
        table.source.own_name(table.format.columns["tags"]),
        "nothing on them is the cluster's by a tag",
        table.source.files,
        lines="lines",
    )


def _sums(gaps: Sequence[Gap], lines: str) -> str:
    return ", ".join(
        f"CAST(COALESCE(SUM(CASE WHEN {test} THEN {lines} ELSE 0 END), 0) AS BIGINT) AS {name}"
        for name, test in counters(gaps).items()
    )


def _empty(table: Table, fact: str) -> str:
    """Whether a line has nothing in a column; a price can be in one of two."""
    if fact == "list" and table.format.family == "cost":
        both = [f for f in ("payg_cost", "payg_price") if table.has(f)]
        return " AND ".join(f"{table.number(f)} IS NULL" for f in both) or "FALSE"
    if fact == "contracted" and table.format.family == "cost":
        fact = "unit_price"
    if not table.has(fact):
        return "FALSE"
    if fact == "resource_id":  # a path
        return f"{table.plain(fact)} NOT LIKE '%/%/%'"
    if fact == "info":
        return f"{table.plain(fact)} = ''"
    return f"{table.number(fact)} IS NULL"


def _gaps(table: Table, at: Table, lacks: Lacks, role: Role) -> list[Gap]:
    """What is looked for.

    Args:
        table: says which columns there are.
        at: what is asked: the lines, or their first sum, of which each is a number of lines.
        lacks: the test for one of `COUNTED`.
        role: of the dataset; what only explains the effective cost is not looked for in cash.
    """
    facts = names(at)
    charge, model, category = facts["charge"], facts["model"], facts["category"]
    usage = f"{charge} = 'Usage' AND {_publisher(at)}"
    machines = f"{usage} AND LOWER({category}) IN ({_listed(_MACHINES)})"
    clusters = f"{usage} AND LOWER({category}) IN ({_listed(_CLUSTERS)})"
    daily = f"{charge} IN ({', '.join(map(literal, LONG))})"
    held = f"{model} = 'Committed'"
    unnamed = f"{facts['commitment']} = ''"
    wanted = [
        ("charge", f"{at.text('charge')} = ''", "lines", ""),
        (
            "account",
            f"{daily} AND {charge} = 'Usage' AND {at.text('account')} = ''",
            "usage lines",
            "they are of no subscription, and `subscriptions` leaves them out",
        ),
        (
            "category",
            f"{usage} AND {at.text('category')} = ''",
            "usage lines",
            "what they are for is told by service and resource alone, and a node's or a disk's hours"
            " may be among them",
        ),
        ("service", f"{at.text('service')} = ''", "lines", "they show under no service"),
        (
            "subcategory",
            f"{machines} AND {at.text('subcategory')} = ''",
            "lines of virtual machines",
            "Windows is not told from Linux on them, so the list price of their size may be wrong",
        ),
        (
            "meter",
            f"{clusters} AND {at.text('meter')} = ''",
            "usage lines",
            "what they are for is told by category and resource alone",
        ),
        (
            "unit",
            f"{clusters} AND {at.text('unit')} = ''",
            "usage lines",
            "their prices are taken to be per unit, and disks to be charged by the month",
        ),
        (
            "region",
            f"{machines} AND {at.text('region')} = ''",
            "lines of virtual machines",
            "list prices are told by region, so theirs may be wrong",
        ),
        (
            "publisher_type",
            f"{charge} = 'Usage' AND {at.text('publisher_type')} = ''",
            "usage lines",
            "software of the Marketplace is not told from Azure's own charges",
        ),
        (
            "pricing",
            f"{machines} AND {at.text('pricing')} = '' AND NOT ({held})",
            "lines of virtual machines",
            "spot and commitments are not told from usage on demand, nor what they saved",
        ),
        (
            "pricing",
            f"{machines} AND {priced(at)} NOT IN ('', {_listed(MODELS)})",
            "lines of virtual machines",
            "they are taken for usage on demand, also where they were spot",
        ),
        (
            "resource_id",
            f"{clusters} AND {lacks('resource_id')}",
            "usage lines",
            "no node, disk or balancer can be told on them, so they are outside the cluster",
        ),
        (
            "info",
            f"{machines} AND {lacks('info')}",
            "lines of virtual machines",
            "instances of scale sets are split by hours, and sizes are not known",
        ),
        *_commitments(at, facts, held, unnamed),
        *_terms(at, daily),
        (
            "charge_class",
            f"{charge} = 'Credit' AND NOT EXISTS (SELECT 1 FROM {at.source.relation} WHERE"
            f" {at.text('charge_class')} <> '')",
            "credits",
            "no line of the export has it, so refunds are not told from credits",
        ),
    ]
    if role != "cash":
        wanted += _prices(table, lacks, usage, daily)
    has = {"resource_id": "no resource's id", "pricing": "no pricing model that is known"}
    own, columns = table.source.own_name, table.format.columns
    return [
        Gap(own(columns[fact]), test, lines, harm, has.get(fact, "nothing"))
        for fact, test, lines, harm in wanted
        if table.has(fact)
    ]


_Wanted = tuple[str, str, str, str]


def _commitments(at: Table, facts: dict[str, str], held: str, unnamed: str) -> list[_Wanted]:
    charge = facts["charge"]
    named = f"{charge} <> 'Purchase' AND {held} AND {unnamed}"
    return [
        (
            "benefit",
            named,
            "lines under a commitment",
            "which commitment they are of is not known, nor what each left unused",
        ),
        (
            "reservation",
            f"{named} AND {at.text('pricing')} ILIKE 'reservation'",
            "lines under a reservation",
            "which reservation they are of is not known, nor what each left unused",
        ),
        (
            "benefit_type",
            f"NOT ({unnamed}) AND {at.text('benefit_type')} = ''",
            "lines of commitments",
            "they count as reservations, also where a savings plan is meant",
        ),
        (
            "status",
            f"{charge} = 'Usage' AND NOT ({unnamed}) AND {at.text('status')} = ''",
            "usage lines of commitments",
            "what was left unused is told by its amounts alone",
        ),
    ]


def _terms(at: Table, daily: str) -> list[_Wanted]:
    """When a charge with a term counts."""
    once = f"{at.text('frequency')} IN ('OneTime', 'One-Time')"
    found: list[_Wanted] = [
        (
            fact,
            f"NOT ({daily}) AND NOT ({once}) AND {at.day(fact)} IS NULL",
            "charges other than usage",
            "they count on their date, not over their term",
        )
        for fact in ("service_start", "service_end")
    ]
    found.append(("end", f"{at.day('end')} IS NULL", "lines", ""))
    frequency = (
        "frequency",
        f"NOT ({daily}) AND {at.text('frequency')} = ''",
        "charges other than usage",
        "what is charged once is not told from what recurs, so they may count over another time",
    )
    return [*found, frequency]


def _prices(table: Table, lacks: Lacks, usage: str, daily: str) -> list[_Wanted]:
    listed = "payg_cost" if table.has("payg_cost") else "payg_price"
    if table.format.family == "focus":
        listed = "list"
    unlisted = "their list price is taken to be what was paid, or that of other lines of their size"
    alike = "what was negotiated on them shows under the other rate drivers"
    contracted = "contracted" if table.format.family == "focus" else "unit_price"
    found: list[_Wanted] = [
        ("quantity", f"{usage} AND {lacks('quantity')}", "usage lines", ""),
        (listed, f"{usage} AND {lacks('list')}", "usage lines", unlisted),
        (contracted, f"{usage} AND {lacks('contracted')}", "usage lines", alike),
    ]
    if table.has("effective"):
        found.append(("effective", f"({daily}) AND {lacks('effective')}", "lines", ""))
    return found


def _publisher(at: Table) -> str:
    """Not the Marketplace's: of its lines the columns about prices and meters say nothing."""
    said = at.text("publisher_type")
    return f"NOT ({said} ILIKE '%marketplace%' OR LOWER({said}) = 'vendor')"


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(map(literal, texts))
