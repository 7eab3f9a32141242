"""What a folder of observed days holds, local or remote, and its frames as they were written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from burn.api import DataError, Schema, UsageError, Window, schemas
from burn.snapshot.marker import FORMAT, instant, require
from burn.snapshot.swap import restore

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

MARKER = "coverage.json"
_AT_ONCE = 200_000
"""Rows of a frame up to which it is read as a table; a longer one is read column by column,
because as a table and as a frame at once it would be twice the memory."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored day: where it is, its marker, and which of its hours are asked for."""

    place: str
    marker: dict[str, Any]
    asked: Window

    @property
    def whole(self) -> bool:
        """Whether all that is stored of the day is asked for."""
        return self.asked == window_of(self.marker)

    def has(self, frame: str) -> bool:
        """Whether the day was written with this frame."""
        return frame in self.marker["rows"]

    def rows(self, frame: str) -> int:
        """As counted when the day was written."""
        return int(self.marker["rows"][frame])

    def digest(self, frame: str) -> str | None:
        """SHA-256 of the frame's file as it was written; days of an early burn have none."""
        digests = self.marker.get("sha256")
        return None if digests is None else str(digests[frame])


def days(root: Path | str, cluster: str | None = None) -> list[Window]:
    """The stored days of a cluster, in order; the last may be a part of a day."""
    store = Store(root)
    name = choose(store, cluster)
    place = f"cluster={quote(name, safe='')}"
    markers = (store.marker(f"{place}/{entry}") for entry in store.folders(place, "day="))
    return sorted(window_of(marker) for marker in markers if marker)


def clusters(root: Path | str) -> list[str]:
    """Names of the clusters in the store; the empty name is a cluster nobody named."""
    return sorted(
        unquote(entry.removeprefix("cluster=")) for entry in Store(root).folders("", "cluster=")
    )


def label_keys(
    root: Path | str, cluster: str | None, window: Window
) -> tuple[tuple[str, ...], ...]:
    """The pod label keys that were collected, each distinct list of them once, oldest day first."""
    store = Store(root)
    kept = store.kept(choose(store, cluster), window)
    return tuple(dict.fromkeys(tuple(one.marker["label_keys"]) for one in kept))


