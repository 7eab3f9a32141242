"""Observed days on disk: `ROOT/cluster=NAME/day=YYYY-MM-DD/{inventory,presence,pods,usage,mounts}.parquet`.

What `burn collect` keeps, what a run holds its days in, and what the `snapshot` source reads.
A day appears whole or not at all: it is written beside its place and renamed. `coverage.json` is
written last and counts the rows of each file, so it is also the marker that the day is complete.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from burn.api import (
    AccessError,
    DataError,
    Observation,
    Schema,
    Scope,
    UsageError,
    Window,
    schemas,
)
from burn.day_marker import FORMAT, FRAMES, coverage_of, describe, instant, require
from burn.swap import replaced, restore

if TYPE_CHECKING:
    import pandas as pd

_MARKER = "coverage.json"


def write_day(root: Path, scope: Scope, day: Window, observation: Observation) -> Path:
    """Store one day (or part of one), replacing what an earlier, not longer, run stored for it.

    Args:
        root: a local folder; made if absent.
        scope: as observed; a cluster that nobody named is stored under the empty name.
        day: never crosses a UTC midnight.
        observation: what a source saw.

    Returns:
        The day's folder.

    Raises:
        UsageError: the day is stored already, and with more hours.
        AccessError: there is no room, or the folder may not be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    name = scope.cluster or ""
    place = Path(root) / f"cluster={quote(name, safe='')}" / f"day={day.start:%Y-%m-%d}"
    _keep_longer(place, day)
    with _writable(place), replaced(place) as scratch:
        rows = {}
        for schema in FRAMES:
            frame = schema.validate(getattr(observation, schema.name), author="burn")
            unsaid = [c.name for c in schema.columns if c.optional and frame[c.name].isna().all()]
            frame = frame.drop(columns=unsaid)
            table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
            # A day is read whole: statistics and a second schema would be half of a small file.
            lean = {"write_statistics": False, "store_schema": False}
            pq.write_table(table, scratch / f"{schema.name}.parquet", compression="zstd", **lean)
            rows[schema.name] = len(frame)
        marker = describe(name, scope, day, observation.coverage) | {"rows": rows}
        text = json.dumps(marker, indent=1, sort_keys=True) + "\n"
        (scratch / _MARKER).write_text(text, encoding="utf-8")
    return place


def read_day(root: Path | str, cluster: str | None, day: Window) -> Observation:
    """Read one day, or the hours of it that `day` asks for.

    Args:
        root: a folder, or a URI that pyarrow.fs knows (`s3://…`, `gs://…`).
        cluster: its name; None when the store holds one cluster.
        day: never crosses a UTC midnight.

    Raises:
        DataError: the day, or some of its hours, were never collected; a file is damaged.
        UsageError: several clusters are stored and none was named.
    """
    store = _Store(root)
    name = _choose(store, cluster)
    place = f"cluster={quote(name, safe='')}/day={day.start:%Y-%m-%d}"
    marker = store.marker(place)
    if marker is None:
        raise DataError(
            f"{root} holds no {day.start:%Y-%m-%d} of cluster `{name}`",
            hint="collect that day with `burn collect --out DIR`, or choose a window that was collected",
        )
    stored = Window(*(instant(text) for text in marker["window"]))
    if day.start < stored.start or day.end > stored.end:
        raise DataError(
            f"{root} holds only {stored} of cluster `{name}`, not {day}",
            hint="collect the whole day with `burn collect --out DIR`",
        )
    frames = {
        schema.name: store.frame(place, schema, int(marker["rows"][schema.name]))
        for schema in FRAMES
    }
    observation = Observation(**frames, coverage=coverage_of(marker))
    return observation if day == stored else _part(observation, day)


def days(root: Path | str, cluster: str | None = None) -> list[Window]:
    """The stored days of a cluster, in order; the last may be a part of a day."""
    store = _Store(root)
    name = _choose(store, cluster)
    place = f"cluster={quote(name, safe='')}"
    markers = (store.marker(f"{place}/{entry}") for entry in store.folders(place, "day="))
    found = [Window(*map(instant, marker["window"])) for marker in markers if marker]
    return sorted(found)


def clusters(root: Path | str) -> list[str]:
    """Names of the clusters in the store; the empty name is a cluster nobody named."""
    return sorted(
        unquote(entry.removeprefix("cluster=")) for entry in _Store(root).folders("", "cluster=")
    )


