"""Where a sink writes: standard output, a file, a directory or a bucket, with errors a reader can use."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from burn.api import AccessError, UsageError
from burn.api.standard_output import standard_output
from burn.place import Place


def write_text(text: str | Iterable[str], target: str | None) -> None:
    r"""Write UTF-8 text with `\n` line ends, whole or in pieces; None means standard output.

    Standard output keeps its own encoding; what it cannot show becomes `?`.

    Raises:
        AccessError: the target cannot be written.
    """
    pieces = [text] if isinstance(text, str) else text
    if target is not None:
        write_file((piece.encode() for piece in pieces), target)
        return
    with standard_output() as out:
        encoding = out.encoding or "utf-8"
        for piece in pieces:
            out.write(piece.encode(encoding, "replace").decode(encoding))


def write_file(pieces: Iterable[bytes], target: str) -> None:
    """Write a file, or an object of a bucket (`s3://…`, `gs://…`, `abfss://…`), over an older one.

    Raises:
        UsageError: the address is none that can be used.
        AccessError: it cannot be written.
    """
    if not _in_bucket(target):
        write_bytes(pieces, Path(target))
        return
    address, mark, options = target.partition("?")
    folder, _, name = address.rpartition("/")
    if not name or folder.endswith("/"):
        raise UsageError(
            f"--output {address} names no file in a bucket", hint="e.g. s3://BUCKET/report.html"
        )
    _Reports(f"{folder}{mark}{options}").write(name, b"".join(pieces))


def within(target: str, name: str) -> str:
    """A file of a directory, which is made if it is not there, or of a bucket's prefix.

    Raises:
        AccessError: the directory cannot be made.
    """
    if not _in_bucket(target):
        return str(directory(Path(target)) / name)
    address, mark, options = target.partition("?")
    return f"{address.rstrip('/')}/{name}{mark}{options}"


def _in_bucket(target: str) -> bool:
    return "://" in target


class _Reports(Place):
    holds = "a report"
    named = "--output"


def write_binary(content: bytes) -> None:
    """Write bytes to standard output, which is a file or a pipe."""
    with standard_output() as out:
        out.flush()
        out.buffer.write(content)
        out.buffer.flush()


def write_bytes(pieces: Iterable[bytes], path: Path) -> None:
    """Write the whole file or nothing: a reader never sees half of one.

    A file that is there keeps its permissions, and a link stays one: what it points to is written.

    Raises:
        AccessError: the path cannot be written.
    """
    with unwritable(path):
        if path.is_dir():
            raise IsADirectoryError(21, "it is a directory")
        if path.exists() and not path.is_file():  # a device or a pipe: nothing to replace
            with path.open("wb") as file:
                file.writelines(pieces)
            return
        place = path.resolve()
        part = place.with_name(f".{place.name}.{os.getpid()}.part")
        try:
            with part.open("wb") as file:
                if place.exists():
                    part.chmod(stat.S_IMODE(place.stat().st_mode))
                file.writelines(pieces)
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)


def directory(path: Path) -> Path:
    """The directory, made if it is not there.

    Raises:
        AccessError: it cannot be made.
    """
    with unwritable(path):
        path.mkdir(parents=True, exist_ok=True)
    return path


def means_directory(target: str | None) -> bool:
    """Whether the user named a directory: an existing one, or a name that ends in `/`."""
    if target is None:
        return False
    if _in_bucket(target):
        return target.partition("?")[0].endswith("/")
    return target.endswith(("/", os.sep)) or Path(target).is_dir()


def refuse_terminal(sink: str) -> None:
    """Binary output never goes to a terminal.

    Raises:
        UsageError: standard output is a terminal.
    """
    if sys.stdout.isatty():
        raise UsageError(
            f"format `{sink}` is binary and standard output is a terminal",
            hint="name a file or directory with --output PATH",
        )


@contextmanager
def unwritable(path: Path) -> Iterator[None]:
    """Turn the system's refusal into an AccessError that names the path."""
    try:
        yield
    except OSError as error:
        raise AccessError(
            f"cannot write `{path}`: {error.strerror or error}",
            hint="check that its folder exists and may be written, or choose another --output",
        ) from error
