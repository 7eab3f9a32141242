"""A private folder that goes when nobody needs it any more, or the process ends."""

from __future__ import annotations

import weakref
from pathlib import Path

from burn.api.held import Held, sweep
from burn.api.temporary import temporary

PREFIX = "burn-bill-"


class Scratch:
    """Made at the first use; readable by this user only. Removes what killed processes left."""

    def __init__(self, prefix: str = PREFIX) -> None:
        self._prefix = prefix
        self._path: Path | None = None

    @property
    def path(self) -> Path:
        """The folder.

        Raises:
            AccessError: nothing temporary can be written.
        """
        if self._path is None:
            parent = temporary()
            sweep(parent, self._prefix)
            held = Held(parent, self._prefix, mode=0o700)
            self._path = held.path
            weakref.finalize(self, held.remove)
        return self._path
