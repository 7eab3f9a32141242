"""Nodes behind idle as bars, and the table of their figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from burn.api.money import figure
from burn.builtin.sinks.html.elements import Markup, joined, table, tag
from burn.builtin.sinks.html.palette import DOWN, INK, UP, chart
from burn.builtin.sinks.html.parts import money, section
from burn.view.idle import IdleNode

ROW, LABELS, BARS, FIGURES = 24.0, 280.0, 470.0, 110.0


def idle(nodes: Sequence[IdleNode], currency: str) -> Markup:
    """The section; all nodes' sums are its last row."""
    heads = (f"Node, {currency}", "Type", "At list price", "Of it idle")
    rows = [(one.label, one.type, money(one.cost), money(one.idle)) for one in nodes]
    sums = (money(sum(one.cost for one in nodes)), money(sum(one.idle for one in nodes)))
    return section(
        "Nodes behind idle",
        _drawn([one for one in nodes if one.nodes == 1], currency),
        table("Nodes with the most idle cost", heads, [*rows, ("= All nodes", "", *sums)]),
    )


def as_json(nodes: Sequence[IdleNode]) -> dict[str, Any]:
    """The same, in the report's currency."""
    rows = [asdict(one) | {"cost": one.cost / 100, "idle": one.idle / 100} for one in nodes]
    cost, idle = (sum(getattr(one, name) for one in nodes) / 100 for name in ("cost", "idle"))
    return {"rows": rows, "cost": cost, "idle": idle}


def _drawn(nodes: Sequence[IdleNode], currency: str) -> Markup:
    """A bar a node; one of all others would dwarf them."""
    most = max(1, *(one.cost for one in nodes))
    parts: list[Markup] = []
    for at, one in enumerate(nodes):
        top, middle = ROW * at, ROW * at + ROW * 0.68
        label = one.label if len(one.label) <= 36 else f"{one.label[:35]}…"
        width, part = (BARS * max(0, cents) / most for cents in (one.cost, one.idle))
        box = {"x": LABELS, "y": top + 4, "height": ROW - 8}
        parts.append(tag("text", label, x=0.0, y=middle, fill=INK, class_="ink"))
        parts.append(tag("rect", width=width, fill=DOWN, class_="down", **box))
        parts.append(tag("rect", width=min(part, width), fill=UP, class_="up", **box))
        amount = figure(one.idle)
        end = LABELS + BARS + FIGURES
        parts.append(
            tag("text", amount, x=end, y=middle, text_anchor="end", fill=INK, class_="ink")
        )
    return chart(
        f"Nodes with the most idle cost, {currency}",
        "A bar a node, as long as its cost at list price; the first part of it, in orange, is idle, and"
        " its amount stands at the right.",
        LABELS + BARS + FIGURES,
        ROW * len(nodes) + 8,
        joined(parts),
    )
