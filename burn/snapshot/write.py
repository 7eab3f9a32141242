"""Writes an observed day, whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from burn.api import AccessError, Observation, Schema, Scope, UsageError, Window
from burn.snapshot.marker import (
    FRAMES,
    OPTIONAL,
    STAMPED,
    describe,
    file_of,
    marker_of,
    stamp,
    window_of,
)
from burn.snapshot.store import Store, place_of
from burn.snapshot.swap import replaced

if TYPE_CHECKING:
    import pandas as pd

FEW = 5_000
"""Rows below which a dictionary is longer than what it saves."""


def write_day(root: Path | str, scope: Scope, day: Window, observation: Observation) -> str:
    """Store one day (or part of one), replacing what an earlier, not longer, run stored for it.

    Args:
        root: a local folder, made if absent; or a URI that pyarrow.fs knows (`s3://…`, `gs://…`).
        scope: as observed; a cluster that nobody named is stored under the empty name.
        day: never crosses a UTC midnight.
        observation: what a source saw.

    Returns:
        The day's folder.

    Raises:
        UsageError: the day is stored already, and with more hours.
        AccessError: there is no room, or the place may not be written.
    """
    name = scope.cluster or ""
    store, place = Store(root), place_of(name, day)
    shown = store.place.shown(place)
    _keep_longer(store, name, day, shown)
    marker = describe(name, scope, day, observation.coverage)
    if store.place.local:
        with _writable(shown), replaced(Path(shown)) as scratch:
            _fill(marker, observation, lambda file, content: (scratch / file).write_bytes(content))
    else:
        marker |= {"format": STAMPED, "stamp": stamp()}
        put = store.place.write
        _fill(marker, observation, lambda file, content: put(f"{place}/{file}", content))
    return shown


def _fill(
    marker: dict[str, Any],
    observation: Observation,
    write: Callable[[str, bytes | memoryview], object],
) -> None:
    """Every frame's file, and when all are there the marker."""
    rows, digests = {}, {}
    given = [one for one in OPTIONAL if getattr(observation, one.name) is not None]
    for schema in (*FRAMES, *given):
        frame = schema.validate(getattr(observation, schema.name), author="burn")
        content = _encoded(schema, frame)
        write(file_of(marker, schema.name), content)
        rows[schema.name] = len(frame)
        digests[schema.name] = hashlib.sha256(content).hexdigest()
    marker = {**marker, "rows": rows, "sha256": digests}
    text = json.dumps(marker, indent=1, sort_keys=True) + "\n"
    write(marker_of(marker), text.encode())


def _encoded(schema: Schema[Any], frame: pd.DataFrame) -> memoryview:
    import pyarrow as pa
    import pyarrow.parquet as pq

    unsaid = [c.name for c in schema.columns if c.optional and frame[c.name].isna().all()]
    table = pa.Table.from_pandas(frame.drop(columns=unsaid), preserve_index=False)
    buffer = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata(None), buffer, **_lean(len(frame)))
    return memoryview(buffer.getvalue())


def _lean(rows: int) -> dict[str, Any]:
    """How a frame is written: a day is read whole, so nothing in the file serves to skip a part of it.

    Statistics, a second schema and dictionaries would be half of a small file.
    """
    small = {"use_dictionary": False, "compression_level": 19} if rows < FEW else {}
    return {"compression": "zstd", "write_statistics": False, "store_schema": False, **small}


@contextmanager
def _writable(place: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AccessError(
            f"{place} cannot be written: {error.strerror or error}",
            hint="make room, or name a folder that may be written",
        ) from error


def _keep_longer(store: Store, name: str, day: Window, shown: str) -> None:
    marker = store.marker(name, day)
    if marker is None:
        return
    stored = window_of(marker)
    if stored.start < day.start or stored.end > day.end:
        raise UsageError(
            f"{shown} holds {stored} already, more than {day}",
            hint="collect the whole day, or remove the folder",
        )
