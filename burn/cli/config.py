"""`burn config show`: every setting of this run, with its origin; secrets never."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from burn.api import BurnError
from burn.cli import console
from burn.cli.providers import configured, open_sessions

if TYPE_CHECKING:
    from burn.cli.options import Flags
    from burn.cli.session import Session
    from burn.config.coerce import Entry


def show(flags: Flags, providers: Sequence[str], *, as_json: bool) -> None:
    """Burn's settings, then those of the selected source, provider, policies and sink."""
    sessions = open_sessions(flags, providers)
    problems: list[BurnError] = []
    with console.work(quiet=True):
        entries_of = [_entries(session, problems) for session in sessions]
    names = tuple(session.run.provider for session in sessions)
    origin = "--provider" if providers else configured(flags)[1]
    entries = _together(names, entries_of, origin)
    if as_json:
        console.data_json([_entry(entry) for entry in entries])
    else:
        console.table(
            ("setting", "value", "from"), [(e.key, _text(e.value), e.origin) for e in entries]
        )
    if problems:
        raise problems[0]  # the rest is shown first: it may be what explains the problem


def _entries(session: Session, problems: list[BurnError]) -> list[Entry]:
    entries = list(session.config.entries)
    registry, run = session.registry, session.run
    selected: list[tuple[Callable[[str], Any], str]] = [(registry.metrics_source, run.source)]
    if run.provider:
        selected.append((registry.billing_provider, run.provider))
    selected += [(registry.allocation_policy, name) for name in run.policies]
    selected += [(registry.price_source, name) for name in run.price_sources]
    selected += [(registry.enricher, name) for name in run.enrichers]
    selected += [(registry.output_sink, name) for name in dict(run.outputs)]
    for select, name in selected:
        try:
            entries += session.settings(select(name)).entries
        except BurnError as error:
            problems.append(error)
    return entries


def _together(names: tuple[str, ...], found: Sequence[list[Entry]], origin: str) -> list[Entry]:
    """What all providers share once; what differs as `on.NAME.…`, which is how to set it."""
    if len(names) == 1:
        return found[0]
    values: dict[str, list[Entry]] = {}
    for entries in found:
        for entry in entries:
            values.setdefault(entry.key, []).append(entry)
    out: list[Entry] = []
    for name, entries in zip(names, found, strict=True):
        for entry in entries:
            same = all(one == values[entry.key][0] for one in values[entry.key])
            if same and entry not in out:
                out.append(entry)
            elif not same and entry.key != "run.provider":  # it is in `NAME` already
                out.append(replace(entry, key=f"on.{name}.{entry.key}"))
    chosen = [entry.key for entry in out].index("run.providers")
    out[chosen] = replace(out[chosen], value=names, origin=origin)
    return out


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "key": entry.key,
        "value": json.loads(json.dumps(entry.value, default=str)),
        "from": entry.origin,
        "secret": entry.secret,
        "help": entry.help,
    }


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)
