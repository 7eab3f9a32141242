"""The observed days of a run: in memory while they are one batch, else on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from burn.api import Observation, Scope, Window, joined
from burn.api.held import Held, sweep
from burn.api.temporary import temporary
from burn.snapshot import read_days, write_day
from burn.work.batches import ROWS

PREFIX = "burn-days-"


class DayStore:
    """Days that were observed and checked; they are not checked again.

    Args:
        scope: as observed.
        stack: closes what is opened for days on disk.
    """

    def __init__(self, scope: Scope, stack: ExitStack) -> None:
        self._scope = scope
        self._stack = stack
        self._room = ROWS
        self._root: Path | None = None
        self._held: dict[Window, Observation] = {}

    def write(self, day: Window, observation: Observation) -> None:
        """Keep one day."""
        self._room -= len(observation.usage)
        self._held[day] = observation
        if self._room >= 0:
            return
        if self._root is None:
            self._root = self._stack.enter_context(_folder())
        for window, seen in self._held.items():
            write_day(self._root, self._scope, window, seen)
        self._held.clear()

    def reader(self) -> Callable[[Window], Observation]:
        """Gives the days of a window back, as they were written; from disk, in any process."""
        if self._root is not None:
            return partial(read_days, self._root, self._scope.cluster)
        return self._from_memory

    def _from_memory(self, window: Window) -> Observation:
        return joined([self._held[day] for day in window.days()])


@contextmanager
def day_store(scope: Scope) -> Iterator[DayStore]:
    """A store that is gone when the run ends."""
    sweep(temporary(), PREFIX)
    with ExitStack() as stack:
        yield DayStore(scope, stack)


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Held(temporary(), PREFIX, mode=0o700)
    try:
        yield folder.path
    finally:
        folder.remove()
