"""A metrics source that saw a world of the lab: all of it, but for the gaps it was given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from burn.api import CheckRequest, Coverage, Observation, ObserveRequest, Window, schemas
from burn.api.vocabulary import OBSERVABLE
from tests.lab.observed import frames
from tests.lab.spans import cut
from tests.lab.things import World

SEES = dict.fromkeys(OBSERVABLE[: OBSERVABLE.index("specs")], True)
"""All but facts for advice, which no world tells of all its days: of those nothing is said."""
OBSERVED = (schemas.INVENTORY, schemas.PRESENCE, schemas.PODS, schemas.USAGE, schemas.MOUNTS)


def coverage(world: World, day: Window) -> Coverage:
    """The day's gaps, told as gaps."""
    first = int((day.start - world.start) / timedelta(seconds=1))
    here = (first, first + day.hours * 3600)
    holes = tuple(
        (world.at(a), world.at(b))
        for gap in world.gaps
        if (hole := cut(gap, here))
        for a, b in [hole]
    )
    missing = sum((b - a) / timedelta(hours=1) for a, b in holes)
    return Coverage(hours_missing=missing, gaps=holes, sees=SEES)


class LabSource:
    """A perfect metrics source: it saw what the lab says was to be seen.

    Args:
        world: what was there.
        seen: gives the frames of a day, with a cloud's own names.
    """

    def __init__(self, world: World, seen: Callable[..., dict[str, Any]] = frames) -> None:
        self.world = world
        self.seen = seen

    def check(self, request: CheckRequest) -> tuple[()]:
        return ()

    def observe(self, request: ObserveRequest) -> Observation:
        scope, day = request.scope, request.window
        world = self.world
        midnight = world.start.replace(hour=0)
        part = (day.start.hour, day.start.hour + day.hours)
        made = self.seen(world, (day.start - midnight).days, scope.label_keys, part=part)
        valid: dict[str, Any] = {s.name: s.validate(made[s.name], author="lab") for s in OBSERVED}
        return Observation(**valid, coverage=coverage(world, day))
