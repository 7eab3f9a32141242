"""Figures of an answer as whole cents that add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from burn.api import money, spread

Answer = Mapping[str, Any]


def amount(figure: Answer) -> Decimal:
    """Its exact amount."""
    return Decimal(figure["amount"])


def whole(figure: Answer) -> int:
    """Its amount in cents."""
    return round(amount(figure) * 100)


def shown(figure: Answer) -> str:
    """Its amount with the currency."""
    return money(whole(figure), figure["currency"])


def column(figures: Sequence[Answer], total: Answer) -> tuple[list[int], int, int]:
    """Cents of rows, of what they leave out, and of the total; the first two add up to it."""
    amounts = [amount(one) for one in figures]
    of = amount(total)
    left = of - sum(amounts, Decimal(0))
    # `spread` takes any numbers; decimals stay exact.
    parts: list[int] = spread([*amounts, left], whole(total))  # type: ignore[list-item]
    return parts[:-1], parts[-1], whole(total)
