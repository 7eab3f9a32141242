"""Keeps a library's own output off the terminal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silenced(yes: bool) -> Iterator[None]:
    """What native code and its children write to standard error is dropped until the block ends.

    Arrow's client looks for `az` with a shell, which says so where there is none.
    """
    if not yes:
        yield
        return
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
