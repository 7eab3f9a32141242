"""Catch up: observe days that were missed, the newest first, as far back as the source remembers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import tee

from burn.api import ForgottenError, MetricsSource, Observation, Scope, Window
from burn.plugin.chosen import Chosen
from burn.validation.observed import Observed
from burn.work.events import Events
from burn.work.in_order import in_order


def catch_up(
    source: Chosen[MetricsSource],
    scope: Scope,
    days: Iterable[Window],
    events: Events,
    keep: Callable[[Window, Observation], None],
    at_once: int = 1,
) -> tuple[list[Window], ForgottenError | None]:
    """Observe and keep one day after the other, until one is no longer remembered.

    Args:
        source: observes the cluster.
        scope: cluster and label keys.
        days: the newest first, any number of them.
        events: told of each day, and of what a reader must see.
        keep: what to do with a checked day.
        at_once: days that a source which allows it is asked for at the same time.

    Returns:
        The days that were kept, and what the source said of the first that it has forgotten.
    """
    asked, told = tee(days)
    observed = in_order(Observed(source, scope), asked, at_once if source.concurrent else 1)
    done: list[Window] = []
    events.started("collect")
    forgotten = None
    for day in told:
        try:
            seen = next(observed)
        except ForgottenError as error:
            forgotten = error
            break
        keep(day, seen)
        for note in seen.coverage.notes:
            events.warning(f"{day.start:%Y-%m-%d}: {note}")
        done.append(day)
        del seen  # before the next one is taken
    events.finished("collect", f"{len(done)} days")
    return done, forgotten
