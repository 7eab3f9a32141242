"""What each line of an export has, by Google's description of the tables, and a line may lack.

docs/reference/gcp-bill.md has the table, with its source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from burn.api.bills.checks.gaps import Gap, bare
from burn.api.bills.queries.sql import literal
from burn_gcp.bill.lines.facts import CREDITS
from burn_gcp.bill.lines.table import Table

COMPUTE = "Compute Engine"


def gaps(table: Table) -> list[Gap]:
    """What is looked for on lines of the window."""
    kind = table.text("cost_type")
    usage = f"{kind} IN ('regular', '')"
    if table.has("category"):
        usage += f" AND {table.text('category')} IN ('Usage', '')"
    costs = f"{usage} AND COALESCE({table.money('cost')}, 0) <> 0"
    resource = f"CONCAT({table.text('resource')}, {table.text('global')})"
    # What of Compute Engine is counted by time or size is a machine's or a disk's.
    timed = f"{table.text('unit')} LIKE '%hour%'"
    sized = f"{timed} OR {table.text('unit')} LIKE '%month%'"
    machines = (
        f"{costs} AND {table.text('service')} = {literal(COMPUTE)} AND ({sized}) "
        f"AND {table.text('sku')} NOT LIKE 'Commitment%'"
    )
    wanted = [
        ("service", f"{table.text('service')} = ''", "lines", ""),
        ("sku", f"{table.text('sku')} = ''", "lines", ""),
        ("usage", f"{costs} AND {table.money('usage')} IS NULL", "usage lines", ""),
        (
            "account",
            f"{table.text('account')} = '' AND {resource} <> ''",
            "lines of resources",
            # Google says that lines of a project's first 24 hours can lack it.
            "they are of no project, so no node or disk can be told on them, and `projects` or"
            " `ancestors` leave them out",
        ),
        (
            "region",
            f"{machines} AND {table.text('region')} = '' AND ({timed} OR {table.text('zone')} <> '')",
            "lines of Compute Engine",
            "list prices and commitments' rates are told by region, so theirs may be wrong",
        ),
        *_kind(table),
        *_credits(table),
        *_lists(table, costs),
    ]
    found = [
        Gap(table.format.paths[fact], test, lines, harm)
        for fact, test, lines, harm in wanted
        if table.has(fact)
    ]
    # A global name is a path; any text may be a name.
    unnamed = {"global": "NOT LIKE '%/%/%'", "resource": "= ''"}
    return found + [
        Gap(
            table.format.paths[fact],
            f"{machines} AND {table.text(fact)} {test}",
            "lines of Compute Engine",
            "no node or disk can be told on them, so they are the cluster's by label alone, and"
            " hours of its nodes are missing on the bill",
            "no resource's name",
        )
        for fact, test in unnamed.items()
        if table.has(fact)
    ]


def listed(table: Table) -> dict[str, str]:
    """Alias → SQL that is true on lines whose labels, and whose credits, are written.

    A list that is empty is written as `[]`, and most lines' credits are.
    """
    return {"labelled": table.is_written("labels"), "credited": table.is_written("credits")}


def bare_lists(rows: Sequence[Mapping[str, Any]], table: Table) -> list[str]:
    """Notes of files none of whose lines in the window has its labels, or its credits, written.

    Args:
        rows: of the query that counts, with the counts of `listed`.
        table: that was counted.
    """
    return [
        *(
            text
            for fact, filled, harm in (
                ("labels", "labelled", "nothing on them is the cluster's by a label"),
                (
                    "credits",
                    "credited",
                    "they are taken to have none, and to cost what `cost` says",
                ),
            )
            for text in bare(rows, filled, table.format.paths[fact], harm, table.source.files)
        )
    ]


_Wanted = tuple[str, str, str, str]


def _kind(table: Table) -> list[_Wanted]:
    """What kind of charge a line is; the column may be one of two in FOCUS."""
    if table.has("cost_type"):
        return [("cost_type", f"{table.text('cost_type')} = ''", "lines", "")]
    return [("category", f"{table.text('category')} = ''", "lines", "")]


def _credits(table: Table) -> list[_Wanted]:
    (dollar,) = CREDITS["dollar"]
    types = table.credit_types()
    untyped = f"CONCAT({types}, '|') LIKE '%||%'"
    nameless = f"{types} LIKE {literal(f'%|{dollar}%')} AND {table.credit_name(dollar)} = ''"
    if table.paths[table.format.paths["credits"]][1] == "json[]":  # no line has a credit
        return []
    return [
        ("credits", untyped, "lines with a credit without a type", ""),
        ("credits", nameless, "lines with a commitment's credit without a name", ""),
    ]


def _lists(table: Table, costs: str) -> list[_Wanted]:
    """Prices that explain what was paid."""
    return [
        (
            "list",
            f"{costs} AND {table.money('list')} IS NULL",
            "usage lines",
            "their list price is taken to be what was paid, so no negotiated discount shows",
        ),
        (
            "model",
            f"{costs} AND {table.text('model')} = '' "
            f"AND COALESCE({table.money('model_list')} <> {table.money('list')}, FALSE)",
            "usage lines at a commitment's price",
            "",
        ),
        (
            "model_list",
            f"{costs} AND {table.text('model')} NOT IN ('', 'Default') "
            f"AND {table.money('model_list')} IS NULL",
            "usage lines at a commitment's price",
            "",
        ),
        (
            "seller",
            f"{costs} AND {table.text('seller')} = ''",
            "usage lines",
            "they are taken for Google's own, also where a product was resold",
        ),
    ]
