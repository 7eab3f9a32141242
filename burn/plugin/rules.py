"""What a plugin's hooks may look like; a breach is refused before any hook is called."""

from __future__ import annotations

import difflib
import inspect
import re
from dataclasses import is_dataclass
from typing import Any

import pluggy

from burn.plugin.state import KINDS, OBSERVER

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_HOOKS = (*(kind.hook for kind in KINDS.values()), OBSERVER)


class RefusedError(Exception):
    """The plugin breaks a rule of the hooks; the message says which."""


def check_markers(plugin: object) -> None:
    """Plugins implement hooks; they do not specify any (firstresult, historic)."""
    for name, value in vars(plugin).items() if hasattr(plugin, "__dict__") else ():
        if inspect.isfunction(value) and getattr(value, "burn_spec", None) is not None:
            raise RefusedError(f"`{name}` is marked @hookspec; a plugin marks its hooks @hookimpl")


def check_spelling(manager: pluggy.PluginManager) -> None:
    """A hook that burn does not have is a misspelling, and would never be called."""
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        unknown = [
            name
            for name, caller in vars(manager.hook).items()
            if not name.startswith("_") and not caller.has_spec()
        ]
        close = difflib.get_close_matches(unknown[0], _HOOKS, n=1)
        meant = f"; did you mean `{close[0]}`?" if close else ""
        raise RefusedError(f"unknown hook `{unknown[0]}`{meant}") from error


def check_impl(hook: str, impl: Any) -> None:
    """No wrapper, no order, no generator, no default: each makes a result depend on luck.

    A wrapper would rewrite another's result; order among plugins is an accident of
    installation; a generator or coroutine returns before it has run; pluggy passes defaults
    or keeps them depending on its version.
    """
    for option in ("wrapper", "hookwrapper", "tryfirst", "trylast"):
        if getattr(impl, option):
            raise RefusedError(f"hook `{hook}` uses {option}=True, which burn does not allow")
    function = impl.function
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise RefusedError(f"hook `{hook}` is a generator; return a list instead of yielding")
    if inspect.iscoroutinefunction(function):
        raise RefusedError(f"hook `{hook}` is a coroutine; hooks are plain functions")
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.default is not inspect.Parameter.empty:
            raise RefusedError(f"hook `{hook}` gives argument `{name}` a default; leave it out")


def check_offer(offered: object, kind: type, hook: str) -> list[Any]:
    """What a registration hook returned: a sequence of specs with good, distinct names."""
    if not isinstance(offered, (list, tuple)):
        raise RefusedError(f"hook `{hook}` returned {type(offered).__name__}, not a list of specs")
    seen: set[str] = set()
    for spec in offered:
        if not isinstance(spec, kind):
            raise RefusedError(f"hook `{hook}` returned {type(spec).__name__}, not {kind.__name__}")
        name = getattr(spec, "name", None)
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise RefusedError(
                f"hook `{hook}` offers the name {name!r}; names are lower case, "
                "with digits and single hyphens"
            )
        if name in seen:
            raise RefusedError(f"hook `{hook}` offers `{name}` twice")
        seen.add(name)
        settings = getattr(spec, "settings", None)
        if not (isinstance(settings, type) and is_dataclass(settings)):
            raise RefusedError(f"`{name}` has settings that are not a dataclass")
        if not callable(getattr(spec, "make", None)):
            raise RefusedError(f"`{name}` has a `make` that cannot be called")
    return list(offered)
