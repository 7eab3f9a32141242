"""Cost over time as a page: a line for each name, each on its own scale, and the table of all figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from burn.api.money import count, figure
from burn.builtin.sinks.html.data import embedded
from burn.builtin.sinks.html.elements import Markup, Part, table, tag
from burn.builtin.sinks.html.palette import (
    DOWN,
    HATCHED,
    INK,
    LINE,
    MUTED,
    NOBODY,
    chart,
    hatch,
)
from burn.builtin.sinks.html.parts import document, money, section

WIDTH, ROW, ROOM = 860.0, 84.0, 48.0
_LABELS, _FIGURES = 230.0, 110.0
_LONGEST = {"day": 1, "week": 7, "month": 31}
"""Days to the next period; where there are more, something between is not kept."""


@dataclass(frozen=True, slots=True)
class Point:
    """A day, a week or a month.

    Attributes:
        complete: each of its days is kept.
        final: its bill can no longer change.
    """

    start: date
    complete: bool
    final: bool

    @property
    def sure(self) -> bool:
        """Whether its amounts are whole, and stay."""
        return self.final and self.complete

    @property
    def state(self) -> str:
        """As the table says it."""
        words = ["final" if self.final else "may still change"]
        return ", ".join(words + ["not every day is kept"] * (not self.complete))


@dataclass(frozen=True, slots=True)
class Line:
    """Cents of one name, a period each."""

    name: str
    cents: tuple[int, ...]


def trend_page(
    by: str,
    every: str,
    currency: str,
    points: Sequence[Point],
    lines: Sequence[Line],
    notes: Sequence[str],
) -> str:
    """One HTML document; every figure on it is in its JSON.

    Args:
        by: what the lines are told apart by.
        every: day, week or month.
        currency: of all cents.
        points: the periods, in order; at least one.
        lines: at least one.
        notes: sentences a reader must see.
    """
    span = f"{points[0].start} to that of {points[-1].start}"
    values: dict[str, Any] = {
        "by": by,
        "every": every,
        "currency": currency,
        "notes": list(notes),
        "periods": [
            {"start": one.start.isoformat(), "complete": one.complete, "final": one.final}
            for one in points
        ],
        "lines": [{"name": one.name, "amounts": [c / 100 for c in one.cents]} for one in lines],
    }
    title = f"Cost by {by}, {count(len(points), every)} from {span}"
    return document(
        title, _sections(title, every, currency, points, lines, notes), embedded(values)
    )


def _sections(
    title: str,
    every: str,
    currency: str,
    points: Sequence[Point],
    lines: Sequence[Line],
    notes: Sequence[str],
) -> Iterator[Markup]:
    marked = not all(one.sure for one in points)
    told = [f"{note[:1].upper()}{note[1:]}." for note in notes]
    if marked:
        told.append("Hatched: the bill can still change, or not every day is kept.")
    yield tag("header", tag("h1", title), *(tag("p", one, class_="warning") for one in told))
    yield section("Over time", _drawn(every, currency, points, lines))
    heads = (f"{every.capitalize()}, {currency}", *(one.name for one in lines), "Bill")
    rows: list[Sequence[Part]] = [
        (
            point.start.isoformat(),
            *(money(one.cents[at]) for one in lines),
            point.state,
        )
        for at, point in enumerate(points)
    ]
    yield section("All figures", table("Cost over time", heads, rows))


def _drawn(every: str, currency: str, points: Sequence[Point], lines: Sequence[Line]) -> Markup:
    first = points[0].start
    days = max(1, (points[-1].start - first).days)
    xs = [
        _LABELS + (WIDTH - _LABELS - _FIGURES) * (one.start - first).days / days for one in points
    ]
    parts = [hatch()]
    for at, line in enumerate(lines):
        parts += _row(line, ROW * at, xs, _stretches(every, points))
    foot = ROW * len(lines) + 14
    for x, one, anchor in ((xs[0], points[0], "start"), (xs[-1], points[-1], "end")):
        if anchor == "start" or len(points) > 1:
            text = one.start.isoformat()
            parts.append(
                tag("text", text, x=x, y=foot, text_anchor=anchor, fill=MUTED, class_="muted")
            )
    return chart(
        f"Cost over time, {currency}",
        "A line a name, from nothing to its own largest amount, which stands below its name; at the right"
        " the latest. Dashed and hatched: may still change, or not every day is kept.",
        WIDTH,
        foot + 8,
        *parts,
    )


def _stretches(every: str, points: Sequence[Point]) -> list[tuple[int, int, bool]]:
    """First and last period of each line that is drawn in one go, and whether its amounts are sure.

    A line begins anew after periods that are not kept; what is not sure hangs on what was before.
    """
    out: list[tuple[int, int, bool]] = []
    for at, point in enumerate(points):
        gap = at and (point.start - points[at - 1].start).days > _LONGEST[every]
        if out and not gap and out[-1][2] == point.sure:
            out[-1] = (out[-1][0], at, point.sure)
        else:
            out.append((at if gap or not out else at - 1, at, point.sure))
    return out


def _row(
    line: Line, top: float, xs: Sequence[float], stretches: Sequence[tuple[int, int, bool]]
) -> Iterator[Markup]:
    low, high = min(0, *line.cents, 0), max(1, *line.cents, 1)
    base = top + ROW - 16

    def y(cents: int) -> float:
        return base - ROOM * (cents - low) / (high - low)

    name = line.name if len(line.name) <= 28 else f"{line.name[:27]}…"
    yield tag("text", name, x=0.0, y=top + 32, fill=INK, class_="ink", font_weight="600")
    most = f"up to {figure(max(line.cents))}"
    yield tag("text", most, x=0.0, y=top + 50, fill=MUTED, class_="muted")
    latest = figure(line.cents[-1])
    yield tag("text", latest, x=WIDTH, y=top + 41, text_anchor="end", fill=INK, class_="ink")
    yield tag("path", d=f"M{xs[0]:.1f} {y(0):.1f}H{xs[-1]:.1f}", stroke=LINE, class_="line")
    width = (xs[-1] - xs[0]) / max(1, len(xs) - 1) or 12.0
    for begin, end, sure in stretches:
        if not sure:
            left, right = max(xs[0], xs[begin] - width / 2), xs[end] + width / 2
            box = {"x": left, "y": base - ROOM, "width": right - left, "height": ROOM}
            yield tag("rect", fill=NOBODY, class_="nobody", fill_opacity=0.3, **box)
            yield tag("rect", fill=HATCHED, fill_opacity=0.6, **box)
    for begin, end, sure in stretches:
        spots = [f"{xs[at]:.1f} {y(line.cents[at]):.1f}" for at in range(begin, end + 1)]
        yield tag(
            "path",
            d=f"M{'L'.join(spots)}",
            fill="none",
            stroke=DOWN,
            class_="trend",
            stroke_width=2.0,
            stroke_dasharray=None if sure else "4 3",
        )
    yield tag("circle", cx=xs[-1], cy=y(line.cents[-1]), r=3.0, fill=DOWN, class_="down")
