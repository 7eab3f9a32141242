"""`burn run` and `burn collect`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from burn.api import UsageError, Window
from burn.cli import console
from burn.cli.sessions import open_session, open_sessions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from burn.api import Observation
    from burn.cli.options import Flags
    from burn.plan import Plan


def run(flags: Flags, providers: Sequence[str], *, quiet: bool) -> None:
    """Everything from the metrics to the report: a pipeline per provider, then one report."""
    sessions = open_sessions(flags, providers)
    first = sessions[0]
    sink = first.sink()
    with console.work(quiet=quiet) as events:
        plans = [session.plan() for session in sessions]
        if len(plans) > 1:
            plans = _one_window(plans, shared=flags.sample)
        from burn.pipeline import run as pipeline
        from burn.stages.convert import converted
        from burn.stages.merge import merge

        reports = [pipeline(plan, events) for plan in plans]
        settings = first.run
        same = converted(reports, settings.currency, settings.rates)
        report = merge(same, settings.tolerance)
    sink.made.write(report, settings.output or None)


def _one_window(plans: Sequence[Plan], *, shared: bool) -> list[Plan]:
    """The plans with one window: a sum over different times says nothing.

    Where nobody chose one, it is the last month that all bills have whole.

    Args:
        plans: one a provider.
        shared: take the time that different windows have in common; samples have windows that
            nobody chose.
    """
    from burn.stages.bill import default_window

    asked = {plan.window for plan in plans if plan.window}
    free = [plan for plan in plans if not plan.window]
    found = asked or {min(default_window(plan.provider, plan.scope) for plan in free)}
    start, end = max(w.start for w in found), min(w.end for w in found)
    if shared and start < end:
        found = {Window(start, end)}
    if len(found) > 1:
        listed = ", ".join(f"{plan.provider.name}: {plan.window}" for plan in plans if plan.window)
        raise UsageError(
            f"the providers have different windows ({listed})", hint="give one with --window"
        )
    return [replace(plan, window=next(iter(found))) for plan in plans]


def collect(flags: Flags, out: Path, *, quiet: bool) -> None:
    """Keep observed days on disk, for a later run with `--source snapshot`."""
    session = open_session(flags)
    with console.work(quiet=quiet) as events:
        window = session.window(default="1d")
        source = session.source()
        scope = session.scope(session.policies())  # a later run's policies find their labels
        from burn.snapshot import write_day
        from burn.stages import collect as stage

        def keep(day: Window, seen: Observation) -> None:
            write_day(out, scope, day, seen)

        assert window is not None  # noqa: S101  the default sees to it
        stage.collect(source, scope, window, events, keep)
    if not quiet:
        days = len(list(window.days()))
        console.talk(f"{days} {'day' if days == 1 else 'days'} of {window} written to {out}")