class Store:
    """Reads a folder, local or remote, through pyarrow's one file layer."""

    def __init__(self, root: Path | str) -> None:
        from pyarrow import fs

        self.root = str(root)
        if "://" in self.root:
            self._fs, self._base = fs.FileSystem.from_uri(self.root)
        else:
            self._fs, self._base = fs.LocalFileSystem(), str(Path(self.root).absolute())

    def _restore(self, place: str) -> None:
        """A writer that was killed may have set a day aside."""
        if "://" not in self.root:
            restore(Path(self._base) / place)

    def folders(self, place: str, prefix: str) -> list[str]:
        """Names in a folder that begin so."""
        from pyarrow import fs

        self._restore(place)
        selector = fs.FileSelector(f"{self._base}/{place}".rstrip("/"), allow_not_found=True)
        names = [Path(info.path).name for info in self._fs.get_file_info(selector)]
        return sorted(name for name in names if name.startswith(prefix))

    def marker(self, place: str) -> dict[str, Any] | None:
        """What was written last of a day; None where there is no whole day."""
        self._restore(place.rpartition("/")[0])
        return self._marker(place)

    def _marker(self, place: str) -> dict[str, Any] | None:
        path = f"{self._base}/{place}/{MARKER}"
        try:
            with self._fs.open_input_stream(path) as stream:
                marker = json.loads(stream.read())
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            raise _damaged(path, error) from error
        if isinstance(marker, dict) and marker.get("format", FORMAT) != FORMAT:
            raise DataError(
                f"{path} has format {marker.get('format')}; this burn reads {FORMAT}",
                hint="read it with the version of burn that wrote it, or collect the day again",
            )
        try:
            require(marker)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _damaged(path, f"{type(error).__name__}: {error}") from error
        return dict(marker)

    def kept(self, name: str, window: Window) -> list[Kept]:
        """The window's days, each of which must hold the hours that are asked for.

        Raises:
            DataError: a day, or some of its hours, were never collected.
        """
        folder = f"cluster={quote(name, safe='')}"
        self._restore(folder)
        return [self._kept(folder, name, day) for day in window.days()]

    def _kept(self, folder: str, name: str, day: Window) -> Kept:
        place = f"{folder}/day={day.start:%Y-%m-%d}"
        marker = self._marker(place)
        if marker is None:
            raise DataError(
                f"{self.root} holds no {day.start:%Y-%m-%d} of cluster `{name}`",
                hint="collect that day with `burn collect --out DIR`, or choose a window that was"
                " collected",
            )
        stored = window_of(marker)
        if day.start < stored.start or day.end > stored.end:
            raise DataError(
                f"{self.root} holds only {stored} of cluster `{name}`, not {day}",
                hint="collect the whole day with `burn collect --out DIR`",
            )
        return Kept(place, marker, day)

    def frame(self, schema: Schema[Any], days: Sequence[Kept]) -> Any:
        """One frame of several days, in order; columns that no file has are null.

        Raises:
            DataError: names a file that is damaged, or has not the rows that were written.
        """
        import pandas as pd
        import pyarrow as pa

        many = sum(day.rows(schema.name) for day in days) > _AT_ONCE
        groups = [[name] for name in schema.names] if many else [schema.names]
        parts: list[pd.DataFrame] = []
        with ExitStack() as opened:
            files = [opened.enter_context(self._open(schema, day)) for day in days]
            for group in groups:
                tables = [_read(path, file, group) for path, file in files]
                table = pa.concat_tables(tables, promote_options="permissive")
                parts.append(table.unify_dictionaries().to_pandas())
        columns = {name: part[name] for part in parts for name in part.columns}
        return schema.completed(pd.DataFrame(columns, copy=False))

    @contextmanager
    def _open(self, schema: Schema[Any], day: Kept) -> Iterator[tuple[str, pq.ParquetFile]]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = f"{self._base}/{day.place}/{schema.name}.parquet"
        # Text of a usage frame is some names, millions of times: it comes as categories.
        texts = [column.name for column in schema.columns if column.kind == "string"]
        repeated = texts if schema is schemas.USAGE else []
        try:
            with self._fs.open_input_file(path) as stream:
                source = _as_written(stream, path, day.digest(schema.name))
                file = pq.ParquetFile(source, read_dictionary=repeated)
                if file.metadata.num_rows != day.rows(schema.name):
                    found, written = file.metadata.num_rows, day.rows(schema.name)
                    raise _damaged(path, f"{found} rows where {written} were written")
                yield path, file
        except (OSError, pa.ArrowException) as error:
            raise _damaged(path, error) from error


def _as_written(stream: pa.NativeFile, path: str, digest: str | None) -> pa.NativeFile:
    """The file's bytes, once they are known to be those that were written."""
    import pyarrow as pa

    if digest is None:
        return stream
    content = stream.read_buffer()
    if hashlib.sha256(content).hexdigest() != digest:
        raise _damaged(path, "its content is not what was written")
    return pa.BufferReader(content)


def _read(path: str, file: pq.ParquetFile, names: Sequence[str]) -> pa.Table:
    import pyarrow as pa

    there = set(file.schema_arrow.names)
    try:
        return file.read(columns=[name for name in names if name in there])
    except (OSError, pa.ArrowException) as error:
        raise _damaged(path, error) from error


def window_of(marker: dict[str, Any]) -> Window:
    """The hours that a stored day has."""
    return Window(*map(instant, marker["window"]))


def choose(store: Store, cluster: str | None) -> str:
    """The stored name to read: an unnamed cluster alone in its store answers to any name."""
    names = clusters(store.root)
    if cluster is not None:
        return "" if names == [""] else cluster
    if len(names) > 1:
        listed = ", ".join(f"`{name}`" for name in names)
        raise UsageError(
            f"{store.root} holds several clusters: {listed}", hint="name one with --cluster"
        )
    return names[0] if names else ""


def _damaged(path: str, cause: object) -> DataError:
    return DataError(
        f"{path} cannot be read: {cause}", hint="remove that day's folder and collect the day again"
    )
