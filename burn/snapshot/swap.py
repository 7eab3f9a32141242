"""A folder appears whole or not at all, and an older one is there until the new one is in its place.

A kill at any moment leaves one whole folder: in its place, or set aside under a name that the next
reader or writer puts back. What a killed writer left is removed by the next one.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from burn.api.held import Held, sweep

WRITING, ASIDE = ".writing-", ".aside-"
_TRIES = 20
"""Other writers of the same folder that may come between, one after the other."""


@contextmanager
def replaced(place: Path) -> Iterator[Path]:
    """A new folder to fill, which takes the place of what is there when the block ends well."""
    place.parent.mkdir(parents=True, exist_ok=True)
    sweep(place.parent, WRITING)
    restore(place.parent)
    fresh = Held(place.parent, WRITING)
    try:
        yield fresh.path
        _put(fresh.path, place)
    finally:
        fresh.remove()


def restore(parent: Path) -> None:
    """Put back what was set aside for a folder that then never came, and remove the rest."""
    with suppress(OSError):
        for aside in list(parent.glob(f"{ASIDE}*")):
            place = parent / aside.name.removeprefix(ASIDE)
            with suppress(OSError):
                if place.exists():
                    shutil.rmtree(aside, ignore_errors=True)
                else:
                    aside.rename(place)


def _put(fresh: Path, place: Path) -> None:
    aside = place.with_name(f"{ASIDE}{place.name}")
    for _ in range(_TRIES):
        with suppress(OSError):  # nothing is there, or another writer set it aside just now
            place.rename(aside)
        try:
            fresh.rename(place)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            time.sleep(0.01)
            continue
        shutil.rmtree(aside, ignore_errors=True)
        return
    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(place))
