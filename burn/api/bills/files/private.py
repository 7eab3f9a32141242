"""Copies of a bill are for the user alone, whatever the umask says."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO


def private_folder(path: Path) -> None:
    """Make a folder, and those above it that are not there, for this user only."""
    if not path.is_dir():
        private_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


def open_private(path: Path) -> BinaryIO:
    """A new or emptied file that only this user may read."""
    return open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600))
