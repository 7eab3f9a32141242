"""Where temporary files go."""

from __future__ import annotations

import tempfile
from pathlib import Path

from burn.api.errors import AccessError


def temporary() -> Path:
    """The first folder that can be written, of TMPDIR and the system's.

    Raises:
        AccessError: there is none, as where a container's root is read-only.
    """
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError as error:
        raise AccessError(
            f"temporary files have no place: {error.strerror}",
            hint="name a folder that can be written in TMPDIR; in a pod, mount an emptyDir at /tmp",
        ) from error
