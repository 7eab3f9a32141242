"""`burn serve`: runs a service that a plugin offers, or lists them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from burn.api import ServeRequest
from burn.cli import combined, console, report_store
from burn.cli.providers import open_sessions
from burn.config.load import load
from burn.plugin.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from burn.api import Desk, Report
    from burn.cli.options import Flags
    from burn.questions.desk import Desk as Own
    from burn.work.events import Events

_NONE = "No service is installed: a plugin offers one with the hook `burn_services`."


def services(*, as_json: bool) -> None:
    """All services of the usable plugins."""
    with console.work(quiet=True):
        specs = Registry.discover(load().block).services()
    if as_json:
        console.data_json([{"name": spec.name, "summary": spec.summary} for spec in specs])
    elif specs:
        console.table(("service", "what it does"), [(spec.name, spec.summary) for spec in specs])
    else:
        console.prose(_NONE)


def printing(name: str, client: str | None, *, manifest: bool = False) -> list[str]:
    """`--print-config CLIENT` and `--print-manifest` as the settings of the service that they are."""
    sets = [] if client is None else [f"service.{name}.print_config={client}"]
    return [*sets, *([f"service.{name}.print_manifest=true"] if manifest else [])]


def serve(flags: Flags, providers: Sequence[str], name: str) -> None:
    """Run one until it is stopped; its settings are checked before it starts."""
    sessions = open_sessions(flags, providers, service=name)
    from burn.cli.documents import written
    from burn.cli.kept_run import kept_run
    from burn.questions import opened

    service = sessions[0].service(name)

    def report(window: str) -> Report:
        typed = replace(flags, window=window or flags.window)
        return combined.of_command(typed, providers, quiet=True, service=name)

    config = sessions[0].config
    store = report_store.opened(config.history, sample=flags.sample)

    def start(window: str, events: Events) -> str:
        typed = replace(flags, window=window or flags.window)
        return kept_run(store, open_sessions(typed, providers, service=name), typed, events)

    own = opened(store, config.check, written(sessions[0]), start, console.warn)

    def of(person: str | None) -> Desk:
        return own.of(person, config.access)

    request = ServeRequest(report=report, say=console.talk, desk=of, meant=_meant)
    service.made.serve(request)


def _meant(desk: Desk, asked: str) -> list[tuple[str, dict[str, Any]]]:
    from burn.questions.rules import meant

    return [(one.question, one.params) for one in meant(cast("Own", desk), asked)]
