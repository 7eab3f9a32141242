"""Files in groups of equal columns, so that thousands of files are a few views."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from burn.api.bills.files import damaged, kind_of
from burn.api.errors import AccessError, DataError


@dataclass(frozen=True, slots=True)
class Group:
    """Files of one kind with equal columns.

    Attributes:
        kind: parquet, csv or json.
        paths: as they were given.
        opened: what the engine opens instead: the same, or unpacked copies.
    """

    kind: str
    paths: tuple[Path, ...]
    opened: tuple[Path, ...]


def alike(paths: Sequence[Path], prepared: Callable[[Path], Path]) -> list[Group]:
    """The files in groups, in the order of each group's first.

    Lines of JSON have no header: all such files are one group, and a column that one of them
    lacks shows in its count (`census`).

    Raises:
        AccessError: a file may not be read.
        DataError: a file is empty or damaged.
    """
    groups: dict[tuple[str, object], list[tuple[Path, Path]]] = {}
    for path in paths:
        kind, opened = kind_of(path.name), prepared(path)
        groups.setdefault((kind, _columns(kind, path, opened)), []).append((path, opened))
    return [
        Group(kind, tuple(p for p, _ in files), tuple(o for _, o in files))
        for (kind, _), files in groups.items()
    ]


def short_names(paths: Sequence[Path]) -> dict[str, str]:
    """Each path, as text, → its name below the folder that holds them all."""
    if len(paths) == 1:
        return {str(paths[0]): paths[0].name}
    base = os.path.commonpath([path.parent for path in paths]) if paths else ""
    return {str(path): path.relative_to(base).as_posix() for path in paths}


def globbed(path: str) -> str:
    """A path as the pattern that means this one file."""
    return re.sub(r"([*?\[])", r"[\1]", path)


def _columns(kind: str, path: Path, opened: Path) -> object:
    """What is equal in files of equal columns."""
    if kind == "json":
        return None
    try:
        return _of_parquet(opened) if kind == "parquet" else _of_csv(opened)
    except OSError as error:
        if isinstance(error, gzip.BadGzipFile):
            raise damaged(f"{path}: {error}") from error
        raise AccessError(f"a bill file cannot be opened: {path}: {error.strerror}") from error
    except EOFError as error:
        raise damaged(f"{path}: {error}") from error


def _of_parquet(path: Path) -> object:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(path)
    except pa.ArrowInvalid as error:
        raise damaged(f"{path}: {str(error).splitlines()[0][:200]}") from error
    return tuple((field.name, str(field.type)) for field in schema)


def _of_csv(path: Path) -> object:
    with gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb") as lines:
        header = lines.readline().rstrip(b"\r\n")
    if not header:
        raise DataError(f"{path} is empty", hint="deliver it again, or take it out of the place")
    return header
