"""A command's session, or one for each of several providers; settings that nothing uses are refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from burn.api import BillingProviderSpec, UsageError
from burn.cli.session import Session
from burn.plugin import advice
from burn.plugin.state import KINDS

if TYPE_CHECKING:
    from burn.cli.options import Flags


def open_session(flags: Flags) -> Session:
    """The session of a command about one provider."""
    session = Session(flags)
    _refuse_idle([session])
    return session


def open_sessions(flags: Flags, providers: Sequence[str]) -> list[Session]:
    """One session a provider, in the order they were named; without a name, the configured one.

    Raises:
        UsageError: a provider is named twice.
    """
    twice = next((name for name in providers if list(providers).count(name) > 1), None)
    if twice:
        raise UsageError(
            f"--provider {twice} is given twice",
            hint="several accounts of one provider are one bill: see its settings",
        )
    sessions = [Session(replace(flags, provider=name)) for name in providers] or [Session(flags)]
    _refuse_idle(sessions)
    return sessions


def _refuse_idle(sessions: Sequence[Session]) -> None:
    """A setting for a plugin that this command does not use is most likely a misspelling.

    Files may hold tables for several clouds, so there only a near miss is refused.
    """
    runs = [session.run for session in sessions]
    chosen = {
        "source": [run.source for run in runs],
        "provider": [run.provider for run in runs],
        "policy": [name for run in runs for name in run.policies],
        "sink": [run.format for run in runs],
    }
    for session in sessions:
        for table, name, came_from in session.config.plugin_tables():
            spec = next(cls for cls, kind in KINDS.items() if kind.table == table)
            _refuse(session, spec, (table, table), name, came_from, chosen[table])
        for name, came_from in session.config.overlays.items():
            words = ("on", "provider")
            _refuse(session, BillingProviderSpec, words, name, came_from, chosen["provider"])


def _refuse(
    session: Session,
    spec: type,
    words: tuple[str, str],
    name: str,
    came_from: str,
    chosen: list[str],
) -> None:
    if name in chosen:
        return
    table, word = words
    meant = advice.did_you_mean(name, chosen)
    if "--set" in came_from or (meant and name not in session.registry.names(spec)):
        used = ", ".join(f"`{one}`" for one in dict.fromkeys(chosen) if one) or "none"
        raise UsageError(
            f"`{table}.{name}` (from {came_from}) is set, but not used",
            hint=f"{meant} this run uses {word} {used}".strip(),
        )
