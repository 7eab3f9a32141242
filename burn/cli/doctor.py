"""`burn doctor`: whether everything a run needs is there, reachable and readable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import typer

from burn.api import BurnError, CheckRequest, ExitCode
from burn.cli import console
from burn.cli.providers import open_sessions
from burn.plugin.guard import foreign
from burn.plugin.state import State
from burn.stages.bill import default_window
from burn.text.secrets import scrub

if TYPE_CHECKING:
    from burn.api import Scope, Window
    from burn.cli.options import Flags
    from burn.cli.session import Session
    from burn.plugin.chosen import Chosen


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the diagnosis."""

    part: str
    check: str
    ok: bool
    detail: str
    hint: str = ""
    code: ExitCode = ExitCode.ACCESS


def doctor(flags: Flags, providers: Sequence[str], *, as_json: bool) -> None:
    """Run each selected plugin's checks; end with the exit code of the first that fails."""
    sessions = open_sessions(flags, providers)
    with console.work(quiet=True):
        rows = [
            row for part, make, session in _parts(sessions) for row in _examine(part, make, session)
        ]
        plugins = sessions[-1].registry.found
        idle = [p for p in plugins if p.state not in (State.FOUND, State.READY)]
    if as_json:
        names = ("part", "check", "ok", "detail", "hint")
        console.data_json([{name: getattr(row, name) for name in names} for row in rows])
    else:
        for row in rows:
            console.data(f"{'ok  ' if row.ok else 'FAIL'}  {row.part}: {row.check}: {row.detail}")
            if row.hint and not row.ok:
                console.data(f"      hint: {row.hint}")
        for plugin in idle:
            console.data(f"note  plugin {plugin.name} is not used: {plugin.why}")
    failed = [row for row in rows if not row.ok]
    if failed:
        raise typer.Exit(int(failed[0].code))


def _parts(sessions: Sequence[Session]) -> list[tuple[str, Callable[[], Chosen[Any]], Session]]:
    """Sources, providers, the user's own tables, outputs; one source that several providers share is one part."""
    first = sessions[0]
    shared = _shared(sessions)
    parts: list[tuple[str, Callable[[], Chosen[Any]], Session]] = []
    for session in [first] if shared else sessions:
        whose = "" if shared else f" of {session.run.provider}"
        parts.append((f"source {session.run.source}{whose}", session.source, session))
    parts += [(f"provider {one.run.provider}".strip(), one.provider, one) for one in sessions]
    for session in sessions:
        more: list[tuple[str, str, Callable[[str], Chosen[Any]]]]
        more = [("price source", name, session.price_source) for name in session.run.price_sources]
        more += [("enricher", name, session.enricher) for name in session.run.enrichers]
        for word, name, make in more:
            if f"{word} {name}" not in [part for part, _, _ in parts]:
                parts.append((f"{word} {name}", partial(make, name), session))
    return parts + _outward(first)


def _outward(session: Session) -> list[tuple[str, Callable[[], Chosen[Any]], Session]]:
    """Sinks of a run, and services that the configuration has settings for, which can be checked."""
    parts: list[tuple[str, Callable[[], Chosen[Any]], Session]] = []
    for name, to in session.run.outputs:
        parts.append((f"sink {name}", partial(session.sink, name, to), session))
    services = [name for table, name, _ in session.config.plugin_tables() if table == "service"]
    parts += [
        (f"service {name}", partial(session.service, name), session)
        for name in dict.fromkeys(services)
    ]
    return [part for part in parts if _checked(part[1])]


def _checked(make: Callable[[], Chosen[Any]]) -> bool:
    """One that cannot be made is told as a failed row."""
    try:
        return hasattr(make().made, "check")
    except BurnError:
        return True


def _shared(sessions: Sequence[Session]) -> bool:
    try:
        return all(session.same_source(sessions[0]) for session in sessions[1:])
    except BurnError:
        return False  # each is then told by itself


def _examine(part: str, make: Callable[[], Chosen[Any]], session: Session) -> list[Row]:
    """A part that cannot even be made is one failed row, so that the others are still seen."""
    try:
        chosen = make()
        about = CheckRequest(scope=_scope(session), window=_window(session))
        checks = list(chosen.made.check(about))
    except BurnError as error:
        return [Row(part, "start", False, scrub(error.message), error.hint or "", error.exit_code)]
    rows = [Row(part, c.name, c.ok, scrub(c.detail), scrub(c.hint)) for c in checks]
    return rows or [Row(part, "start", True, f"{chosen.author} has nothing to check")]


def _scope(session: Session) -> Scope:
    """A provider that is not there says nothing of labels; that it is not is told in its own row."""
    policies = session.policies()
    try:
        return session.scope(policies)
    except BurnError:
        return session.scope(policies, priced=False)


def _window(session: Session) -> Window | None:
    """What a run would observe: the window asked for, else the bill's; None where no bill tells."""
    if (asked := session.window()) is not None:
        return asked
    try:
        provider = session.provider()
        with foreign(provider.author, "find the period of its bill"):
            return default_window(provider, _scope(session))
    except BurnError:
        return None  # the provider's own checks tell why
