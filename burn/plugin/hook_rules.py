"""What a plugin's hooks may look like; a breach is refused before any hook is called."""

from __future__ import annotations

import contextlib
import difflib
import inspect
import re
from dataclasses import is_dataclass
from typing import Any

import pluggy

from burn.api import PodBilling
from burn.plugin.state import KINDS, OBSERVER, REPORTER

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_HOOKS = (*(kind.hook for kind in KINDS.values()), OBSERVER, REPORTER)


class RefusedError(Exception):
    """The plugin breaks a rule of the hooks; the message says which."""


def check_markers(plugin: object) -> None:
    """Plugins implement hooks; they do not specify any (firstresult, historic)."""
    for name, value in vars(plugin).items() if hasattr(plugin, "__dict__") else ():
        if inspect.isfunction(value) and getattr(value, "burn_spec", None) is not None:
            raise RefusedError(f"`{name}` is marked @hookspec; a plugin marks its hooks @hookimpl")


def no_hook(plugin: object) -> str:
    """Why a plugin without hooks has none."""
    names = [name for name in _HOOKS if callable(getattr(plugin, name, None))]
    if names:
        return f"`{names[0]}` is not marked @hookimpl, so burn does not see it"
    return f"`{getattr(plugin, '__name__', type(plugin).__name__)}` implements no hook of burn"


def unfit(error: pluggy.PluginValidationError) -> str:
    """A hook that asks for what burn does not pass; pluggy says which on its last line."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    named = re.search(r"for hook '(\w+)'", lines[0])
    hook = f"hook `{named[1]}`" if named else "a hook"
    extra = re.search(r"Argument\(s\) \{(.+?)\}", str(error))
    if extra:
        names = extra[1].replace("'", "`")
        return f"{hook} takes {names}, which burn does not pass"
    return f"{hook} cannot be used: {lines[-1]}"


def check_made(made: object, protocol: type, what: str) -> None:
    """What `make` returned has the methods of its protocol, and they can be called as burn does.

    Raises:
        RefusedError: names the method.
    """
    for name, stated in vars(protocol).items():
        if name.startswith("_") or not inspect.isfunction(stated):
            continue
        method = getattr(made, name, None)
        if not callable(method):
            raise RefusedError(f"{what} has no method `{name}`")
        if inspect.iscoroutinefunction(method) or inspect.isasyncgenfunction(method):
            raise RefusedError(f"`{name}` of {what} is async; burn calls it as a plain method")
        parameters = list(inspect.signature(stated).parameters.values())[1:]
        by_name = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
        placed = [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY]
        with contextlib.suppress(ValueError):  # some callables of C have no signature
            try:
                inspect.signature(method).bind(*placed, **dict.fromkeys(by_name))
            except TypeError as error:
                call = ", ".join([*placed, *(f"{key}=…" for key in by_name)])
                raise RefusedError(
                    f"`{name}` of {what} cannot be called as {name}({call}): {error}"
                ) from error


def check_declared(label_keys: object, pod_billing: object, what: str) -> None:
    """What a spec says from the settings has the kind that it must have.

    Raises:
        RefusedError: names the declaration; a text would be taken for its letters.
    """
    listed = isinstance(label_keys, (list, tuple))
    if label_keys is not None and not (listed and all(isinstance(k, str) for k in label_keys)):  # type: ignore[attr-defined]
        raise RefusedError(f"`label_keys` of {what} gives {label_keys!r}, not a list of texts")
    if pod_billing is not None and not isinstance(pod_billing, PodBilling):
        raise RefusedError(f"`pod_billing` of {what} gives {pod_billing!r}, not PodBilling")


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
