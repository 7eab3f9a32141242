"""A world's observed days as a snapshot on disk, through burn's own writer of that format."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from burn import snapshot
from burn.api import Coverage, Observation, Scope, Window
from tests.lab.observed import frames
from tests.lab.spans import cut
from tests.lab.things import World


def write_snapshot(world: World, root: Path, labels: tuple[str, ...] = ()) -> Path:
    """Write every day of the world; gaps are told as gaps."""
    scope = Scope(cluster=world.cluster, label_keys=labels)
    for number, day in enumerate(Window(world.start, world.end).days()):
        first = int((day.start - world.start) / timedelta(seconds=1))
        here = (first, first + day.hours * 3600)
        holes = tuple(
            (world.at(a), world.at(b))
            for gap in world.gaps
            if (hole := cut(gap, here))
            for a, b in [hole]
        )
        missing = sum((b - a) / timedelta(hours=1) for a, b in holes)
        coverage = Coverage(hours_missing=missing, gaps=holes)
        seen = Observation(**frames(world, number, labels), coverage=coverage)  # type: ignore[arg-type]
        snapshot.write_day(root, scope, day, seen)
    return root
