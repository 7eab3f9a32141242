"""Folders that a process holds, so that what a killed one left behind can be told and removed.

A lock on the folder itself says that somebody is at work in it; the system drops it with the
process, however that ended. Where there are no such locks (Windows), age tells.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover  (Windows)
    fcntl = None  # type: ignore[assignment]

_DIGITS = 12
_ABANDONED = 86_400.0
"""Seconds after which a folder is left behind, where no lock can say so."""


class Held:
    """A new folder below `parent`, held until `release` or the end of the process.

    Args:
        parent: where to make it; must exist.
        prefix: how its name begins; what `sweep` looks for.
        mode: its permissions, less those that the umask takes away.
    """

    def __init__(self, parent: Path, prefix: str, mode: int = 0o777) -> None:
        self._handle: int | None = None
        while True:
            self.path = parent / f"{prefix}{secrets.token_hex(_DIGITS // 2)}"
            os.mkdir(self.path, mode)
            if fcntl is None:
                return
            with suppress(FileNotFoundError):  # a sweep came between making and locking it
                self._handle = os.open(self.path, os.O_RDONLY)
                fcntl.flock(self._handle, fcntl.LOCK_EX)
                if self.path.exists():
                    return
                os.close(self._handle)

    def release(self) -> None:
        """Let go of the folder, wherever it was moved, and keep it."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def remove(self) -> None:
        """Remove the folder, if it is still where it was made."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.release()


def sweep(parent: Path, prefix: str) -> None:
    """Remove this user's folders of that prefix that no process holds.

    Only those that `Held` named: others are of programs that hold no lock.
    """
    with suppress(OSError):
        for path in list(parent.glob(f"{prefix}{'[0-9a-f]' * _DIGITS}")):
            if _abandoned(path):
                shutil.rmtree(path, ignore_errors=True)


def _abandoned(path: Path) -> bool:
    try:
        status = path.lstat()
        if not path.is_dir() or path.is_symlink():
            return False
        if fcntl is None:
            return time.time() - status.st_mtime > _ABANDONED
        if status.st_uid != os.getuid():
            return False
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
