"""A row of the frame `plan`."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]


def row(step: str, subject: str, why: str = "", **more: Any) -> Row:
    """One row, over the window; of `idle`, `now` and `later` what is not given is 0."""
    blank = {"idle": 0.0, "now": 0.0, "later": 0.0, "x_nodes": None, "x_to": None, "x_needs": None}
    return {"step": step, "subject": subject, "why": why} | blank | more


def saved_now(rows: Iterable[Row]) -> float:
    """Of all that is priced."""
    return float(sum(one["now"] for one in rows if not math.isnan(one["now"])))
