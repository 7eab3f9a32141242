"""What is kept beside the frames of an observed day, written last: its marker.

Format 1 is a folder of its own, `coverage.json` beside `FRAME.parquet`: what a disk has, on which a
folder can be put in another's place. Format 2 is for buckets, where it cannot: every file of one
writer has its stamp in its name (`coverage.STAMP.json`, `FRAME.STAMP.parquet`), none is ever written
again, and of several markers that with the most hours holds, then the newest.
"""

from __future__ import annotations

import math
import re
import secrets
from datetime import UTC, datetime
from typing import Any

from burn.api import Coverage, Scope, Window, schemas
from burn.api.vocabulary import OBSERVABLE
from burn.text.secrets import scrub

FORMAT, STAMPED = 1, 2
MARKER = "coverage.json"
_STAMP = re.compile(r"\d{8}T\d{12}Z-[0-9a-f]{12}")
_MARKER = re.compile(rf"coverage\.(?:{_STAMP.pattern}\.)?json")
FRAMES = (
    schemas.INVENTORY,
    schemas.PRESENCE,
    schemas.PODS,
    schemas.USAGE,
    schemas.MOUNTS,
)
OPTIONAL = (schemas.CONTAINERS, schemas.WORKLOADS)
"""Frames that a day may be without: its source had none, or an early burn wrote it."""


def stamp() -> str:
    """A name that no other writer has; later ones sort behind earlier ones."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{secrets.token_hex(6)}"


def is_marker(name: str) -> bool:
    """Whether a file of this name is one."""
    return _MARKER.fullmatch(name) is not None


def file_of(marker: dict[str, Any], frame: str) -> str:
    """The name of a frame's file."""
    return f"{frame}.{marker['stamp']}.parquet" if "stamp" in marker else f"{frame}.parquet"


def marker_of(marker: dict[str, Any]) -> str:
    """The name of the marker's own file."""
    return f"coverage.{marker['stamp']}.json" if "stamp" in marker else MARKER


def window_of(marker: dict[str, Any]) -> Window:
    """The hours that a stored day has."""
    return Window(*map(instant, marker["window"]))


def rank(marker: dict[str, Any]) -> tuple[int, str]:
    """Of several markers of a day, the highest holds."""
    return window_of(marker).hours, str(marker.get("stamp", ""))


def describe(name: str, scope: Scope, day: Window, coverage: Coverage) -> dict[str, Any]:
    """The marker, but for the counts of rows."""
    return {
        "format": FORMAT,
        "cluster": name,
        "label_keys": list(scope.label_keys),
        "window": [day.start.isoformat(), day.end.isoformat()],
        "hours_missing": coverage.hours_missing,
        "gaps": [[a.isoformat(), b.isoformat()] for a, b in coverage.gaps],
        "queries": coverage.queries,
        "samples": coverage.samples,
        "bytes_read": coverage.bytes_read,
        "notes": [scrub(note) for note in coverage.notes],
        "sees": dict(coverage.sees),
    }


def coverage_of(marker: dict[str, Any]) -> Coverage:
    """How well the day was seen."""
    return Coverage(
        hours_missing=float(marker["hours_missing"]),
        gaps=tuple((instant(a), instant(b)) for a, b in marker["gaps"]),
        queries=int(marker["queries"]),
        samples=int(marker["samples"]),
        bytes_read=int(marker["bytes_read"]),
        notes=tuple(marker["notes"]),
        # Days of before this was kept say nothing of it; words of a later burn are left out.
        sees={k: bool(v) for k, v in marker.get("sees", {}).items() if k in OBSERVABLE},
    )


def require(marker: dict[str, Any]) -> None:
    """A marker has all that is read of it, each of its kind; else it raises what Python does."""
    if (int(marker["format"]) == STAMPED) != ("stamp" in marker):
        raise ValueError(f"format {marker['format']}, and stamp {marker.get('stamp')!r}")
    if "stamp" in marker and not _STAMP.fullmatch(marker["stamp"]):
        raise ValueError(f"stamp is {marker['stamp']!r}")
    window_of(marker)
    coverage = coverage_of(marker)
    if not math.isfinite(coverage.hours_missing):
        raise ValueError(f"hours_missing is {coverage.hours_missing}")
    for schema in FRAMES:
        int(marker["rows"][schema.name])
    written = [*FRAMES, *(schema for schema in OPTIONAL if schema.name in marker["rows"])]
    if (digests := marker.get("sha256")) is not None:
        {schema.name: str(digests[schema.name]) for schema in written}
    if not all(isinstance(text, str) for text in (*coverage.notes, *marker["label_keys"])):
        raise TypeError("notes and label_keys are lists of texts")


def instant(text: str) -> datetime:
    """A time of the marker, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)
