"""`burn collect`: days of a cluster, kept in a folder or a bucket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from burn.api import UsageError, Window
from burn.cli import console
from burn.cli.providers import open_sessions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from burn.api import Observation
    from burn.cli.options import Flags
    from burn.cli.session import Session
    from burn.work.events import Events

_DAY = timedelta(days=1)
_SHOWN = 5
_OLDEST = 3660
"""Days back from which nothing is asked for."""


def collect(flags: Flags, out: str, *, catch_up: bool, keep_days: int | None, quiet: bool) -> None:
    """Keep observed days, for a later run with `--source snapshot`.

    Args:
        flags: what to collect.
        out: a folder, or the URI of a bucket's prefix.
        catch_up: only days that are not there, the newest first.
        keep_days: then remove the cluster's days before that many; None: none.
        quiet: say nothing.
    """
    if "://" not in out and Path(out).exists() and not Path(out).is_dir():
        raise UsageError(
            f"--out {out} is a file", hint="name a folder; it is made if it is not there"
        )
    sessions = _of_clusters(open_sessions(flags))
    # `run.window` is the reports': with last-month, a night's job would never keep yesterday.
    window = Window.parse(flags.window, now=datetime.now(UTC)) if flags.window else None
    since = _today() - keep_days * _DAY if keep_days else None
    for session in sessions:
        _check(session, window, catch_up=catch_up, since=since)
    said: list[str] = []
    with console.work(quiet=quiet) as events:
        for session in sessions:
            if catch_up:
                said += _caught_up(session, window, out, events, since)
            else:
                said += _window(session, window or _yesterday(), out, events)
        if since:
            from burn.snapshot import prune

            gone = sum(prune(out, session.run.cluster or "", since) for session in sessions)
            said.append(f"{_days(gone)} before {since:%Y-%m-%d} removed")
    if not quiet:
        for line in dict.fromkeys(said):
            console.talk(line)


def _check(
    session: Session, window: Window | None, *, catch_up: bool, since: datetime | None
) -> None:
    """What contradicts itself is told before anything is asked for."""
    if since and window and window.start < since:
        raise UsageError(
            f"--keep-days would remove days of --window {window} at once",
            hint=f"begin the window on {since:%Y-%m-%d} or later, or keep more days",
        )
    if catch_up and session.registry.metrics_source(session.run.source).spec.live:
        raise UsageError(
            f"source `{session.run.source}` sees what there is now: it has no days to catch up",
            hint="leave --catch-up out, or collect from Prometheus",
        )


def _window(session: Session, window: Window, out: str, events: Events) -> list[str]:
    from burn.snapshot import write_day
    from burn.stages import collect as stage

    source = session.source()
    # A later run's policies find their labels.
    scope = session.scope(session.policies())

    def keep(day: Window, seen: Observation) -> None:
        write_day(out, scope, day, seen)

    stage.collect(source, scope, window, events, keep, at_once=session.run.days_at_once)
    return [f"{_days(len(list(window.days())))} of {window} written to {out}"]


def _caught_up(
    session: Session, window: Window | None, out: str, events: Events, since: datetime | None
) -> list[str]:
    from burn.snapshot import days, write_day
    from burn.stages.catch_up import catch_up

    source = session.source()
    scope = session.scope(session.policies())
    stored = {day.start.date(): day for day in days(out, scope.cluster or "")}
    lacking = (
        day
        for day in _backwards(window, since)
        if (kept := stored.get(day.start.date())) is None
        or kept.start > day.start
        or kept.end < day.end
    )
    newest = next(lacking, None)
    if newest is None:
        return [f"no day is missing in {out}"]

    def keep(day: Window, seen: Observation) -> None:
        write_day(out, scope, day, seen)

    missing = chain([newest], lacking)
    done, forgotten = catch_up(source, scope, missing, events, keep, session.run.days_at_once)
    if forgotten and not done and all(newest > day for day in stored.values()):
        raise forgotten  # it has not even the days since the last run
    if forgotten and stored:
        _tell_lost({*stored, *(day.start.date() for day in done)}, newest, events)
    return [f"{_days(len(done))} written to {out}"]


def _backwards(window: Window | None, since: datetime | None) -> Iterator[Window]:
    """Days, the newest first: the window's, else from yesterday on."""
    if window:
        yield from reversed(list(window.days()))
        return
    end = _today()
    for _ in range(_OLDEST):
        if since and end <= since:
            return
        yield Window(end - _DAY, end)
        end -= _DAY


def _tell_lost(there: set[date], newest: Window, events: Events) -> None:
    """Days since the first that is there which are gone for good."""
    first = min(there)
    span = (newest.start.date() - first).days
    lost = [day for n in range(1, span + 1) if (day := first + n * _DAY) not in there]
    if lost:
        shown = ", ".join(f"{day:%Y-%m-%d}" for day in lost[:_SHOWN])
        more = ", …" if len(lost) > _SHOWN else ""
        events.warning(f"{_days(len(lost))} missing and no longer remembered: {shown}{more}")


def _days(count: int) -> str:
    return f"{count} {'day' if count == 1 else 'days'}"


def _yesterday() -> Window:
    return Window(_today() - _DAY, _today())


def _today() -> datetime:
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _of_clusters(sessions: Sequence[Session]) -> list[Session]:
    """One session a cluster: several providers may be configured for what one source sees.

    Raises:
        UsageError: two sources would write the same folder.
    """
    by_cluster: dict[str, Session] = {}
    for session in sessions:
        same = by_cluster.setdefault(session.run.cluster, session)
        if not session.same_source(same):
            name = session.run.cluster or "(no name)"
            raise UsageError(
                f"cluster {name} of {session.run.provider} and of {same.run.provider} have "
                "different sources",
                hint="name their clusters apart with [on.NAME.run] cluster",
            )
    return list(by_cluster.values())
