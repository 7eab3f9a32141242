"""`burn run` and `burn collect`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from burn.api import BurnError, UsageError, Window
from burn.cli import combined, console
from burn.cli.providers import open_sessions
from burn.cli.report_store import keep
from burn.cli.writing import Requests
from burn.run.observers import tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from burn.api import Observation, OutputSink, Scope
    from burn.cli.options import Flags
    from burn.cli.session import Session
    from burn.plugin.chosen import Chosen


def run(flags: Flags, providers: Sequence[str], *, quiet: bool) -> None:
    """Everything from the metrics to the report: a pipeline per provider, then one report."""
    sessions = open_sessions(flags, providers)
    first = sessions[0]
    sinks = first.sinks()
    with console.work(quiet=quiet) as events:
        plans, note = combined.plans(sessions, shared=flags.sample)
        report = combined.report(plans, first.run, events, note)
        refused = None
        stated = tuple(dict.fromkeys(text for plan in plans for text in plan.stated))
        if first.config.history.keep and not flags.no_keep:
            refused = keep(report, first.config.history, stated, first.sample)
        tell(report, first.registry.reporters(first.run.observers), events, stated)
    with Requests(report, first, sample=flags.sample) as requests:
        write(sinks, requests, refused)


def write(
    sinks: Sequence[tuple[Chosen[OutputSink], str | None]],
    requests: Requests,
    refused: BurnError | None,
) -> None:
    """Write to every sink; what failed is told when all the others have written.

    Args:
        sinks: and where each writes.
        requests: for what they write.
        refused: why the report could not be kept, if so.

    Raises:
        BurnError: the first that failed.
    """
    failed = [error for sink, target in sinks if (error := _write(sink, requests, target))]
    if refused:
        failed.append(refused)
    for error in failed[1:]:
        console.warn(error.message)
    if failed:
        raise failed[0]


def _write(sink: Chosen[OutputSink], requests: Requests, target: str | None) -> BurnError | None:
    """Write to one sink; what went wrong is told when the others have written too."""
    try:
        sink.made.write(requests.to(target))
    except BurnError as error:
        return error
    return None


def collect(flags: Flags, out: Path, *, quiet: bool) -> None:
    """Keep observed days on disk, for a later run with `--source snapshot`."""
    if out.exists() and not out.is_dir():
        raise UsageError(
            f"--out {out} is a file", hint="name a folder; it is made if it is not there"
        )
    sessions = _of_clusters(open_sessions(flags))
    done: list[Window] = []
    with console.work(quiet=quiet) as events:
        from burn.snapshot import write_day
        from burn.stages import collect as stage

        for session in sessions:
            window = session.window(default="1d")
            assert window is not None  # noqa: S101  the default sees to it
            source = session.source()
            # A later run's policies find their labels.
            scope = session.scope(session.policies())

            def keep(day: Window, seen: Observation, scope: Scope = scope) -> None:
                write_day(out, scope, day, seen)

            stage.collect(source, scope, window, events, keep, at_once=session.run.days_at_once)
            done.append(window)
    if not quiet:
        for window in dict.fromkeys(done):
            days = len(list(window.days()))
            console.talk(f"{days} {'day' if days == 1 else 'days'} of {window} written to {out}")


def _of_clusters(sessions: Sequence[Session]) -> list[Session]:
    """One session a cluster: several providers may be configured for what one source sees.

    Raises:
        UsageError: two sources would write the same folder.
    """
    found: dict[str, Session] = {}
    for session in sessions:
        same = found.setdefault(session.run.cluster, session)
        if not session.same_source(same):
            name = session.run.cluster or "(no name)"
            raise UsageError(
                f"cluster {name} of {session.run.provider} and of {same.run.provider} have "
                "different sources",
                hint="name their clusters apart with [on.NAME.run] cluster",
            )
    return list(found.values())
