"""What an export says of the commitments on it: their kind, name and term, and the size they cover.

No export has an end: it is on the reservation's or the savings plan's order, which burn does not ask.
Source: Microsoft Learn, "Understand cost details fields" (`Term`, `BenefitName`) and the columns of
Azure's FOCUS export (`x_SkuTerm`).
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.api.bills.commitments import only, terms_frame
from burn_azure.bill.lines.facts import names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from burn.api import CommitmentTermsFrame
    from burn_azure.bill.lines.table import Table


def held(tables: Iterable[Table], *, author: str) -> CommitmentTermsFrame:
    """The frame of the bill's commitments, each fact from the first dataset that says it.

    Args:
        tables: from `summed.summed`; the actual export has the purchase, the amortised one the usage.
        author: for the frame's errors.
    """
    found: dict[str, dict[str, Any]] = {}
    for table in tables:
        for row in table.source.engine.query(held_query(table)).to_pylist():
            known = found.setdefault(row["commitment_discount_id"], {})
            known |= {name: value for name, value in row.items() if value and not known.get(name)}
    return terms_frame(found.values(), author=author)


def held_query(table: Table) -> str:
    """One row a commitment that a line names."""
    facts = names(table)
    size = "REGEXP_REPLACE(size, '_Promo$', '')"
    # A term of a month is a subscription's, not a commitment's.
    items = {
        "commitment_discount_id": facts["commitment"],
        "name": table.text("held_name"),
        "kind": facts["commitment_type"],
        "term": f"CASE WHEN {table.text('term')} IN ('', '1') THEN '' ELSE {table.text('term')} END",
        "size": size,
        "place": facts["region"],
    }
    inner = ", ".join(f"{sql} AS {name}" for name, sql in items.items())
    bound = "CASE MIN(kind) WHEN 'savings plan' THEN 'any' WHEN 'reservation' THEN CASE WHEN MAX(size) <> '' THEN 'family' ELSE '' END ELSE '' END"
    return (
        f"SELECT commitment_discount_id, {only('name')} AS name, {only('term')} AS term, "
        f"{bound} AS bound, {only('place')} AS region, MIN(NULLIF(size, '')) AS family "
        f"FROM (SELECT {inner} FROM {table.source.relation}) AS named "
        "WHERE commitment_discount_id <> '' GROUP BY commitment_discount_id "
        "ORDER BY commitment_discount_id"
    )
