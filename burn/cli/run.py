"""`burn run` and `burn collect`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from burn.cli import console
from burn.cli.session import Session

if TYPE_CHECKING:
    from burn.api import Observation, Window
    from burn.cli.options import Flags


def run(flags: Flags, *, quiet: bool) -> None:
    """Everything from the metrics to the report."""
    session = Session(flags)
    sink = session.sink()
    with console.work(quiet=quiet) as events:
        plan = session.plan()
        from burn.pipeline import run as pipeline

        report = pipeline(plan, events)
    sink.made.write(report, session.run.output or None)


def collect(flags: Flags, out: Path, *, quiet: bool) -> None:
    """Keep observed days on disk, for a later run with `--source snapshot`."""
    session = Session(flags)
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
