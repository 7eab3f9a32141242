"""Files that a run reads beside the bill: what they hold makes its numbers, so it makes its id."""

from __future__ import annotations

from hashlib import file_digest
from pathlib import Path

from burn.api import AccessError


def digested(path: Path) -> str:
    """The file's name and the digest of its content: the same wherever the file lies.

    Raises:
        AccessError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()[:12]
    except OSError as error:
        raise AccessError(
            f"file {path} cannot be read: {error.strerror or error}",
            hint="a relative path starts where burn runs; `{here}` is the folder of burn.toml",
        ) from error
    return f"{path.name} (sha256 {digest})"
