"""Found → Loaded: import a plugin under guard, check its hooks, ask what it offers."""

from __future__ import annotations

import contextlib
import sys
from importlib import import_module
from typing import Any

import pluggy

from burn.api import BurnError
from burn.plugin import advice, rules
from burn.plugin.guard import cause, foreign
from burn.plugin.state import KINDS, OBSERVER, Found, Loaded, Observer, State


def load(found: Found) -> Loaded:
    """Import one plugin and take its specs; never raises for what the plugin does.

    Each plugin gets a hook manager of its own, so a half-registered or misspelt one
    cannot touch another, and only its own hooks are called.
    """
    if found.state is not State.FOUND:
        return Loaded(found, found.state, why=found.why, remedy=found.remedy)
    try:
        # What a plugin prints at import is talk, and stdout is data.
        with foreign(found.author, "load"), contextlib.redirect_stdout(sys.stderr):
            return _load(found)
    except BurnError as error:
        inner = error.__cause__ or error
        what = str(inner) if isinstance(inner, rules.RefusedError) else cause(inner)
        why, remedy = advice.broken(found, what)
        return Loaded(found, State.BROKEN, why=why, remedy=remedy, cause=inner)


def _load(found: Found) -> Loaded:
    plugin = found.entry.load()
    manager = pluggy.PluginManager("burn")
    manager.add_hookspecs(import_module("burn.api.hookspec"))
    rules.check_markers(plugin)
    manager.register(plugin, found.name)
    rules.check_spelling(manager)
    callers = manager.get_hookcallers(plugin) or []
    for caller in callers:
        for impl in caller.get_hookimpls():
            rules.check_impl(caller.name, impl)
    specs: list[Any] = []
    for kind, (_, _, hook) in KINDS.items():
        for offered in getattr(manager.hook, hook)():
            specs += rules.check_offer(offered, kind, hook)
    observes = any(caller.name == OBSERVER for caller in callers)
    observer = _observer(manager, found) if observes else None
    return Loaded(found, State.READY, specs=tuple(specs), observer=observer)


def _observer(manager: pluggy.PluginManager, found: Found) -> Observer:
    """Calls the plugin's observer with the arguments that its version of the hook takes."""

    def observe(stage: str, frame: object, run_id: str) -> None:
        with foreign(found.author, f"observe stage {stage}"):
            manager.hook.burn_stage_finished(stage=stage, frame=frame, run_id=run_id)

    return observe
