"""The runs of a command about one provider or several, and the one report of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from burn.api import UsageError, Window

if TYPE_CHECKING:
    from burn.api import Report
    from burn.cli.options import Flags
    from burn.cli.session import Session
    from burn.config.model import RunSettings
    from burn.run.plan import Plan
    from burn.work.events import Events


def plans(sessions: Sequence[Session], *, shared: bool) -> tuple[list[Plan], str]:
    """A plan for each session, all over one window: a sum over different times says nothing.

    Where nobody chose a window, it is the last month that all bills have whole.

    Args:
        sessions: one a provider.
        shared: take the time that different windows have in common; samples have windows that
            nobody chose.

    Returns:
        The plans, and a sentence about their window that a reader must see, else nothing.

    Raises:
        UsageError: the windows that were chosen differ.
    """
    made = [session.plan() for session in sessions]
    if len(made) == 1:
        return made, ""
    from burn.stages.bill import default_window

    stated = {plan.window for plan in made if plan.window}
    free = [plan for plan in made if not plan.window]
    windows = stated or {min(default_window(plan.provider, plan.scope) for plan in free)}
    start, end = max(w.start for w in windows), min(w.end for w in windows)
    note = ""
    if shared and len(windows) > 1 and start < end:
        windows = {Window(start, end)}
        note = f"the providers' windows differ ({_windows(made)}): the report is of {Window(start, end)}, which all have"
    if len(windows) > 1:
        raise UsageError(
            f"the providers have different windows ({_windows(made)})",
            hint="give one with --window",
        )
    return [replace(plan, window=next(iter(windows))) for plan in made], note


def of_command(flags: Flags, providers: Sequence[str], *, quiet: bool, service: str = "") -> Report:
    """The report of a command that only shows it: sessions, plans and runs, with their progress."""
    from burn.cli import console
    from burn.cli.providers import open_sessions

    sessions = open_sessions(flags, providers, service)
    with console.work(quiet=quiet) as events:
        chosen, note = plans(sessions, shared=flags.sample)
        return report(chosen, sessions[0].run, events, note)


def _windows(made: Sequence[Plan]) -> str:
    return ", ".join(f"{plan.provider.name}: {plan.window}" for plan in made if plan.window)


def report(chosen: Sequence[Plan], settings: RunSettings, events: Events, note: str = "") -> Report:
    """Run every plan; one report, in one currency, with the note before those of the runs."""
    from burn.combine.convert import converted
    from burn.combine.merge import merge
    from burn.run.pipeline import run

    reports = [run(plan, events) for plan in chosen]
    merged = merge(converted(reports, settings.currency, settings.rates), settings.tolerance)
    return replace(merged, notes=(note, *merged.notes)) if note else merged
