"""Values that a line must have and lacks: which lines, in which column, and which figure suffers.

A CUR's data dictionary and FOCUS say which columns are filled on which lines. A missing column is
a column that is empty on all of them. docs/reference/aws-bill.md has the table, with its sources.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from burn.api import DataError
from burn.api.bills.queries.sql import literal
from burn_aws.bill.charges.costs import USAGE
from burn_aws.bill.lines.formats import CUR, FOCUS
from burn_aws.bill.lines.table import Table

_NO_INVOICE = "which invoice a line is on is not known, nor whether its month is final"
ABSENT: Mapping[str, Mapping[str, str]] = {
    "cur": {"invoice": _NO_INVOICE},
    "focus": {
        "charge_class": "corrections of earlier charges are not told from credits and charges",
        "invoice": _NO_INVOICE,
    },
}
"""Columns that are empty on most lines, so that nothing but their absence shows."""
PRICING = ("Standard", "Dynamic", "Committed", "Commitment-Based", "On-Demand", "Other")
"""FOCUS's pricing categories, with those of its drafts."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Lines that lack a value.

    Attributes:
        fact: what they lack.
        test: SQL that is true on them, over the table's columns.
        lines: what they are called.
        harm: what cannot be told; empty: they cannot be read at all.
        state: what the column is on them.
    """

    fact: str
    test: str
    lines: str
    harm: str = ""
    state: str = "is empty"


def gaps(table: Table) -> list[Gap]:
    """What is looked for, in the order of the counts that `counters` adds to a query."""
    return _cur(table) if table.format.family == "cur" else _focus(table)


def counters(table: Table) -> dict[str, str]:
    """Alias → SQL that is true on lines with the gap, for the inner SELECT of a count."""
    return {f"gap_{at}": gap.test for at, gap in enumerate(gaps(table))}


def notes_on_gaps(rows: Iterable[Mapping[str, Any]], table: Table) -> list[str]:
    """Sentences about the gaps of lines in the window.

    Args:
        rows: of a control query, with the counts of `counters`, a file's name in `file`.
        table: that was queried.

    Raises:
        DataError: lines lack what none can be read without; names file, column and how many.
    """
    names = table.source.files
    inside = [row for row in rows if row["fate"] == "window"]
    notes = [
        f"the export has no `{column_of(table, fact)}`: {harm}"
        for fact, harm in ABSENT[table.format.family].items()
        if not table.has(fact) and not (fact == "invoice" and table.format.name == "FOCUS 1.0")
    ]
    for at, gap in enumerate(gaps(table)):
        by_file: dict[str, int] = {}
        for row in inside:
            if many := int(row[f"gap_{at}"]):
                file = names.get(str(row["file"]), "")
                by_file[file] = by_file.get(file, 0) + many
        if by_file:
            notes.append(_said(gap, by_file, len(names), table))
    return notes


def _said(gap: Gap, by_file: Mapping[str, int], files: int, table: Table) -> str:
    count = sum(by_file.values())
    column = column_of(table, gap.fact)
    where = f"{min(by_file)}: " if min(by_file) and (files > len(by_file) or not gap.harm) else ""
    lacks = f"{where}`{column}` {gap.state} on {count:,} of the {gap.lines}"
    if not gap.harm:
        raise DataError(
            lacks, hint="deliver the export again with this column whole; burn does not guess it"
        )
    return f"{lacks}: {gap.harm}"


def column_of(table: Table, fact: str) -> str:
    """A fact's column, in the spelling that all files of the format are brought to."""
    return (CUR if table.format.family == "cur" else FOCUS)[fact]


