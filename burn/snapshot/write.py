"""Writes an observed day, whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from burn.api import AccessError, Observation, Scope, UsageError, Window
from burn.snapshot.marker import FRAMES, OPTIONAL, describe, instant
from burn.snapshot.store import MARKER, Store
from burn.snapshot.swap import replaced

FEW = 5_000
"""Rows below which a dictionary is longer than what it saves."""


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
        rows, digests = {}, {}
        given = [one for one in OPTIONAL if getattr(observation, one.name) is not None]
        for schema in (*FRAMES, *given):
            frame = schema.validate(getattr(observation, schema.name), author="burn")
            unsaid = [c.name for c in schema.columns if c.optional and frame[c.name].isna().all()]
            frame = frame.drop(columns=unsaid)
            table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
            path = scratch / f"{schema.name}.parquet"
            pq.write_table(table, path, **_lean(len(frame)))
            rows[schema.name] = len(frame)
            digests[schema.name] = hashlib.sha256(path.read_bytes()).hexdigest()
        marker = describe(name, scope, day, observation.coverage)
        marker |= {"rows": rows, "sha256": digests}
        text = json.dumps(marker, indent=1, sort_keys=True) + "\n"
        (scratch / MARKER).write_text(text, encoding="utf-8")
    return place


def _lean(rows: int) -> dict[str, Any]:
    """How a frame is written: a day is read whole, so nothing in the file serves to skip a part of it.

    Statistics, a second schema and dictionaries would be half of a small file.
    """
    small = {"use_dictionary": False, "compression_level": 19} if rows < FEW else {}
    return {"compression": "zstd", "write_statistics": False, "store_schema": False, **small}


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
    marker = Store(place.parent).marker(place.name)
    if marker is None:
        return
    stored = Window(*(instant(text) for text in marker["window"]))
    if stored.start < day.start or stored.end > day.end:
        raise UsageError(
            f"{place} holds {stored} already, more than {day}",
            hint="collect the whole day, or remove the folder",
        )
