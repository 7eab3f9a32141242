"""Commitments on the bill as a table, and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.builtin.sinks.html.elements import Markup, joined, table, tag
from burn.builtin.sinks.html.parts import money, section
from burn.view.commitments import HEADS, UNKNOWN, cells, sentence

if TYPE_CHECKING:
    from burn.view.commitments import Commitments


def section_of(found: Commitments, currency: str) -> Markup:
    """The section; what no commitment covers is its last row."""
    heads = (f"Commitment, {currency} a month", *(head.capitalize() for head in HEADS))
    rows: list[tuple[Any, ...]] = []
    for one in found.rows:
        used, *_, ends = cells(one)
        without = "not known" if one.on_demand is None else money(one.on_demand)
        named = joined([one.label, tag("br"), tag("small", one.what)])
        rows.append((named, used, money(one.cost), money(one.cluster), without, ends))
    rows.append(("Nodes on demand", "", "", money(found.open), money(found.open), ""))
    told = tag("p", f"{sentence(found)}.")
    return section("Commitments", table("Commitments on the bill", heads, rows), told)


def as_json(found: Commitments | None) -> dict[str, Any] | None:
    """The same, in the report's currency; what is not known is null."""
    if found is None:
        return None
    rows = [
        {
            "label": one.label,
            "what": one.what,
            "ends": None if one.ends == UNKNOWN else one.ends,
            "utilised": one.utilised,
            "cost": one.cost / 100,
            "cluster": one.cluster / 100,
            "on_demand": None if one.on_demand is None else one.on_demand / 100,
        }
        for one in found.rows
    ]
    return {"rows": rows, "open": found.open / 100, "coverage": found.coverage}
