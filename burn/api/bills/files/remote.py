"""Bill files on any file system pyarrow knows: Google Cloud Storage, Azure Blob and others.

What is listed is downloaded once per version and kept, see docs/adr/0012.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from typing import TYPE_CHECKING

from burn.api.bills.files.copies import remember
from burn.api.bills.files.local import Entry, kind_of, unzip
from burn.api.bills.files.private import open_private, private_folder
from burn.api.errors import AccessError, DataError

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

BLOCK = 1 << 20


class ArrowFiles:
    """Implements `burn.api.bills.files.local.Files`.

    Args:
        filesystem: any `pyarrow.fs.FileSystem`.
        root: what messages call the place, such as a URL.
        base: the path of a folder or file on the file system.
        cache: folder that keeps what was downloaded.
        setting: which setting named the place, for hints.
        need: permissions that reading takes, for hints.
    """

    def __init__(
        self,
        filesystem: FileSystem,
        root: str,
        base: str,
        cache: Path,
        *,
        setting: str,
        need: str = "",
    ) -> None:
        self.root = root
        self._fs = filesystem
        self._base = base.strip("/") if "://" in root else base.rstrip("/")
        place = hashlib.sha256(root.encode()).hexdigest()[:12]
        self._cache = cache / "files" / place
        self._setting = setting
        self._hint = f"check {setting} and the network" + (f"; reading needs {need}" * bool(need))

    def entries(self) -> list[Entry]:
        """Every file below the base, in the order of its path.

        Raises:
            AccessError: the place is out of reach or may not be listed.
            DataError: nothing is there.
        """
        from pyarrow.fs import FileSelector, FileType

        with self._reached(self.root):
            (info,) = self._fs.get_file_info([self._base])
            if info.type == FileType.File:
                found = [info]
            else:
                selector = FileSelector(self._base, recursive=True, allow_not_found=True)
                found = [i for i in self._fs.get_file_info(selector) if i.type == FileType.File]
        if not found:
            raise DataError(
                f"nothing lies below {self.root}",
                hint=f"check {self._setting}; the first delivery of an export takes up to a day",
            )
        entries = [
            Entry(
                info.path.removeprefix(self._base).lstrip("/") or info.base_name,
                int(info.size or 0),
                str(info.mtime_ns),
            )
            for info in found
        ]
        return sorted(entries, key=lambda entry: entry.path)

    def read(self, entry: Entry) -> bytes:
        """One small file's content."""
        with self._reached(entry.path), self._fs.open_input_file(self._at(entry)) as source:
            return bytes(source.read())

    def part(self, entry: Entry, start: int, size: int) -> bytes:
        """Bytes of a file, fewer at its end."""
        with self._reached(entry.path), self._fs.open_input_file(self._at(entry)) as source:
            return bytes(source.read_at(min(size, entry.size - start), start))

    def fetch(self, entries: Sequence[Entry]) -> list[Path]:
        """Local copies of the listed versions, downloading what is not there yet.

        Raises:
            AccessError: a file cannot be read or kept.
            DataError: a file changed while it was read.
        """
        paths: list[Path] = []
        for entry in entries:
            version = hashlib.sha256(f"{entry.version}/{entry.size}".encode()).hexdigest()[:16]
            suffix = "".join(Path(entry.name).suffixes[-2:])
            path = self._cache / entry.path / f"{version}{suffix}"
            if not path.exists():
                self._download(entry, path)
            single = self._at(entry) == self._base
            remember(path, self.root if single else f"{self.root.rstrip('/')}/{entry.path}")
            zipped = kind_of(entry.path) == "zip"
            paths += unzip(path, path.with_suffix("")) if zipped else [path]
        return paths

    def _download(self, entry: Entry, path: Path) -> None:
        private_folder(path.parent)
        for old in path.parent.glob("*"):
            if old.is_file():
                old.unlink()  # an overwritten version will not be asked for again
        partial = path.with_name(path.name + ".part")
        with self._reached(entry.path):
            # Without Arrow's own unpacking: the engine reads compressed files as they are.
            source = self._fs.open_input_stream(self._at(entry), compression=None)
            with source, open_private(partial) as sink:
                copyfileobj(source, sink, BLOCK)
        if partial.stat().st_size != entry.size:
            raise DataError(
                f"{entry.path} came with {partial.stat().st_size} of {entry.size} bytes",
                hint="it was overwritten or the connection broke; repeat the command",
            )
        partial.replace(path)

    def _at(self, entry: Entry) -> str:
        if self._base.endswith(entry.path) and "/" not in entry.path:
            return self._base
        return f"{self._base}/{entry.path}"

    @contextmanager
    def _reached(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            text = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
            raise AccessError(f"{what} cannot be read: {text}", hint=self._hint) from error
