"""The unit of work: as many whole days as fit a number of rows, and never less than one day."""

from __future__ import annotations

from collections.abc import Sequence

from burn.api import Window

ROWS = 1_000_000
"""Rows of the usage frame that one batch may have: what bounds memory, whatever the window."""


def batches(days: Sequence[Window], rows: Sequence[int], most: int = ROWS) -> list[Window]:
    """The days, joined to windows in order.

    Results do not depend on how days are joined, and this not on how many processes there are.

    Args:
        days: each follows the one before it.
        rows: of each day.
        most: rows of a batch, unless a single day has more.
    """
    out: list[Window] = []
    room = 0
    for day, count in zip(days, rows, strict=True):
        if out and count <= room:
            out[-1] = Window(out[-1].start, day.end)
            room -= count
        else:
            out.append(day)
            room = most - count
    return out
