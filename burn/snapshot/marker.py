"""What is kept beside the frames of an observed day: `coverage.json`, its last file and its marker."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from burn.api import Coverage, Scope, Window, schemas
from burn.api.vocabulary import OBSERVABLE
from burn.text.secrets import scrub

FORMAT = 1
FRAMES = (
    schemas.INVENTORY,
    schemas.PRESENCE,
    schemas.PODS,
    schemas.USAGE,
    schemas.MOUNTS,
)
OPTIONAL = (schemas.CONTAINERS, schemas.WORKLOADS)
"""Frames that a day may be without: its source had none, or an early burn wrote it."""


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
    int(marker["format"])
    Window(*map(instant, marker["window"]))
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
