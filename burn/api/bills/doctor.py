"""Checks of `burn doctor` that all providers make alike: one thing each, with its next step."""

from __future__ import annotations

from collections.abc import Callable

from burn.api.contract import Check
from burn.api.errors import BurnError


def looked(name: str, look: Callable[[], str], hint: str = "") -> Check:
    """A check that a run depends on.

    Args:
        name: what is looked at.
        look: says what is there, or raises.
        hint: the next step where the error has none.
    """
    try:
        return Check(name=name, ok=True, detail=look())
    except BurnError as error:
        return Check(name=name, ok=False, detail=error.message, hint=error.hint or hint)


def price_list(name: str, look: Callable[[], str]) -> Check:
    """A price list that cannot be asked: no failure, as the bill teaches most prices.

    A dated table labels the rest.
    """
    try:
        return Check(name=name, ok=True, detail=look())
    except BurnError as error:
        detail = f"not used: {error.message}"
        return Check(name=name, ok=True, detail=detail, hint=error.hint or "")
