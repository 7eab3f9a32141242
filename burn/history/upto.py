"""A history as it is for one report: that one is the latest, others are of its cluster and older."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from burn.history.kept import Kept
from burn.history.store import History


class Upto(History):
    """Reads what is kept; of the one report, from where that lies.

    Args:
        history: where reports are kept.
        kept: the latest.
        own: where that one lies; the same history, unless it was not kept there.
    """

    def __init__(self, history: History, kept: Kept, own: History | None = None) -> None:
        super().__init__(history.place)
        self.kept, self._own = kept, own or history

    def all(self, warn: Callable[[str], None] = lambda _: None) -> list[Kept]:
        """The one report, then the older ones of its cluster, the newest first."""
        latest = self.kept
        older = [
            one
            for one in super().all(warn)
            if (one.subject, one.bill) == (latest.subject, latest.bill)
            and one.kept_at <= latest.kept_at
            and one.name != latest.name
        ]
        return [latest, *older]

    def _read(self, kept: Kept, name: str, decode: Callable[[bytes], Any]) -> Any:
        if kept.name == self.kept.name and type(self._own) is History:
            return self._own._read(kept, name, decode)
        return super()._read(kept, name, decode)
