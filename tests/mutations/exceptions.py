"""Mutations that no reader could notice: what they take away is nowhere else on the bill.

docs/explanation/ledger.md says so too, under what a residual of 0.00 cannot prove.
"""

from __future__ import annotations

import re

EXCEPTIONS = {
    r"gcp-\w+ nonsense (resource\.name|ResourceName) one": (
        "one line of a machine under another name: any text is a name, and an hour less of a"
        " machine's day is within the rounding of its start and end"
    ),
}
"""Format and mutation → why nobody can tell."""


def reason(name: str) -> str:
    """Why a mutation cannot be noticed; empty: it can be."""
    found = (why for expression, why in EXCEPTIONS.items() if re.fullmatch(expression, name))
    return next(found, "")
