"""Found → Loaded: import a plugin under guard, check its hooks, ask what it offers."""

from __future__ import annotations

import contextlib
import sys
from importlib import import_module
from typing import Any

import pluggy

from burn.api import BurnError, Report
from burn.plugin import hook_rules, messages
from burn.plugin.guard import cause, deadline, foreign
from burn.plugin.state import KINDS, OBSERVER, REPORTER, Found, Loaded, Observer, Reporter, State

IMPORT_SECONDS = 20
"""Clouds' SDKs are imported later, in `make`; what takes this long waits for something."""


def load(found: Found) -> Loaded:
    """Import one plugin and take its specs; never raises for what the plugin does.

    Each plugin gets a hook manager of its own, so a half-registered or misspelt one
    cannot touch another, and only its own hooks are called.
    """
    if found.state is not State.FOUND:
        return Loaded(found, found.state, why=found.why, remedy=found.remedy)
    try:
        # What a plugin prints at import is talk, and stdout is data.
        with (
            foreign(found.author, "load"),
            contextlib.redirect_stdout(sys.stderr),
            deadline(IMPORT_SECONDS, f"its import takes more than {IMPORT_SECONDS} s"),
        ):
            return _load(found)
    except BurnError as error:
        inner = error.__cause__ or error
        if isinstance(inner, hook_rules.RefusedError):
            why, remedy = messages.refused(found, str(inner))
        else:
            why, remedy = messages.broken(found, cause(inner), inner)
        return Loaded(found, State.BROKEN, why=why, remedy=remedy, cause=inner)


def _load(found: Found) -> Loaded:
    plugin = found.entry.load()
    manager = pluggy.PluginManager("burn")
    manager.add_hookspecs(import_module("burn.api.hookspec"))
    hook_rules.check_markers(plugin)
    try:
        manager.register(plugin, found.name)
    except pluggy.PluginValidationError as error:
        raise hook_rules.RefusedError(hook_rules.unfit(error)) from error
    hook_rules.check_spelling(manager)
    callers = manager.get_hookcallers(plugin) or []
    if not callers:
        raise hook_rules.RefusedError(hook_rules.no_hook(plugin))
    for caller in callers:
        for impl in caller.get_hookimpls():
            hook_rules.check_impl(caller.name, impl)
    specs: list[Any] = []
    for kind, (_, _, hook, _) in KINDS.items():
        returned = getattr(manager.hook, hook)()
        if not returned and any(caller.name == hook for caller in callers):
            raise hook_rules.RefusedError(f"hook `{hook}` returned None, not a list of specs")
        for offered in returned:
            specs += hook_rules.check_offer(offered, kind, hook)
    watches = {caller.name for caller in callers}
    return Loaded(
        found,
        State.READY,
        specs=tuple(specs),
        observer=_observer(manager, found) if OBSERVER in watches else None,
        reporter=_reporter(manager, found) if REPORTER in watches else None,
    )


def _observer(manager: pluggy.PluginManager, found: Found) -> Observer:
    """Calls the plugin's observer with the arguments that its version of the hook takes."""

    def observe(stage: str, frame: object, run_id: str) -> None:
        with foreign(found.author, f"observe stage {stage}"):
            manager.hook.burn_stage_finished(stage=stage, frame=frame, run_id=run_id)

    return observe


def _reporter(manager: pluggy.PluginManager, found: Found) -> Reporter:
    def report_finished(report: Report, settings: tuple[str, ...]) -> None:
        with foreign(found.author, "observe the report"):
            manager.hook.burn_report_finished(report=report, settings=settings)

    return report_finished
