"""Money as people read it: whole cents that add up, signs, percentages."""

from __future__ import annotations

import math
from collections.abc import Sequence

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}


def cents(amount: float) -> int:
    """The nearest whole cent; never a negative zero."""
    return round(amount * 100)


def spread(amounts: Sequence[float], total: int, per_unit: int = 100) -> list[int]:
    """Cents for each amount that add up to `total` cents, each within one cent of its amount.

    Another `per_unit` than 100 counts in other parts of the currency's unit: 1,000,000 in millionths.

    Rounding row by row would leave a table that misses its own total by a few cents; the
    largest-remainder method gives the missing cents to the rows that lost most.
    Amounts that do not add up to the total to begin with are rounded singly, so that the
    difference stays visible.
    """
    floors = [math.floor(amount * per_unit) for amount in amounts]
    missing = total - sum(floors)
    if not 0 <= missing <= len(floors):
        return [round(amount * per_unit) for amount in amounts]
    by_loss = sorted(range(len(floors)), key=lambda i: (floors[i] - amounts[i] * per_unit, i))
    for i in by_loss[:missing]:
        floors[i] += 1
    return floors


def figure(value: int, *, sign: bool = False) -> str:
    """Cents as `1,234.56`, with an explicit sign if asked; ASCII, so that it pastes as a number."""
    return f"{value / 100:{'+' if sign and value else ''},.2f}"


def money(value: int, currency: str) -> str:
    """Cents with their currency: `$1,234.56`, `-€3.20`, `SEK 1,234.56`."""
    symbol = SYMBOLS.get(currency, f"{currency} ")
    return f"{'-' if value < 0 else ''}{symbol}{figure(abs(value))}"


def percent(part: int, whole: int) -> str:
    """`+12.3 %`; empty when the whole is nothing."""
    return f"{100 * part / whole:+,.1f} %" if whole else ""


def count(number: int, noun: str) -> str:
    """`1 bill line`, `1,204 bill lines`."""
    if number == 1:
        return f"1 {noun}"
    head, space, rest = noun.partition(" of ")
    ies = head.endswith("y") and head[-2:-1] not in "aeou"
    plural = f"{head[:-1]}ies" if ies else f"{head}s"
    plural += space + rest
    return f"{number:,} {plural}"
