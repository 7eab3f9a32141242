"""Observed days on disk, for the sample of a provider."""

from __future__ import annotations

from pathlib import Path

from burn.api import Observation, Scope, Window
from burn.snapshot import write_day as write


def write_day(
    folder: Path | str, day: Window, seen: Observation, *, scope: Scope | None = None
) -> Path:
    """Write one day as `burn collect` does, into a sample's `metrics/`; a second one replaces it.

    Args:
        folder: made if it is not there.
        day: one UTC day, or part of one.
        seen: its five frames, valid.
        scope: cluster and label keys that the sample's burn.toml names.

    Raises:
        AccessError: the folder cannot be written.
    """
    return Path(write(folder, scope or Scope(), day, seen))
