"""A run that a service was asked for: as `burn run` makes it, kept, and written nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.cli import combined
from burn.run.observers import tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from burn.cli.options import Flags
    from burn.cli.session import Session
    from burn.history.store import History
    from burn.work.events import Events


def kept_run(store: History, sessions: Sequence[Session], flags: Flags, events: Events) -> str:
    """The name of the report that is kept.

    Raises:
        BurnError: as `burn run` does, and where the report cannot be kept.
    """
    first = sessions[0]
    plans, note = combined.plans(sessions, shared=flags.sample)
    report = combined.report(plans, first.run, events, note)
    stated = tuple(dict.fromkeys(text for plan in plans for text in plan.stated))
    name = store.keep(report, stated).name
    tell(report, first.registry.reporters(first.run.observers), events, stated)
    return name
