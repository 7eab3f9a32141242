"""Standard output as a place that may be closed or full, which is neither burn's fault nor a plugin's."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from burn.api.errors import AccessError

ENVIRONMENT = frozenset(
    {
        *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM),
        *(errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENAMETOOLONG, errno.ENOTDIR, errno.EBUSY),
    }
)
"""Errors of the machine: no room, no permission, too many open files, a broken disk."""


@contextmanager
def standard_output() -> Iterator[TextIO]:
    """Standard output, to write to; it is flushed at the end.

    Raises:
        AccessError: it is closed, or what is behind it takes no more.
        BrokenPipeError: its reader has left; nobody is there to be told.
    """
    out: TextIO | None = sys.stdout
    if out is None or out.closed:
        raise AccessError("standard output is closed", hint="name a file with --output PATH")
    try:
        yield out
        out.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise AccessError(
            f"standard output cannot be written: {error.strerror or error}",
            hint="make room, or name a file elsewhere with --output PATH",
        ) from error


def refusal(error: OSError) -> AccessError | None:
    """What the machine refused, as an error that names the file; None when it is something else."""
    if error.errno not in ENVIRONMENT:
        return None
    what = f"`{error.filename}`" if error.filename else "a file"
    return AccessError(
        f"{what} cannot be written or read: {error.strerror or os.strerror(error.errno or 0)}",
        hint="make room or give permission there; temporary files go where TMPDIR says",
    )
