"""The observed days of a run: written once, read as often as needed, one day in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from burn.api import Observation, Scope, Window
from burn.api.held import Held, sweep
from burn.snapshot import read_day, write_day

PREFIX = "burn-days-"
Read = Callable[[Window], Observation]


class DayStore:
    """A temporary snapshot, in the format `burn collect` writes."""

    def __init__(self, root: Path, scope: Scope) -> None:
        self._root = root
        self._scope = scope

    def write(self, day: Window, observation: Observation) -> None:
        """Keep one day."""
        write_day(self._root, self._scope, day, observation)

    def read(self, day: Window) -> Observation:
        """Give one day back, as it was written."""
        return read_day(self._root, self._scope.cluster, day)


@contextmanager
def day_store(scope: Scope) -> Iterator[DayStore]:
    """A store that is gone when the run ends."""
    parent = Path(tempfile.gettempdir())
    sweep(parent, PREFIX)
    folder = Held(parent, PREFIX, mode=0o700)
    try:
        yield DayStore(folder.path, scope)
    finally:
        folder.remove()
