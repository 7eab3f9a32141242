"""The bill counted plainly, before anything is done with it; and what is on it."""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from burn.api import ControlTotal, DataError, Window
from burn.api.bills import span
from burn_gcp.bill.facts import gross, in_scope
from burn_gcp.bill.typed import ZERO, Table
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
    """

    total: ControlTotal
    types: tuple[str, ...]
    skus: frozenset[tuple[str, str]]
    crossing: bool


def control_query(table: Table, scope: GcpScope, window: Window) -> str:
    """Lines, cost and credits as they stand, per currency, SKU and the credits' types."""
    facts = {
        "currency": table.text("currency"),
        "service": table.text("service"),
        "sku": table.text("sku"),
        "types": table.credit_types(),
        "share": table.share(window),
        "total": f"(COALESCE({gross(table)}, {ZERO}) + {table.credit(())})",
    }
    if table.format.focus:
        facts["total"] = f"COALESCE({table.money('cost')}, {ZERO})"
    items = ", ".join(f"{sql} AS {name}" for name, sql in facts.items())
    inner = f"SELECT {items} FROM {table.source.relation} WHERE {in_scope(table, scope, window)}"
    return (
        "SELECT currency, service, sku, types, COUNT(*) AS x_lines, COUNT(share) AS crossing, "
        f"SUM({span.within('total', crossing=True)}) AS billed "
        f"FROM ({inner}) AS facts GROUP BY 1, 2, 3, 4"
    )


def counted(result: pa.Table, window: Window) -> Counted:
    """What the query found.

    Raises:
        DataError: no line, several currencies or none.
    """
    rows = result.to_pylist()
    if not rows:
        raise DataError(
            f"the bill has no line in {window}",
            hint="check the window, provider.gcp.projects and where the bill is",
        )
    found = sorted({str(row["currency"]) for row in rows if row["currency"]})
    if len(found) != 1:
        raise DataError(
            f"the bill is in several currencies: {', '.join(found)}"
            if found
            else "the bill names no currency",
            hint="read one billing account: each is in one currency",
        )
    return Counted(
        total=ControlTotal(
            lines=sum(int(row["x_lines"]) for row in rows),
            billed=sum((Decimal(str(row["billed"])) for row in rows), Decimal(0)),
            currency=found[0],
        ),
        types=tuple(sorted({kind for row in rows for kind in row["types"].split("|")[1:]})),
        skus=frozenset((str(row["service"]), str(row["sku"])) for row in rows),
        crossing=any(int(row["crossing"]) for row in rows),
    )
