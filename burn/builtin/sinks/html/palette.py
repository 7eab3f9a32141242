"""Colours as attributes, which survive where a server forbids styles; page.css has the dark ones.

Blue and orange are told apart by people who see no red or no green; signs and hatching say the same.
"""

from __future__ import annotations

from burn.builtin.sinks.html.elements import Markup, tag

TOTAL, UP, DOWN = "#44546a", "#b45309", "#1d5f9e"
INK, MUTED, LINE = "#1b2430", "#5b6675", "#d5dbe3"
OWNERS = ("#1d5f9e", "#2f74b5", "#4b8bc6", "#6ba1d3", "#8fb9df")
NOBODY = "#8a94a3"
HATCH, HATCHED = "hatch", "url(#hatch)"


def hatch() -> Markup:
    """The pattern of what is nobody's, or may still change."""
    stripe = tag("path", d="M0 8 8 0", stroke="#ffffff", stroke_width=2.0)
    pattern = tag("pattern", stripe, id=HATCH, width=8.0, height=8.0, patternUnits="userSpaceOnUse")
    return tag("defs", pattern)


def chart(title: str, description: str, width: float, height: float, *parts: Markup) -> Markup:
    """An SVG that a screen reader takes for one picture; the table after it has its figures."""
    return tag(
        "div",
        tag(
            "svg",
            tag("title", title),
            tag("desc", description),
            *parts,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {width:g} {height:g}",
            width=width,
            height=height,
            role="img",
            font_family="system-ui, sans-serif",
            font_size=13.0,
        ),
        class_="chart",
    )
