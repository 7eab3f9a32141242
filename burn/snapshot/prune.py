"""Removes days that nobody wants any more."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from burn.snapshot.marker import is_marker
from burn.snapshot.store import Store, choose, folder_of


def prune(root: Path | str, cluster: str | None, before: datetime) -> int:
    """Remove the days of a cluster that begin before an instant; how many there were.

    Of each day the markers go first, so that no reader takes a part for the whole. What killed
    writers left of those days goes, too.

    Args:
        root: as for `read_days`.
        cluster: its name; None when the store holds one cluster.
        before: UTC.

    Raises:
        AccessError: something may not be listed or removed.
    """
    store = Store(root)
    folder = folder_of(choose(store, cluster))
    days: dict[str, list[str]] = {}
    for file in store.place.files(folder):
        day = file.removeprefix(f"{folder}/").partition("/")[0]
        if _starts(day, before):
            days.setdefault(day, []).append(file)
    for day, files in days.items():
        for file in sorted(files, key=lambda name: not is_marker(name.rpartition("/")[2])):
            store.place.remove(file)
        store.place.remove_folder(f"{folder}/{day}")
    return len(days)


def _starts(name: str, before: datetime) -> bool:
    try:
        day = datetime.strptime(name, "day=%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return False  # somebody else's folder
    return day < before
