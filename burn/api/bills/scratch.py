"""A private folder that goes when nobody holds it any more, or the process ends."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path


class Scratch:
    """Made at the first use; readable by this user only."""

    def __init__(self) -> None:
        self._path: Path | None = None

    @property
    def path(self) -> Path:
        """The folder."""
        if self._path is None:
            self._path = Path(tempfile.mkdtemp(prefix="burn-bill-"))
            weakref.finalize(self, shutil.rmtree, self._path, ignore_errors=True)
        return self._path
