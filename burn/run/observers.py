"""Tells observers what a stage made and what the report is; they can break nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from burn import __version__
from burn.api import Report, Window
from burn.run.plan import Plan
from burn.work.events import Events

if TYPE_CHECKING:
    import pandas as pd


class Observers:
    """The plan's observers, with the run's id: the same input gives the same id."""

    def __init__(self, plan: Plan, window: Window, events: Events) -> None:
        self._observers = plan.observers
        self._events = events
        asked = (
            __version__,
            str(window),
            repr(plan.scope),
            plan.basis,
            *(f"{c.name} {c.author}" for c in plan.chosen()),
            *plan.stated,
            *plan.inputs,
        )
        self.run_id = hashlib.sha256("\n".join(asked).encode()).hexdigest()[:12]

    def tell(self, stage: str, frame: pd.DataFrame) -> None:
        """Give each observer a copy; what it raises becomes a warning."""
        for observer in self._observers:
            try:
                observer(stage, frame.copy(), self.run_id)
            except Exception as error:  # a stranger's code: never fatal
                self._events.warning(f"an observer failed after {stage}: {error}")


def _copies(report: Report) -> dict[str, Any]:
    """Every frame of a report, by its field's name: what is written after this stays as it was."""
    import pandas as pd

    values = {one.name: getattr(report, one.name) for one in fields(report)}
    return {name: one.copy() for name, one in values.items() if isinstance(one, pd.DataFrame)}


def tell(
    report: Report,
    observers: Iterable[Callable[[Report, tuple[str, ...]], None]],
    events: Events,
    settings: tuple[str, ...] = (),
) -> None:
    """Give each observer of the report (hook `burn_report_finished`) frames of its own."""
    for observer in observers:
        try:
            observer(replace(report, **_copies(report)), settings)
        except Exception as error:  # a stranger's code: never fatal
            events.warning(f"an observer of the report failed: {error}")