def _cur(table: Table) -> list[Gap]:
    kind = table.text("line_type")
    usage = f"{kind} IN ({', '.join(map(literal, USAGE))})"
    plan, plan_fee = f"{kind} LIKE 'SavingsPlan%'", f"{kind} = 'SavingsPlanRecurringFee'"
    covered, reserved = f"{kind} = 'SavingsPlanCoveredUsage'", f"{kind} = 'DiscountedUsage'"
    fee = f"{kind} = 'RIFee'"
    upfront = f"({kind} = 'Fee' AND {table.text('usage_type')} LIKE '%HeavyUsage%')"
    is_net = _filled(table, "net_unblended")
    gross = "taken without the discounts that the net column has"
    found = [
        Gap("line_type", f"{kind} = ''", "lines"),
        Gap(
            "usage_type",
            f"{usage} AND {table.text('usage_type')} = ''",
            "usage lines",
            "what they are for is not known, and a node's or a disk's hours may be among them",
        ),
        Gap("product_code", f"{usage} AND {table.text('product_code')} = ''", "usage lines"),
        Gap(
            "product_code",
            f"NOT ({usage}) AND {table.first('service', 'product_code')} = ''",
            "other lines",
            "they show under no service",
        ),
        Gap("usage", f"{usage} AND {table.lacks('usage')}", "usage lines"),
        Gap("account", f"{usage} AND {table.text('account')} = ''", "usage lines"),
        Gap(
            "sp_arn",
            f"{plan} AND {table.text('sp_arn')} = ''",
            "lines of Savings Plans",
            "which plan they are of is not known, nor what each left unused",
        ),
        Gap(
            "ri_arn",
            f"({reserved} OR {fee} OR {upfront}) AND {table.text('ri_arn')} = ''",
            "lines of reservations",
            "which reservation they are of is not known, and an upfront fee is no commitment's",
        ),
        *(
            Gap(
                fact,
                f"{plan_fee} AND {table.lacks(fact)}",
                "fees of Savings Plans",
                "what the plans left unused is taken for nothing, and the effective cost is too low",
            )
            for fact in ("sp_total", "sp_used")
        ),
        *(
            Gap(
                fact,
                f"{fee} AND {table.lacks(fact)}",
                "fees of reservations",
                "what the reservations left unused is too low by it, and so is the effective cost",
            )
            for fact in ("ri_unused_upfront", "ri_unused_recurring")
        ),
        Gap(
            "billing_entity",
            f"{table.text('billing_entity')} = ''",
            "lines",
            "software of the Marketplace is not told from AWS's own charges",
        ),
    ]
    found.append(
        Gap(
            "net_unblended",
            f"COALESCE({table.money('discount')}, 0) <> 0 AND NOT {is_net}",
            "discounted lines",
            "they are taken at what they cost before discounts, and the discounts count only where"
            " they are lines of their own",
        )
    )
    nets = {"sp_net_effective": covered, "ri_net_effective": reserved}
    pairs = {
        "ri_net_unused_upfront": ("ri_unused_upfront", fee),
        "ri_net_unused_recurring": ("ri_unused_recurring", fee),
        "sp_net_recurring": ("sp_recurring", plan_fee),
        "sp_net_upfront": ("sp_upfront", plan_fee),
        "sp_recurring": ("sp_net_recurring", plan_fee),
        "sp_upfront": ("sp_net_upfront", plan_fee),
    }
    for fact, test in nets.items():
        lacks = f"{test} AND {is_net} AND {table.lacks(fact)}"
        found.append(Gap(fact, lacks, "covered lines", f"their effective cost is {gross}"))
    for fact, (other, test) in pairs.items():
        given = f"COALESCE({table.money(other)}, 0) <> 0"
        lacks = f"{test} AND {is_net} AND {given} AND {table.lacks(fact)}"
        found.append(Gap(fact, lacks, "fees", f"what was left unused is {gross}"))
    return found


def _focus(table: Table) -> list[Gap]:
    category, pricing = table.text("category"), table.text("pricing")
    usage = f"{category} = 'Usage'"
    plain = f"{usage} AND {table.text('charge_class')} <> 'Correction'"
    effective = f"COALESCE({table.money('effective')}, 0) <> 0"
    held = f"({table.text('status')} <> '' OR {pricing} IN ('Committed', 'Commitment-Based'))"
    found = [
        Gap("category", f"{category} = ''", "lines"),
        Gap("effective", f"{table.lacks('effective')}", "lines"),
        Gap("service", f"{usage} AND {table.text('service')} = ''", "usage lines"),
        Gap("account", f"{usage} AND {table.text('account')} = ''", "usage lines"),
        Gap("usage", f"{plain} AND {table.lacks('usage')} AND {effective}", "usage lines"),
        Gap(
            "commitment",
            f"{category} IN ('Usage', 'Purchase') AND {held} "
            f"AND {table.text('commitment')} = '' AND {table.text('reservation')} = ''",
            "lines under a commitment",
            "which commitment they are of is not known, nor what each left unused",
        ),
        Gap(
            "status",
            f"{usage} AND {table.text('commitment')} <> '' AND {table.text('status')} = ''",
            "usage lines of commitments",
            "what was left unused is not told from what was used",
        ),
        Gap(
            "pricing",
            f"{plain} AND {pricing} = '' AND {effective}",
            "usage lines",
            "spot is not told from what was bought on demand",
        ),
        Gap(
            "pricing",
            f"{plain} AND {pricing} NOT IN ('', {', '.join(map(literal, PRICING))}) AND {effective}",
            "usage lines",
            "they are taken for bought on demand, also where they were spot",
            "has a value that FOCUS does not define",
        ),
        Gap(
            "contracted",
            f"{plain} AND {table.lacks('contracted')} AND {effective}",
            "usage lines",
            "what was negotiated shows under the other rate drivers",
        ),
        Gap(
            "usage_type",
            f"{plain} AND {table.text('usage_type')} = '' AND {effective}",
            "usage lines",
            "what they are for is guessed from unit, resource and description",
        ),
        Gap(
            "product_code",
            f"{plain} AND {table.text('product_code')} = '' AND {effective}",
            "usage lines",
            "what they are for is guessed from the service's name",
        ),
        Gap(
            "publisher",
            f"{usage} AND {table.text('publisher')} = ''",
            "usage lines",
            "software of the Marketplace may be taken for AWS's own",
        ),
        Gap(
            "frequency",
            f"{category} = 'Purchase' AND {table.text('frequency')} = ''",
            "purchases",
            "one-time fees are not told from recurring ones, and count by time",
        ),
    ]
    # A warehouse's table would be read whole for it.
    if table.source.parts and table.has("charge_class"):
        some = f"SELECT 1 FROM {table.source.relation} WHERE {table.text('charge_class')} <> ''"
        found.append(
            Gap(
                "charge_class",
                f"{category} = 'Credit' AND NOT EXISTS ({some})",
                "credits",
                "no line has it, so refunds are not told from credits",
            )
        )
    return found


def _filled(table: Table, fact: str) -> str:
    return f"(NOT {table.lacks(fact)})"
