"""Cost by day: carried by somebody, idle, nobody's; days that may still change are hatched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from burn.api.money import cents, figure, spread
from burn.builtin.sinks.html.elements import Markup, tag
from burn.builtin.sinks.html.palette import DOWN, HATCHED, INK, MUTED, NOBODY, UP, chart, hatch
from burn.view.owners import BASIS_TOTALS

if TYPE_CHECKING:
    from burn.api import Report

WIDTH, HEIGHT, BOTTOM = 860.0, 220.0, 22.0
KINDS = ("carried", "idle", "nobody's")
COLOURS = {"carried": (DOWN, "down"), "idle": (UP, "up"), "nobody's": (NOBODY, "nobody")}


@dataclass(frozen=True, slots=True)
class Day:
    """Cents of one day at the run's basis, by what became of them."""

    date: str
    carried: int
    idle: int
    nobodys: int
    is_provisional: bool

    @property
    def total(self) -> int:
        """All of the day."""
        return self.carried + self.idle + self.nobodys


def days(report: Report) -> list[Day]:
    """Each day of the allocation; all cents add up to the basis' landing of the ledger."""
    frame, info = report.allocation, report.info
    rows = frame[frame["basis"].astype(str) == info.basis]
    kind = rows["kind"].astype(str)
    named = rows["namespace"].astype(str) != ""
    column = kind.where(kind == "idle", "nobody's").where(~named, "carried")
    sums = rows["cost"].groupby([rows["day"], column]).sum().unstack().fillna(0.0)
    sums = sums.reindex(columns=list(KINDS), fill_value=0.0).sort_index()
    values = spread(
        [float(v) for v in sums.to_numpy().ravel()], cents(report.totals.cluster(info.basis))
    )
    since = info.provisional_from
    shown = []
    for at, day in enumerate(sums.index):
        carried, idle, nobodys = values[3 * at : 3 * at + 3]
        late = since is not None and day >= since.replace(hour=0, minute=0, second=0, microsecond=0)
        shown.append(Day(day.strftime("%Y-%m-%d"), carried, idle, nobodys, late))
    return shown


def drawn(shown: Sequence[Day], basis: str, currency: str) -> Markup:
    """A bar a day."""
    most = max((day.total for day in shown), default=0)
    step = WIDTH / max(1, len(shown))
    parts = [hatch()]
    for at, day in enumerate(shown):
        parts.append(_bar(day, step * at, step, max(most, 1)))
    for at in (0, len(shown) - 1) if shown else ():
        anchor = "start" if at == 0 else "end"
        x = 0.0 if at == 0 else WIDTH
        parts.append(
            tag(
                "text",
                shown[at].date,
                x=x,
                y=HEIGHT - 6,
                text_anchor=anchor,
                fill=MUTED,
                class_="muted",
            )
        )
    top = tag("text", f"{figure(most)} {currency}", x=0.0, y=12.0, fill=INK, class_="ink")
    return chart(
        f"Cost by day, {BASIS_TOTALS[basis]}, {currency}",
        "A bar a day; from below: carried by namespaces, idle, nobody's."
        + " Hatched days may still change." * any(day.is_provisional for day in shown),
        WIDTH,
        HEIGHT,
        *parts,
        top,
        *_legend(),
    )


def _legend() -> list[Markup]:
    parts = []
    for at, name in enumerate(KINDS):
        x, (colour, kind) = WIDTH - 250 + 90.0 * at, COLOURS[name]
        parts.append(tag("rect", x=x, y=3.0, width=10.0, height=10.0, fill=colour, class_=kind))
        parts.append(tag("text", name, x=x + 15, y=12.0, fill=INK, class_="ink"))
    return parts


def _bar(day: Day, x: float, step: float, most: int) -> Markup:
    room, at = HEIGHT - BOTTOM - 18, HEIGHT - BOTTOM
    parts = [tag("title", f"{day.date}: {figure(day.total)}")]
    for name, value in zip(KINDS, (day.carried, day.idle, day.nobodys), strict=True):
        high = room * max(0, value) / most
        at -= high
        colour, kind = COLOURS[name]
        box = {"x": x + 1, "y": at, "width": max(1.0, step - 2), "height": high}
        parts.append(tag("rect", fill=colour, class_=kind, **box))
    if day.is_provisional:
        box = {"x": x + 1, "y": at, "width": max(1.0, step - 2), "height": HEIGHT - BOTTOM - at}
        parts.append(tag("rect", fill=HATCHED, fill_opacity=0.6, **box))
    return tag("g", *parts)
