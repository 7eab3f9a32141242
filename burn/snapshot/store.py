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

from burn.api import AccessError, BurnError, DataError, Schema, UsageError, Window, schemas
from burn.place import Place
from burn.snapshot.marker import (
    FORMAT,
    STAMPED,
    file_of,
    is_marker,
    rank,
    require,
    window_of,
)
from burn.snapshot.swap import restore

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_REQUESTS = 16
"""Markers that a bucket is asked for at the same time."""
_AT_ONCE = 200_000
"""Rows of a frame up to which it is read as a table, in one thread, which costs less; a longer one is
read column by column, because as a table and as a frame at once it would be twice the memory."""


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
    markers = store.markers(folder_of(choose(store, cluster)))
    return sorted(map(window_of, markers.values()))


def clusters(root: Path | str) -> list[str]:
    """Names of the clusters in the store; the empty name is a cluster nobody named."""
    return sorted(
        unquote(entry.removeprefix("cluster=")) for entry in Store(root).folders("", "cluster=")
    )


def folder_of(name: str) -> str:
    """Where the days of a cluster lie."""
    return f"cluster={quote(name, safe='')}"


def place_of(name: str, day: Window) -> str:
    """Where a day of a cluster lies."""
    return f"{folder_of(name)}/day={day.start:%Y-%m-%d}"


def label_keys(
    root: Path | str, cluster: str | None, window: Window
) -> tuple[tuple[str, ...], ...]:
    """The pod label keys that were collected, each distinct list of them once, oldest day first."""
    store = Store(root)
    kept = store.kept(choose(store, cluster), window)
    return tuple(dict.fromkeys(tuple(one.marker["label_keys"]) for one in kept))


class SnapshotPlace(Place):
    """The folder or bucket of `--out` and `source.snapshot.path`."""

    holds = "snapshots"
    named = "the snapshot folder"


