"""Arithmetic over citations, so that nobody has to trust a sum made in passing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import quote

from annotated_types import MaxLen, MinLen

from burn.api import UsageError
from burn.questions.figures import NOTHING, Figure, added
from burn.questions.kind import Kind, Name, required

if TYPE_CHECKING:
    from burn.questions.cite import Cite
    from burn.questions.desk import Desk

SCOPE = "calculate"
_LONGEST = 3_000
_STEP = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Takes:
    """Parameters of `calculate`."""

    op: Literal["sum", "difference", "ratio", "percent"] = required("percent: first in % of second")
    cites: Annotated[tuple[Name, ...], MinLen(2), MaxLen(20)] = required("2 to 20")


@dataclass(frozen=True, slots=True)
class Calculated:
    """The result.

    Attributes:
        figure: of a sum or a difference; else null.
        ratio: of a ratio; else null.
        percent: of a percentage; else null.
        of: the figures that it is made of.
    """

    figure: Figure | None
    ratio: Decimal | None
    percent: Decimal | None
    of: tuple[Figure, ...]


def found(desk: Desk, asked: Cite) -> Figure | None:
    """What a citation of a sum or a difference leads to."""
    op, *cites = asked.words or ("",)
    if op not in ("sum", "difference") or len(cites) < 2 or asked.keys:
        return None
    return _money(op, tuple(cites), _figures(desk, op, tuple(cites)))


def _answer(desk: Desk, takes: Takes) -> Calculated:
    figures = _figures(desk, takes.op, takes.cites)
    if takes.op in ("sum", "difference"):
        return Calculated(_money(takes.op, takes.cites, figures), None, None, figures)
    first, second = (figure.amount for figure in figures)
    if second == 0:
        raise UsageError(f"`{takes.op}` of nothing: the second figure is 0")
    value = (first / second).quantize(_STEP, ROUND_HALF_EVEN)
    if takes.op == "ratio":
        return Calculated(None, value, None, figures)
    percent = (first * 100 / second).quantize(_STEP, ROUND_HALF_EVEN)
    return Calculated(None, None, percent, figures)


def _figures(desk: Desk, op: str, cites: tuple[str, ...]) -> tuple[Figure, ...]:
    """All of them, in one currency.

    Raises:
        UsageError: too few or many, one of them twice, or in several currencies.
    """
    from burn.questions.cited import cited

    if op != "sum" and len(cites) != 2:
        raise UsageError(f"`{op}` takes two citations, not {len(cites)}")
    if op == "sum" and len(set(cites)) < len(cites):
        raise UsageError("one citation is in the sum twice")
    if sum(map(len, cites)) > _LONGEST:
        raise UsageError("the citations are too long", hint="calculate in fewer steps")
    figures = tuple(cited(desk, one).figure for one in cites)
    if len({figure.currency for figure in figures}) > 1:
        raise UsageError("the figures are in different currencies, and nothing states a rate")
    return figures


def _money(op: str, cites: tuple[str, ...], figures: tuple[Figure, ...]) -> Figure:
    amounts = [figure.amount for figure in figures]
    amount = added(amounts) if op == "sum" else amounts[0] - amounts[1] + NOTHING
    # Whole, never as a digest: the citation must lead back to its parts.
    where = "/".join((SCOPE, op, *(quote(one, safe="") for one in cites)))
    return Figure(
        amount,
        figures[0].currency,
        _all(figure.basis for figure in figures),
        _all(figure.window for figure in figures),
        where,
    )


def _all(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words))


KIND = Kind(
    SCOPE,
    "Arithmetic over citations",
    "Exact sum, difference, ratio or percentage of cited figures. Never calculate yourself.",
    Takes,
    Calculated,
    _answer,
)
