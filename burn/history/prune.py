"""Which kept reports may go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from burn.api import Window
from burn.history.kept import Kept


def to_prune(kept: Sequence[Kept], keep: int | timedelta, now: datetime) -> list[Kept]:
    """Reports that may go. The one that readers take of each window stays, whatever its age.

    Args:
        kept: all there are, the newest first.
        keep: that many of each window, or those of that time.
    """
    out: list[Kept] = []
    windows: dict[tuple[tuple[str, str], bool, Window], list[Kept]] = {}
    for one in kept:
        windows.setdefault((one.subject, one.bill, one.window), []).append(one)
    for group in windows.values():
        taken = next((one for one in group if one.final), group[0])
        if isinstance(keep, timedelta):
            old = [one for one in group if one.kept_at < now - keep]
        else:
            old = group[keep:]
        out += [one for one in old if one is not taken]
    return out
