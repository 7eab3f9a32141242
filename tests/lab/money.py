"""Exact money and amounts: integers in units of 1e-10, as fine as a cost report prints them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

UNIT = 10**10


def units(value: str | int | Decimal) -> int:
    """A decimal number as units; raises when it is finer than a unit."""
    scaled = Decimal(value) * UNIT
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"{value} is finer than 1e-10")
    return whole


def number(amount: int) -> Decimal:
    """Units as a decimal number."""
    return Decimal(int(amount)) / UNIT


def ratio(amount: int, numerator: int, denominator: int) -> int:
    """amount × numerator / denominator, rounded half away from zero."""
    product = amount * numerator
    sign = -1 if (product < 0) != (denominator < 0) else 1
    return sign * ((2 * abs(product) + abs(denominator)) // (2 * abs(denominator)))


def scale(amounts: np.ndarray, numerator: int, denominator: int = UNIT) -> np.ndarray:
    """`ratio` over an int64 array, exact: products are made in Python's integers, once a value."""
    import numpy as np

    values, back = np.unique(amounts, return_inverse=True)
    made = [ratio(int(value), numerator, denominator) for value in values]
    return np.array(made, dtype="int64")[back]
