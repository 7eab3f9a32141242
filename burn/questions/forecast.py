"""What the month that runs, and those after it, will cost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from annotated_types import Ge, Le

from burn.api import setting
from burn.history.forecast import Forecast, Month, forecast
from burn.questions.cite import cite
from burn.questions.figures import Figure, exact, one
from burn.questions.kind import CLUSTER, Kind, Name
from burn.questions.paging import Omitted, page, text
from burn.view.waterfall import known

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from burn.history.kept import Kept
    from burn.questions.desk import Desk

MOST = 6
Months = Annotated[int, Ge(1), Le(MOST)]
PARTS = ("so_far", "to_come", "total", "low", "high")
_BASES = {"REPORT": "list", "CLUSTER": "effective", "ACCOUNT": "effective", "BILLED": "billed"}
_DRIVERS = 5


@dataclass(frozen=True, slots=True)
class Takes:
    """Parameters of `forecast`."""

    month: Months = setting(1, help="1: the month that runs; 2: the one after it, and so on")
    cluster: Name = setting("", help=CLUSTER)


@dataclass(frozen=True, slots=True)
class Landing:
    """A total of a month; so_far and to_come add up to it.

    Attributes:
        low, high: the bounds of four times in five; null: it could not be tried on its own past.
    """

    name: str
    so_far: Figure
    to_come: Figure
    total: Figure
    low: Figure | None
    high: Figure | None


@dataclass(frozen=True, slots=True)
class Line:
    """A driver's forecast of a month."""

    name: str
    title: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Ahead:
    """A month.

    Attributes:
        known: days of it that are final; the others are forecast.
        drivers: the largest of the month; with what is omitted they add up to BILLED.
    """

    month: str
    days: int
    known: int
    landings: tuple[Landing, ...]
    drivers: tuple[Line, ...]
    omitted: Omitted


@dataclass(frozen=True, slots=True)
class Answer:
    """A month ahead.

    Attributes:
        first, last: of the final days it is made from.
        held: how often, of 100, sums of its own past lay within the bounds; null: not tried.
    """

    cluster: str
    provider: str
    first: str
    last: str
    held: int | None
    month: Ahead
    notes: tuple[str, ...]


class Looked:
    """A forecast as of an instant, and the addresses of its figures."""

    def __init__(self, desk: Desk, mine: Sequence[Kept], months: int) -> None:
        self.mine, self.count = mine, months
        self.made: Forecast = desk.once(
            ("forecast", months, mine[0].name, len(mine)),
            lambda: forecast(desk.history(("driver",)), mine, months),
        )

    def amounts(self, month: Month, name: str) -> dict[str, Decimal]:
        """Parts of a landing."""
        found = month.landings[name]
        so_far, to_come = one(found.so_far), one(found.to_come)
        parts = {"so_far": so_far, "to_come": to_come, "total": so_far + to_come}
        if not math.isnan(found.half):
            half = one(found.half)
            parts |= {"low": parts["total"] - half, "high": parts["total"] + half}
        return parts

    def drivers(self, month: Month) -> list[tuple[str, Decimal]]:
        """Drivers of a month, the largest first; they add up to BILLED."""
        sums = [so_far + to_come for so_far, to_come in month.drivers.values()]
        amounts = exact(sums, self.amounts(month, "BILLED")["total"])
        found = zip(month.drivers, amounts, strict=True)
        return sorted(found, key=lambda item: (-abs(item[1]), item[0]))

    def figure(self, amount: Decimal, month: Month, basis: str, **keys: str) -> Figure:
        """An amount of a month."""
        newest = self.mine[0]
        head = {
            "cluster": newest.cluster or "",
            "provider": newest.provider,
            "kept": newest.kept_at.isoformat(),
            "ahead": str(self.count),
        }
        given = {key: value for key, value in {**head, **keys}.items() if value}
        window = f"{month.start:%Y-%m}, forecast"
        return Figure(amount, text(self.made.currency), basis, window, cite("forecast", **given))


def basis(landing: str) -> str:
    """At which cost a landing is."""
    return _BASES[landing]


def _month(found: Looked, month: Month) -> Ahead:
    landings = []
    for name in month.landings:
        amounts = found.amounts(month, name)
        parts = {
            part: found.figure(amounts[part], month, basis(name), landing=name, part=part)
            if part in amounts
            else None
            for part in PARTS
        }
        landings.append(Landing(name, **parts))  # type: ignore[arg-type]

    def line(name: str, amount: Decimal) -> Line:
        title = text(known(name.partition("/")[2], "").title)
        return Line(text(name), title, found.figure(amount, month, "billed", driver=name))

    made = page(found.drivers(month), line, 0, _DRIVERS)
    rest = found.figure(made.rest, month, "billed", but=f"0..{len(made.rows)}")
    return Ahead(
        f"{month.start:%Y-%m}",
        month.days,
        month.known,
        tuple(landings),
        made.rows,
        Omitted(made.left, rest, None),
    )


def _answer(desk: Desk, takes: Takes) -> Answer:
    mine = desk.mine(takes.cluster)
    found = Looked(desk, mine, takes.month)
    tested = found.made.tested["BILLED"]
    return Answer(
        cluster=text(mine[0].cluster or ""),
        provider=text(mine[0].provider),
        first=f"{found.made.first:%Y-%m-%d}",
        last=f"{found.made.last:%Y-%m-%d}",
        held=None if math.isnan(tested.coverage) else round(100 * tested.coverage),
        month=_month(found, found.made.months[-1]),
        notes=tuple(text(note, 400) for note in found.made.notes),
    )


KIND = Kind(
    "forecast",
    "The months ahead",
    "What the month that runs and those after it will cost, from final days alone, with bounds.",
    Takes,
    Answer,
    _answer,
)
