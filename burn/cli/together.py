"""The runs of a command about one provider or several, and the one report of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from burn.api import UsageError, Window

if TYPE_CHECKING:
    from burn.api import Report
    from burn.cli.session import Session
    from burn.config.model import RunSettings
    from burn.events import Events
    from burn.plan import Plan


def plans(sessions: Sequence[Session], *, shared: bool) -> list[Plan]:
    """A plan for each session, all over one window: a sum over different times says nothing.

    Where nobody chose a window, it is the last month that all bills have whole.

    Args:
        sessions: one a provider.
        shared: take the time that different windows have in common; samples have windows that
            nobody chose.

    Raises:
        UsageError: the windows that were chosen differ.
    """
    made = [session.plan() for session in sessions]
    if len(made) == 1:
        return made
    from burn.stages.bill import default_window

    asked = {plan.window for plan in made if plan.window}
    free = [plan for plan in made if not plan.window]
    found = asked or {min(default_window(plan.provider, plan.scope) for plan in free)}
    start, end = max(w.start for w in found), min(w.end for w in found)
    if shared and start < end:
        found = {Window(start, end)}
    if len(found) > 1:
        listed = ", ".join(f"{plan.provider.name}: {plan.window}" for plan in made if plan.window)
        raise UsageError(
            f"the providers have different windows ({listed})", hint="give one with --window"
        )
    return [replace(plan, window=next(iter(found))) for plan in made]


def report(chosen: Sequence[Plan], settings: RunSettings, events: Events) -> Report:
    """Run every plan; one report, in one currency."""
    from burn.pipeline import run
    from burn.stages.convert import converted
    from burn.stages.merge import merge

    found = [run(plan, events) for plan in chosen]
    return merge(converted(found, settings.currency, settings.rates), settings.tolerance)
