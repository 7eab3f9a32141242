"""`burn config show`: every setting of this run, with its origin; secrets never."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from burn.api import BurnError
from burn.cli import console
from burn.cli.sessions import open_session

if TYPE_CHECKING:
    from burn.cli.options import Flags
    from burn.config.coerce import Entry


def show(flags: Flags, *, as_json: bool) -> None:
    """Burn's settings, then those of the selected source, provider, policies and sink."""
    session = open_session(flags)
    entries = list(session.config.entries)
    registry, run = session.registry, session.run
    selected: list[tuple[Callable[[str], Any], str]] = [(registry.metrics_source, run.source)]
    if run.provider:
        selected.append((registry.billing_provider, run.provider))
    selected += [(registry.allocation_policy, name) for name in run.policies]
    selected.append((registry.output_sink, run.format))
    problems: list[BurnError] = []
    with console.work(quiet=True):
        for select, name in selected:
            try:
                entries += session.settings(select(name)).entries
            except BurnError as error:
                problems.append(error)
    if as_json:
        console.data_json([_entry(entry) for entry in entries])
    else:
        console.table(
            ("setting", "value", "from"), [(e.key, _text(e.value), e.origin) for e in entries]
        )
    if problems:
        raise problems[0]  # the rest is shown first: it may be what explains the problem


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
