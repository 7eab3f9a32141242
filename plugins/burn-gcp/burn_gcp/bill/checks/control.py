"""The bill counted plainly, before anything is done with it; and what is on it."""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from burn.api import ControlTotal, DataError, FileCount, Window
from burn.api.bills.checks import border
from burn.api.bills.checks.gaps import counters, notes_on
from burn.api.bills.checks.settled import accounted, invoices
from burn_gcp.bill.checks.accounted import fate
from burn_gcp.bill.checks.gaps import bare_lists, gaps, listed
from burn_gcp.bill.lines.facts import gross, loaded
from burn_gcp.bill.lines.table import ZERO, Table
from burn_gcp.scope import GcpScope

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Counted:
    """What a bill holds in a window.

    Attributes:
        total: lines, money, currency.
        types: credit types that occur.
        skus: service and SKU of every line.
        crossing: whether a line reaches over the window's border.
        notes: what lines lack, and which figure suffers.
    """

    total: ControlTotal
    types: tuple[str, ...]
    skus: frozenset[tuple[str, str]]
    crossing: bool
    notes: tuple[str, ...] = ()


def control_query(table: Table, scope: GcpScope, window: Window) -> str:
    """Every line of every file by what becomes of it; the window's per SKU and the credits' types.

    `amount` is what the files' own counts add up, lines at the window's border are grouped by
    `border.key` besides, and `gap_0` and so on count the window's lines with each of `gaps`.
    """
    facts = {
        "file": table.file,
        "fate": fate(table, scope, window),
        "currency": table.text("currency"),
        "month": table.month(),
        "service": table.text("service"),
        "sku": table.text("sku"),
        "types": table.credit_types(),
        "border": border.key(
            window,
            start=table.at("start"),
            end=table.at("end"),
            month=table.month_at(),
            others=[
                table.text("category" if table.has("category") else "cost_type"),
                table.text("frequency"),
            ],
        ),
        "total": f"(COALESCE({gross(table)}, {ZERO}) + {table.credit(())})",
    }
    if table.format.focus:
        facts["total"] = f"COALESCE({table.money('cost')}, {ZERO})"
    lacks = counters(gaps(table)) | listed(table)
    facts |= lacks
    items = ", ".join(f"{sql} AS {name}" for name, sql in facts.items())
    read = " AND ".join(f"({test})" for test in loaded(table, window)) or "1 = 1"
    inner = f"SELECT {items} FROM {table.source.relation} WHERE {read}"
    taken = "fate = 'window'"
    mine = ", ".join(
        f"CASE WHEN {taken} THEN {name} ELSE '' END AS {name}"
        for name in ("service", "sku", "types")
    )
    counts = "".join(
        f", SUM(CASE WHEN {taken} AND {name} THEN 1 ELSE 0 END) AS {name}" for name in lacks
    )
    return (
        f"SELECT file, fate, currency, month, {mine}, "
        "border, COUNT(*) AS x_lines, "
        f"COUNT(border) AS crossing{counts}, COALESCE(SUM(total), {ZERO}) AS amount "
        f"FROM ({inner}) AS facts GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"
    )


def _charge(others: Sequence[str]) -> border.Charge:
    """FOCUS says `Usage`, Google's own exports `regular`."""
    kind, often = others
    return border.Charge(
        once=often == "One-Time", usage=(kind or "regular") in ("regular", "Usage")
    )


def _invoiced(row: dict[str, Any]) -> dict[str, Any]:
    """Google's lines name the month of their invoice, not its number."""
    return row | {"issuer": "Google Cloud", "invoice": ""}


def counted(
    result: pa.Table, window: Window, files: tuple[FileCount, ...], table: Table
) -> Counted:
    """What the query found.

    Args:
        result: of the query.
        window: what was asked for.
        files: the files' own counts.
        table: source and format.

    Raises:
        DataError: no line, several currencies or none; or lines lack what none can be read without.
    """
    every = border.with_parts(result.to_pylist(), window, _charge, {"billed": "amount"})
    rows = [row for row in every if row["fate"] == "window"]
    if not rows:
        raise DataError(
            f"the bill has no line in {window}",
            hint="check the window, provider.gcp.projects and where the bill is",
        )
    notes = notes_on(rows, gaps(table), table.source.files) + bare_lists(rows, table)
    currencies = sorted({str(row["currency"]) for row in rows if row["currency"]})
    if len(currencies) != 1:
        raise DataError(
            f"the bill is in several currencies: {', '.join(currencies)}"
            if currencies
            else "the bill names no currency",
            hint="read one billing account: each is in one currency",
        )
    # A warehouse's table is one file.
    names = table.source.files or {"": next((one.file for one in files), "")}
    return Counted(
        total=ControlTotal(
            lines=sum(int(row["x_lines"]) for row in rows),
            billed=sum((Decimal(str(row["billed"])) for row in rows), Decimal(0)),
            currency=currencies[0],
            files=files,
            accounted=accounted(every, names, lines="x_lines"),
            invoices=invoices(map(_invoiced, every), currencies[0], lines="x_lines"),
        ),
        types=tuple(sorted({kind for row in rows for kind in row["types"].split("|")[1:]})),
        skus=frozenset((str(row["service"]), str(row["sku"])) for row in rows),
        crossing=any(int(row["crossing"]) for row in rows),
        notes=tuple(notes),
    )
