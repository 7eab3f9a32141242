"""A world's observed days as a snapshot on disk, through burn's own writer of that format."""

from __future__ import annotations

from pathlib import Path

from burn import snapshot
from burn.api import Observation, Scope, Window
from tests.lab.facts import facts
from tests.lab.observed import frames
from tests.lab.source import coverage
from tests.lab.things import World


def write_snapshot(world: World, root: Path, labels: tuple[str, ...] = ()) -> Path:
    """Write every day of the world; gaps are told as gaps."""
    scope = Scope(cluster=world.cluster, label_keys=labels)
    for number, day in enumerate(Window(world.start, world.end).days()):
        made = frames(world, number, labels) | facts(world, number)
        seen = Observation(**made, coverage=coverage(world, day))  # type: ignore[arg-type]
        snapshot.write_day(root, scope, day, seen)
    return root