def label_keys(root: Path | str, cluster: str | None, day: Window) -> tuple[str, ...]:
    """The pod label keys that were collected on that day."""
    store = _Store(root)
    name = _choose(store, cluster)
    marker = store.marker(f"cluster={quote(name, safe='')}/day={day.start:%Y-%m-%d}")
    return tuple(marker["label_keys"]) if marker else ()


class _Store:
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
        from pyarrow import fs

        self._restore(place)
        selector = fs.FileSelector(f"{self._base}/{place}".rstrip("/"), allow_not_found=True)
        names = [Path(info.path).name for info in self._fs.get_file_info(selector)]
        return sorted(name for name in names if name.startswith(prefix))

    def marker(self, place: str) -> dict[str, Any] | None:
        self._restore(place.rpartition("/")[0])
        path = f"{self._base}/{place}/{_MARKER}"
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

    def frame(self, place: str, schema: Any, rows: int) -> Any:
        import pandas as pd
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = f"{self._base}/{place}/{schema.name}.parquet"
        try:
            with self._fs.open_input_file(path) as file:
                parquet = pq.ParquetFile(file, read_dictionary=_repeated(schema))
                if parquet.metadata.num_rows != rows:
                    found = parquet.metadata.num_rows
                    raise _damaged(path, f"{found} rows where {rows} were written")
                names = parquet.schema_arrow.names
                # Column by column: a day of usage as a table and as a frame is twice the memory.
                groups = [[name] for name in names] if schema is schemas.USAGE else [names]
                parts = [parquet.read(columns=group).to_pandas() for group in groups]
        except (OSError, pa.ArrowException) as error:
            raise _damaged(path, error) from error
        columns = {name: part[name] for part in parts for name in part.columns}
        return schema.validate(pd.DataFrame(columns, copy=False), author=path)


def _repeated(schema: Schema[Any]) -> list[str]:
    """Text of a usage frame is some names, millions of times: it comes as categories."""
    if schema is not schemas.USAGE:
        return []
    return [column.name for column in schema.columns if column.kind == "string"]


def _part(whole: Observation, day: Window) -> Observation:
    """Only the hours of `day`; assets and pods that were not there in them go."""
    presence, usage = _hours(whole.presence, day), _hours(whole.usage, day)
    hours = presence.groupby("asset_id")["hours"].sum()
    inventory = whole.inventory[whole.inventory["asset_id"].isin(hours.index)].copy()
    inventory["hours"] = inventory["asset_id"].map(hours).astype("float64")
    pods = whole.pods[whole.pods["pod_uid"].isin(usage["pod_uid"])]
    mounts = whole.mounts[
        whole.mounts["pod_uid"].isin(usage["pod_uid"])
        & whole.mounts["asset_id"].isin(inventory["asset_id"])
    ]
    cut = [(max(a, day.start), min(b, day.end)) for a, b in whole.coverage.gaps]
    gaps = tuple((a, b) for a, b in cut if a < b)
    missing = sum((b - a).total_seconds() for a, b in gaps) / 3600
    coverage = replace(whole.coverage, hours_missing=missing, gaps=gaps)
    return Observation(
        inventory=schemas.INVENTORY.validate(inventory, author="burn"),
        presence=schemas.PRESENCE.validate(presence, author="burn"),
        pods=schemas.PODS.validate(pods, author="burn"),
        usage=schemas.USAGE.validate(usage, author="burn"),
        mounts=schemas.MOUNTS.validate(mounts, author="burn"),
        coverage=coverage,
    )


def _hours(frame: pd.DataFrame, day: Window) -> pd.DataFrame:
    return frame[(frame["hour"] >= day.start) & (frame["hour"] < day.end)]


@contextmanager
def _writable(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AccessError(
            f"{place} cannot be written: {error.strerror or error}",
            hint="make room, or name a folder that may be written",
        ) from error


def _keep_longer(place: Path, day: Window) -> None:
    marker = _Store(place.parent).marker(place.name)
    if marker is None:
        return
    stored = Window(*(instant(text) for text in marker["window"]))
    if stored.start < day.start or stored.end > day.end:
        raise UsageError(
            f"{place} holds {stored} already, more than {day}",
            hint="collect the whole day, or remove the folder",
        )


def _choose(store: _Store, cluster: str | None) -> str:
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
