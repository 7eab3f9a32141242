"""A report without a bill as tables, for formats that write tables one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from burn.view.analysis import TOTAL, Analysis
from burn.view.efficiency import Used, text
from burn.view.owners import Owner, Owners

Cell = str | int | None
"""Text, whole cents, or nothing to be said."""
WORDS = {"node": "", "volume": "volumes ", "load_balancer": ""}


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the first column names the row, the last row is the sum.

    Attributes:
        title: what it shows.
        heads: of its columns.
        rows: a cell a column.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def made_of(made: Analysis, currency: str) -> Grid:
    """Kinds of assets: what they cost, what of it is idle, what of them is used."""
    both = made.namespaces.basis != "list"
    cost = ("At list price", made.namespaces.basis.capitalize()) if both else ("Cost",)
    rows: list[tuple[Cell, ...]] = []
    for one in made.kinds:
        used = (text(one.used.cpu), text(one.used.memory)) if one.kind == "node" else ("", "")
        amounts = (one.listed, one.basis) if both else (one.listed,)
        rows.append((f"{WORDS[one.kind]}{one.label}", f"{one.number:,}", *amounts, one.idle, *used))
    sums = [sum(one.listed for one in made.kinds)]
    sums += [sum(one.basis for one in made.kinds)] if both else []
    idle = sum(one.idle or 0 for one in made.kinds)
    number = f"{sum(one.number for one in made.kinds):,}"
    rows.append((TOTAL, number, *sums, idle, "", ""))
    heads = (_unit("Made of", made, currency), "Number", *cost, "Idle", "CPU used", "Memory used")
    return Grid("Made of", heads, tuple(rows))


def carried(made: Analysis, currency: str) -> Iterator[Grid]:
    """By namespace, owner and workload, as far as the report has them."""
    for title, noun, owners in (
        ("Namespaces", "namespace", made.namespaces),
        ("Owners", "owner", made.owners),
        ("Workloads", "workload", made.workloads),
    ):
        if owners:
            yield _carriers(title, noun, owners, made, currency)


def _carriers(title: str, noun: str, owners: Owners, made: Analysis, currency: str) -> Grid:
    both, months = owners.basis != "list", made.months[noun]
    rows: list[tuple[Cell, ...]] = []
    for row in [*owners.rows, Owner(TOTAL, "total", owners.report, owners.total)]:
        used = made.used.get(row.label, Used()) if row.kind == "" else None
        parts = (used.cpu, used.memory, used.efficiency) if used else ()
        amounts: tuple[Cell, ...] = (row.report, row.basis) if both else (row.report,)
        amounts += () if made.monthly else (months.get(row.label),)
        rows.append((row.label, *amounts, *(map(text, parts) if used else ("", "", ""))))
    cost = ("At list price", owners.basis.capitalize()) if both else ("Cost",)
    month = () if made.monthly else ("A month",)
    heads = (_unit(title, made, currency), *cost, *month, "CPU used", "Memory used", "Efficiency")
    return Grid(title, heads, tuple(rows))


def _unit(title: str, made: Analysis, currency: str) -> str:
    return f"{title}, {currency} a month" if made.monthly else f"{title}, {currency}"
