"""The files of a bill, wherever they are: what is there, and local paths an engine can open."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj
from typing import Protocol

from burn.api.bills.files.copies import name_of
from burn.api.bills.files.scratch import Scratch
from burn.api.errors import AccessError, DataError, UsageError


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored file: path below the bill's root, and what names this version of it."""

    path: str
    size: int
    version: str = ""

    @property
    def folder(self) -> str:
        """The path without the file's name."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The file's name alone."""
        return self.path.rpartition("/")[2]


class Files(Protocol):
    """A place that holds bill files."""

    root: str

    def entries(self) -> list[Entry]:
        """Everything below the root."""
        ...

    def read(self, entry: Entry) -> bytes:
        """A small file's content."""
        ...

    def part(self, entry: Entry, start: int, size: int) -> bytes:
        """Bytes of a file, fewer at its end."""
        ...

    def fetch(self, entries: Sequence[Entry]) -> list[Path]:
        """Local paths of these entries."""
        ...


UNREAD = 20
"""How many files that are not read are named, for each reason."""


def unread(entries: Sequence[Entry], why: str) -> list[str]:
    """What is said of files that are left out: each by name and size, many by their sum."""
    shown, rest = entries[:UNREAD], entries[UNREAD:]
    told = [f"{entry.path}, {entry.size:,} bytes: {why}" for entry in shown]
    if rest:
        size = sum(entry.size for entry in rest)
        told.append(f"{len(rest):,} more files, {size:,} bytes: {why}")
    return told


def kind_of(path: str) -> str:
    """How a file is read: parquet, json (an object a line), csv or zip."""
    low = path.lower().removesuffix(".gz")
    if low.endswith((".json", ".jsonl", ".ndjson")):
        return "json"
    return "parquet" if low.endswith(".parquet") else "zip" if low.endswith(".zip") else "csv"


class LocalFiles:
    """Lists and reads files below a path.

    Args:
        path: a file or a folder.
        scratch: where zipped files are unpacked to.
        setting: which setting named the path, for the error's hint.
    """

    def __init__(self, path: Path, scratch: Scratch, setting: str) -> None:
        self._setting = setting
        self.root = str(path)
        self._path = path
        self._scratch = scratch

    def entries(self) -> list[Entry]:
        """Every file, in the order of its path; a single file is an entry of its own.

        Raises:
            UsageError: nothing is there.
            AccessError: it may not be read.
        """
        if not self._path.exists():
            raise UsageError(
                f"the bill {self.root} does not exist",
                hint=f"set {self._setting} to a file, a folder or a supported URL",
            )
        try:
            if self._path.is_file():
                return [Entry(self._path.name, self._path.stat().st_size)]
            found = sorted(path for path in self._path.rglob("*") if path.is_file())
            return [Entry(p.relative_to(self._path).as_posix(), p.stat().st_size) for p in found]
        except OSError as error:
            raise AccessError(f"{self.root} cannot be read: {error.strerror}") from error

    def read(self, entry: Entry) -> bytes:
        """One small file's content."""
        try:
            return self._at(entry).read_bytes()
        except OSError as error:
            raise AccessError(f"{self._at(entry)} cannot be read: {error.strerror}") from error

    def part(self, entry: Entry, start: int, size: int) -> bytes:
        """Bytes of a file, fewer at its end."""
        try:
            with self._at(entry).open("rb") as source:
                source.seek(start)
                return source.read(size)
        except OSError as error:
            raise AccessError(f"{self._at(entry)} cannot be read: {error.strerror}") from error

    def fetch(self, entries: Sequence[Entry]) -> list[Path]:
        """Paths that the engine can open, unpacked where they were zipped."""
        paths: list[Path] = []
        for entry in entries:
            path = self._at(entry)
            paths += self._unzip(path) if kind_of(entry.path) == "zip" else [path]
        return paths

    def _unzip(self, path: Path) -> list[Path]:
        return unzip(path, self._scratch.path / f"{len(list(self._scratch.path.iterdir()))}")

    def _at(self, entry: Entry) -> Path:
        return self._path if self._path.is_file() else self._path / entry.path


def damaged(cause: str) -> DataError:
    """A bill file that is not whole."""
    return DataError(
        f"a bill file is damaged or truncated: {cause}",
        hint="download it again; if the month is still being delivered, wait for its manifest",
    )


def unzip(path: Path, folder: Path) -> list[Path]:
    """Unpack the CSV files of a zip archive, a block at a time.

    Raises:
        DataError: it is no whole archive, is encrypted, or holds no CSV.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    try:
        with zipfile.ZipFile(path) as archive:
            for number, member in enumerate(archive.infolist()):
                if not member.filename.lower().endswith(".csv"):
                    continue
                if member.flag_bits & 1:
                    raise DataError(
                        f"{name_of(path)} is an encrypted zip archive",
                        hint="unpack it with its password",
                    )
                # Never the member's own path: an archive may name places outside the folder.
                target = folder / f"{path.stem}-{number}.csv"
                with archive.open(member) as source, target.open("wb") as sink:
                    copyfileobj(source, sink, 1 << 20)
                paths.append(target)
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise DataError(
            f"{name_of(path)} is not a whole zip archive: {error}", hint="download it again"
        ) from error
    except NotImplementedError as error:
        raise DataError(
            f"{name_of(path)}: {error}", hint="unpack it, or pack it with gzip"
        ) from error
    except OSError as error:
        raise AccessError(
            f"{name_of(path)} cannot be unpacked to {folder}: {error.strerror}",
            hint="free space there, or name another folder in TMPDIR",
        ) from error
    if not paths:
        raise DataError(
            f"{name_of(path)} holds no CSV file", hint="a spreadsheet, or another export?"
        )
    return paths


def gunzip(path: Path, folder: Path) -> Path:
    """Unpack a gzipped file, a block at a time.

    Raises:
        AccessError: there is no room for it.
        DataError: it is damaged or cut off.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{len(list(folder.iterdir()))}-{path.name.removesuffix('.gz')}"
    try:
        with gzip.open(path) as source, target.open("wb") as sink:
            copyfileobj(source, sink, 1 << 20)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise damaged(f"{name_of(path)}: {error}") from error
    except OSError as error:
        raise AccessError(
            f"{name_of(path)} cannot be unpacked to {folder}: {error.strerror}",
            hint="free space there, or name another folder in TMPDIR",
        ) from error
    return target
