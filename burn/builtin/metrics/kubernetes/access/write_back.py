"""New tokens go where the old ones stood, as kubectl does it: the next program needs them, too."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from burn.builtin.metrics.kubernetes.access.entry import Entry
from burn.builtin.metrics.kubernetes.access.kubeconfig import parsed


def write_back(user: Entry, tokens: Mapping[str, str]) -> None:
    """Put tokens into the auth-provider of a user, in the file that it stands in.

    The file is read anew, so that what others wrote meanwhile stays; its comments go.

    Raises:
        OSError: it cannot be written, or another program writes it now.
    """
    import yaml

    # kubectl's own lock: whoever made the file may write.
    lock = user.file.with_name(f"{user.file.name}.lock")
    os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
    try:
        document: dict[str, Any] = dict(parsed(user.file).values)
        for row in document.get("users") or ():
            if row.get("name") == user.name:
                row["user"]["auth-provider"]["config"].update(tokens)
        _replace(user.file, yaml.safe_dump(document, sort_keys=False, allow_unicode=True))
    finally:
        lock.unlink()


def _replace(path: Path, text: str) -> None:
    """All or nothing, with the rights that the file had; a link stays one."""
    path = path.resolve()
    handle, new = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as sink:
            sink.write(text)
        os.chmod(new, path.stat().st_mode & 0o7777)
        os.replace(new, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(new)
        raise
