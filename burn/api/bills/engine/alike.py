"""Files in groups of equal columns, so that thousands of files are a few views."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from burn.api.bills.files.copies import name_of
from burn.api.bills.files.dates import NAMED
from burn.api.bills.files.local import damaged
from burn.api.bills.files.texts import Prepared, first_rows
from burn.api.errors import AccessError


@dataclass(frozen=True, slots=True)
class Group:
    """Files of one kind and style with equal columns.

    Attributes:
        paths: as they were given.
        files: what the engine opens instead.
    """

    paths: tuple[Path, ...]
    files: tuple[Prepared, ...]


def alike(paths: Sequence[Path], prepared: Callable[[Path], Sequence[Prepared]]) -> list[Group]:
    """The files in groups, in the order of each group's first.

    Lines of JSON have no header: all such files are one group, and a column that one of them
    lacks shows in its count (`census`).

    Raises:
        AccessError: a file may not be read.
        DataError: a file is empty, damaged or no bill.
    """
    groups: dict[object, list[tuple[Path, Prepared]]] = {}
    for path in paths:
        for file in prepared(path):
            style = (file.kind, file.packed, file.delimiter, file.skip, file.rewrites)
            groups.setdefault((style, _columns(file)), []).append((path, file))
    return [
        Group(tuple(path for path, _ in files), tuple(file for _, file in files))
        for files in groups.values()
    ]


def short_names(paths: Sequence[Path]) -> dict[str, str]:
    """Each path, as text, → its name below the folder that holds them all."""
    if len(paths) == 1:
        return {str(paths[0]): Path(name_of(paths[0])).name}
    # Unpacked files lie elsewhere than those that are named below the working folder.
    whole = [Path(name_of(path)).absolute() for path in paths]
    base = os.path.commonpath([path.parent for path in whole]) if paths else ""
    return {str(p): w.relative_to(base).as_posix() for p, w in zip(paths, whole, strict=True)}


def globbed(path: str) -> str:
    """A path as the pattern that means this one file."""
    return re.sub(r"([*?\[])", r"[\1]", path)


def _columns(file: Prepared) -> object:
    """What is equal in files of equal columns."""
    if file.kind == "json":
        return None
    return _of_parquet(file) if file.kind == "parquet" else tuple(*first_rows(file, 1))


def texts_of(file: Prepared) -> list[str]:
    """The columns of a Parquet file that are text, and may hold dates by their names."""
    return [
        name for name, kind in _of_parquet(file) if kind.endswith("string") and NAMED.search(name)
    ]


def _of_parquet(file: Prepared) -> tuple[tuple[str, str], ...]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(file.path)
    except pa.ArrowInvalid as error:
        raise damaged(f"{name_of(file.name)}: {str(error).splitlines()[0][:200]}") from error
    except OSError as error:
        raise AccessError(f"{name_of(file.name)} cannot be opened: {error.strerror}") from error
    return tuple((field.name, str(field.type)) for field in schema)