class Store:
    """Reads a folder, local or remote, through pyarrow's one file layer."""

    def __init__(self, root: Path | str) -> None:
        self.root = str(root)
        self.place = SnapshotPlace(self.root)

    def _restore(self, place: str) -> None:
        """A writer that was killed may have set a day aside."""
        if self.place.local:
            restore(Path(self.place.shown(place)))

    def folders(self, place: str, prefix: str) -> list[str]:
        """Names in a folder that begin so."""
        self._restore(place)
        return [name for name in self.place.folders(place) if name.startswith(prefix)]

    def markers(self, folder: str) -> dict[str, dict[str, Any]]:
        """Day's folder → what was written last of it, of every whole day of a cluster."""
        return self._read(self._named(folder))

    def marker(self, name: str, day: Window) -> dict[str, Any] | None:
        """What was written last of a day; None where there is no whole day."""
        place = place_of(name, day)
        return self._read(self._named(folder_of(name), f"day={day.start:%Y-%m-%d}")).get(place)

    def _named(self, folder: str, day: str = "day=*") -> dict[str, list[str]]:
        """Day's folder → the names of its markers; an empty file is one that is being written."""
        self._restore(folder)
        if self.place.local:  # a folder at a time: others may come and go meanwhile
            days = Path(self.place.shown(folder)).glob(f"{day}/*.json")
            names = [f"{folder}/{path.parent.name}/{path.name}" for path in days]
        else:
            within = folder if "*" in day else f"{folder}/{day}"
            names = [name for name, (size, _) in self.place.files(within).items() if size]
        found: dict[str, list[str]] = {}
        for name in sorted(names):
            place, _, file = name.rpartition("/")
            if is_marker(file):
                found.setdefault(place, []).append(name)
        return found

    def _read(self, named: dict[str, list[str]]) -> dict[str, dict[str, Any]]:
        from concurrent.futures import ThreadPoolExecutor

        names = [name for several in named.values() for name in several]
        with ThreadPoolExecutor(1 if self.place.local else _REQUESTS) as pool:
            markers = dict(zip(names, pool.map(self._marker, names), strict=True))
        best: dict[str, dict[str, Any]] = {}
        for place, several in named.items():
            whole = [marker for name in several if (marker := markers[name])]
            if whole:
                best[place] = max(whole, key=rank)
        return best

    def _marker(self, name: str) -> dict[str, Any] | None:
        path = self.place.shown(name)
        try:
            with self.place.opened(name) as stream:
                marker = json.loads(stream.read())
        except FileNotFoundError:
            return None  # removed just now
        except (ValueError, RecursionError) as error:
            raise _damaged(path, error) from error
        except OSError as error:
            raise self._unread(path, error) from error
        if isinstance(marker, dict) and marker.get("format", FORMAT) not in (FORMAT, STAMPED):
            raise DataError(
                f"{path} has format {marker.get('format')}; this burn reads {FORMAT} and {STAMPED}",
                hint="read it with the version of burn that wrote it, or collect the day again",
            )
        try:
            require(marker)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _damaged(path, f"{type(error).__name__}: {error}") from error
        return dict(marker)

    def _unread(self, path: str, error: OSError) -> BurnError:
        """A disk's error is of the file; a bucket's is of who may do what, or of the way there."""
        if self.place.local:
            return _damaged(path, error)
        return AccessError(f"{path} cannot be read: {error}", hint=self.place.hint)

    def kept(self, name: str, window: Window) -> list[Kept]:
        """The window's days, each of which must hold the hours that are asked for.

        Raises:
            DataError: a day, or some of its hours, were never collected.
        """
        folder = folder_of(name)
        asked = {place_of(name, day): day for day in window.days()}
        named = {place: files for place, files in self._named(folder).items() if place in asked}
        markers = self._read(named)
        return [self._kept(place, name, day, markers.get(place)) for place, day in asked.items()]

    def _kept(self, place: str, name: str, day: Window, marker: dict[str, Any] | None) -> Kept:
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
                tables = [_read(path, file, group, threads=many) for path, file in files]
                table = pa.concat_tables(tables, promote_options="permissive")
                parts.append(table.unify_dictionaries().to_pandas())
        columns = {name: part[name] for part in parts for name in part.columns}
        return schema.completed(pd.DataFrame(columns, copy=False))

    @contextmanager
    def _open(self, schema: Schema[Any], day: Kept) -> Iterator[tuple[str, pq.ParquetFile]]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        name = f"{day.place}/{file_of(day.marker, schema.name)}"
        path = self.place.shown(name)
        # Text of a usage frame is some names, millions of times: it comes as categories.
        texts = [column.name for column in schema.columns if column.kind == "string"]
        repeated = texts if schema is schemas.USAGE else []
        try:
            with self.place.opened(name) as stream:
                source = _as_written(stream, path, day.digest(schema.name))
                file = pq.ParquetFile(source, read_dictionary=repeated)
                if file.metadata.num_rows != day.rows(schema.name):
                    found, written = file.metadata.num_rows, day.rows(schema.name)
                    raise _damaged(path, f"{found} rows where {written} were written")
                yield path, file
        except pa.ArrowException as error:
            raise _damaged(path, error) from error
        except FileNotFoundError as error:
            raise _damaged(path, error) from error
        except OSError as error:
            raise self._unread(path, error) from error


def _as_written(stream: pa.NativeFile, path: str, digest: str | None) -> pa.NativeFile:
    """The file's bytes, once they are known to be those that were written."""
    import pyarrow as pa

    if digest is None:
        return stream
    content = stream.read_buffer()
    if hashlib.sha256(content).hexdigest() != digest:
        raise _damaged(path, "its content is not what was written")
    return pa.BufferReader(content)


def _read(path: str, file: pq.ParquetFile, names: Sequence[str], *, threads: bool) -> pa.Table:
    import pyarrow as pa

    there = set(file.schema_arrow.names)
    try:
        return file.read([name for name in names if name in there], use_threads=threads)
    except (OSError, pa.ArrowException) as error:
        raise _damaged(path, error) from error


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
