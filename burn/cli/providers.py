"""A command's sessions, one a provider; settings that nothing uses are refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from burn.api import BillingProviderSpec, UsageError
from burn.cli.options import DETAIL
from burn.cli.session import Session
from burn.config.load import load
from burn.plugin import messages
from burn.plugin.state import KINDS

if TYPE_CHECKING:
    from burn.cli.options import Flags


def open_sessions(flags: Flags, providers: Sequence[str] = (), service: str = "") -> list[Session]:
    """One session a provider, in the order they were named; at least one, of no provider maybe.

    Args:
        flags: what was typed.
        providers: --provider, as often as it was given; none: what the configuration names.
        service: what `burn serve` was asked for.

    Raises:
        UsageError: a provider is named twice.
    """
    names = providers or configured(flags)[0]
    twice = next((name for name in names if list(names).count(name) > 1), None)
    if twice:
        word = "--provider" if providers else "provider"
        raise UsageError(
            f"{word} {twice} is given twice",
            hint="several accounts of one provider are one bill: see its settings",
        )
    sessions = [Session(replace(flags, provider=name)) for name in names] or [Session(flags)]
    formats = [name for session in sessions for name, _ in session.run.outputs]
    if DETAIL in flags.sets and "table" not in formats:
        raise UsageError(
            f"--detail is for format `table`, and this writes {', '.join(dict.fromkeys(formats))}",
            hint="leave it out: the other formats have every row",
        )
    _refuse_idle(sessions, service)
    return sessions


def configured(flags: Flags) -> tuple[tuple[str, ...], str]:
    """`run.providers`, and where it is from."""
    files = flags.files and not flags.sample
    config = load(flags.run_settings(), flags.sets, file=flags.config, files=files)
    entry = next(entry for entry in config.entries if entry.key == "run.providers")
    return config.run.providers, entry.origin


def _refuse_idle(sessions: Sequence[Session], service: str) -> None:
    """A setting for a plugin that this command does not use is most likely a misspelling.

    Files may hold tables for several clouds, so there only a near miss is refused.
    """
    runs = [session.run for session in sessions]
    chosen = {
        "source": [run.source for run in runs],
        "provider": [run.provider for run in runs],
        "policy": [name for run in runs for name in run.policies],
        "price_source": [name for run in runs for name in run.price_sources],
        "enricher": [name for run in runs for name in run.enrichers],
        "sink": [name for run in runs for name, _ in run.outputs],
        "rule": [name for one in sessions for name in one.rule_names()],
        "service": [service] if service else [],
        "model": [one.config.ask.model for one in sessions],
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
    meant = messages.did_you_mean(name, chosen)
    if "--set" in came_from or (meant and name not in session.registry.names(spec)):
        used = ", ".join(f"`{one}`" for one in dict.fromkeys(chosen) if one) or "none"
        raise UsageError(
            f"`{table}.{name}` (from {came_from}) is set, but not used",
            hint=f"{meant} this run uses {word} {used}".strip(),
        )
