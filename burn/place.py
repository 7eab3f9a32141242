"""A folder, or a bucket that pyarrow.fs knows: what lies in both is written, listed and read alike."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from burn.api import AccessError, UsageError
from burn.text.secrets import scrub

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

PRIVATE = 0o700
"""A report says what a company pays."""


class Place:
    """Files below one folder or bucket prefix; names are relative and parted by `/`.

    Args:
        path: a folder (`~` is the user's), or `s3://…`, `gs://…`, `abfss://…`.
        system: the file system in which `path` lies, made by somebody who knows how to sign in.

    Raises:
        UsageError: the address is none that can be used.
    """

    holds = "files"
    """What lies there, as messages call it."""
    named = "the folder"
    """What gives the address: a setting or an option."""
    hint = "check the address, the credentials and what they may do"

    def __init__(self, path: str, system: FileSystem | None = None) -> None:
        self.path = path
        self._fs: Any = system
        self.local = system is None and "://" not in path
        if system is not None:
            self._base = path.strip("/")
            return
        if self.local:  # without pyarrow, whose import is most of what a list of reports costs
            self._base = str(Path(path).expanduser().absolute())
            return
        from pyarrow import ArrowException, fs

        try:
            self._fs, base = fs.FileSystem.from_uri(path)
        except (ArrowException, OSError, ValueError) as error:
            raise UsageError(
                f"{self.named} is no place to keep {self.holds}: {scrub(str(error))}",
                hint="use a folder, or s3://BUCKET/PREFIX, gs://… or abfss://…",
            ) from error
        self.local = isinstance(self._fs, fs.LocalFileSystem)  # file://
        self._base = base if self.local else base.strip("/")

    def write(self, name: str, content: bytes | memoryview) -> None:
        """A new file, whole or not at all."""
        path = f"{self._base}/{name}"
        with self._reached("written"):
            if not self.local:
                with self._fs.open_output_stream(path, compression=None) as stream:
                    stream.write(content)
                return
            place = Path(path)
            self._folder(place.parent)
            part = place.with_name(f".{place.name}.part")
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.rename(place)

    def read(self, name: str) -> bytes:
        """A file's content.

        Raises:
            FileNotFoundError: it is not there.
            AccessError: it cannot be read.
        """
        with self._reached("read"):
            if self.local:
                return Path(f"{self._base}/{name}").read_bytes()
            with self.opened(name) as file:
                return bytes(file.read())

    def opened(self, name: str) -> Any:
        """A file to read from, as pyarrow opens it, with pyarrow's errors; a bucket's is read at once."""
        import pyarrow as pa
        from pyarrow import fs

        path = f"{self._base}/{name}"
        if self.local:
            return fs.LocalFileSystem().open_input_file(path)
        with self._fs.open_input_stream(path, compression=None) as stream:
            return pa.BufferReader(stream.read_buffer())

    def shown(self, name: str) -> str:
        """A file as messages name it."""
        scheme = "" if self.local else f"{self.path.partition('://')[0]}://"
        return f"{scheme}{self._base}/{name}"

    def folders(self, within: str = "") -> list[str]:
        """Names of what lies in a folder, files too; nothing where nothing was written yet."""
        if self.local:
            with self._reached("listed"), suppress(FileNotFoundError):
                return sorted(os.listdir(f"{self._base}/{within}".rstrip("/")))
            return []
        from pyarrow import fs

        with self._reached("listed"):
            base = f"{self._base}/{within}".rstrip("/")
            # Cloud Storage has no folders, and pyarrow infers none there from the names of files.
            deep = self._fs.type_name == "gcs"
            selector = fs.FileSelector(base, recursive=deep, allow_not_found=True)
            found = self._fs.get_file_info(selector)
        names = (info.path.removeprefix(f"{base}/").partition("/")[0] for info in found)
        return sorted(set(names))

    def files(self, within: str = "") -> dict[str, tuple[int, datetime]]:
        """Every file's size and time of change, by name; nothing where nothing was written yet.

        Args:
            within: only what lies in that folder, at any depth.
        """
        if self.local:
            with self._reached("listed"):
                return dict(self._walked(f"{self._base}/{within}".rstrip("/")))
        from pyarrow import fs

        with self._reached("listed"):
            base = f"{self._base}/{within}".rstrip("/")
            selector = fs.FileSelector(base, recursive=True, allow_not_found=True)
            found = self._fs.get_file_info(selector)
        return {
            info.path.removeprefix(f"{self._base}/"): (info.size or 0, info.mtime or _LONG_AGO)
            for info in found
            if info.type == fs.FileType.File
        }

    def remove(self, name: str) -> None:
        """Remove a file; one that is gone already is no error."""
        path = f"{self._base}/{name}"
        with suppress(FileNotFoundError), self._reached("removed"):
            if self.local:
                Path(path).unlink()
            else:
                self._fs.delete_file(path)

    def remove_folder(self, name: str) -> None:
        """Remove an empty folder, where there are folders, and those above it that are then empty."""
        if not self.local:
            return
        folder, top = Path(self._base) / name, Path(self._base)
        with suppress(OSError):
            while folder != top:
                folder.rmdir()
                folder = folder.parent

    def _walked(self, top: str) -> Iterator[tuple[str, tuple[int, datetime]]]:
        """Files of a folder; one that goes while it is read is left out."""

        def refused(error: OSError) -> None:
            if not isinstance(error, FileNotFoundError):
                raise error

        for folder, _, names in os.walk(top, onerror=refused, followlinks=True):
            for name in names:
                path = os.path.join(folder, name)
                with suppress(FileNotFoundError):
                    found = os.stat(path)
                    if stat.S_ISREG(found.st_mode):
                        changed = datetime.fromtimestamp(found.st_mtime, UTC)
                        below = os.path.relpath(path, self._base).replace(os.sep, "/")
                        yield below, (found.st_size, changed)

    def _folder(self, folder: Path) -> None:
        base = Path(self._base)
        if not base.exists():
            base.mkdir(parents=True, mode=PRIVATE, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def _reached(self, what: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            if what == "written":
                raise self._refused(what, "it does not exist") from None
            raise
        except Exception as error:
            if not isinstance(error, (OSError, *arrow_errors())):
                raise
            cause = getattr(error, "strerror", None) or str(error)
            raise self._refused(what, cause) from error

    def _refused(self, what: str, cause: str) -> AccessError:
        return AccessError(
            f"{self.holds} at `{scrub(self.path)}` cannot be {what}: {scrub(cause)}",
            hint=self.hint,
        )


def arrow_errors() -> tuple[type[Exception], ...]:
    """What pyarrow raises; nothing while nobody has loaded it."""
    loaded = sys.modules.get("pyarrow")
    return (loaded.ArrowException,) if loaded else ()


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
