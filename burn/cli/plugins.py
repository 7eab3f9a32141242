"""`burn plugins` and `burn schema`: what is installed, and what frames look like."""

from __future__ import annotations

import traceback
from typing import Any

from burn.api import UsageError, schemas
from burn.cli import console, fail
from burn.config.load import load
from burn.plugin.messages import did_you_mean
from burn.plugin.registry import Registry
from burn.plugin.state import KINDS, Loaded, State


def plugins(*, as_json: bool) -> None:
    """Import every plugin under guard and say where it stands."""
    with console.work(quiet=True):
        loaded = Registry.discover(load().block).all()
    if fail.debugging():
        for plugin in loaded:
            if plugin.cause is not None:
                console.talk("".join(traceback.format_exception(plugin.cause)).rstrip())
    if as_json:
        console.data_json([_plugin(plugin) for plugin in loaded])
        return
    console.table(
        ("plugin", "state", "from", "API", "offers"),
        [
            (p.found.name, p.state.value, p.found.author, _api(p), ", ".join(_offers(p)) or "-")
            for p in loaded
        ],
    )
    for plugin in loaded:
        if plugin.state is not State.READY:
            console.data("")
            console.prose(plugin.why, label=f"{plugin.found.name}: ")
            console.prose(plugin.remedy, label="  hint: ")


def _plugin(plugin: Loaded) -> dict[str, Any]:
    candidate = plugin.found
    return {
        "name": candidate.name,
        "distribution": candidate.dist,
        "version": candidate.version,
        "api": _api(plugin),
        "state": plugin.state.value,
        "offers": [
            {"kind": KINDS[type(s)].table, "name": s.name, "summary": s.summary}
            for s in plugin.specs
        ],
        "observes": bool(plugin.observer or plugin.reporter),
        "why": plugin.why,
        "hint": plugin.remedy,
    }


def _api(plugin: Loaded) -> str:
    return plugin.found.group.removeprefix("burn.")


def _offers(plugin: Loaded) -> list[str]:
    offers = [f"{KINDS[type(s)].table} {s.name}" for s in plugin.specs]
    return offers + ["observer"] * bool(plugin.observer or plugin.reporter)


def schema(name: str | None, *, as_json: bool) -> None:
    """All frames, or one frame's columns."""
    known = {one.name: one for one in schemas.SCHEMAS}
    if name is not None and name not in known:
        meant = did_you_mean(name, list(known))
        listed = f"frames: {', '.join(known)}"
        raise UsageError(f"unknown frame `{name}`", hint=f"{meant} {listed}".strip())
    chosen = list(known.values()) if name is None else [known[name]]
    if as_json:
        shown = [_frame(one) for one in chosen]
        console.data_json(shown if name is None else shown[0])
    elif name is None:
        console.table(("frame", "about"), [(one.name, one.about) for one in chosen])
    else:
        (one,) = chosen
        console.prose(f"{one.name}: {one.about}")
        console.data(f"key: {', '.join(one.key) or 'none'}\n")
        console.table(
            ("column", "kind", "meaning"),
            [(c.name, _kind(c.kind, c.null), _doc(c)) for c in one.columns],
        )


def _kind(kind: str, null: bool) -> str:
    return f"{kind} or null" if null else kind


def _doc(column: Any) -> str:
    values = f"one of {', '.join(v or 'empty' for v in column.one_of)}" if column.one_of else ""
    unit = f"in {column.unit}" if column.unit else ""
    focus = f"FOCUS {column.focus}" if column.focus else ""
    return "; ".join(part for part in (column.doc, unit, values, focus) if part)


def _frame(one: Any) -> dict[str, Any]:
    return {
        "frame": one.name,
        "about": one.about,
        "key": list(one.key),
        "columns": [
            {
                "name": c.name,
                "kind": c.kind,
                "null": c.null,
                "unit": c.unit,
                "focus": c.focus,
                "one_of": list(c.one_of),
                "doc": c.doc,
            }
            for c in one.columns
        ],
    }
