"""The layers of configuration, each read into one shape: a tree of values that know their origin.

A file's strings may hold `{here}`, which stands for the folder the file is in; other relative
paths are relative to where burn runs.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from burn.api import AccessError, UsageError

SET = "--set"
PLUGIN_TABLES = (
    "source",
    "provider",
    "price_source",
    "policy",
    "enricher",
    "sink",
    "rule",
    "service",
    "model",
)
_CHOICES = ((("provider",), ("providers",)), (("format", "output"), ("sinks",)))
"""Keys of `[run]` that say one thing in two ways: a layer has the one or the other."""
_ORIGINS = {"sinks": "format"}


@dataclass(frozen=True, slots=True)
class Value:
    """One value and where it came from.

    Attributes:
        text: it was typed, so a comma parts a list.
        written: as the file has it, where that is not `raw`: with `{here}`.
    """

    raw: Any
    origin: str
    text: bool = False
    written: Any = None


Tree = dict[str, "Value | Tree"]


def from_flags(flags: Mapping[str, str | None]) -> Tree:
    """Flags that stand for a `[run]` setting; None is a flag that was not given."""
    given = {
        name: Value(value, f"--{_ORIGINS.get(name, name)}", text=True)
        for name, value in flags.items()
        if value is not None
    }
    return {"run": dict(given)} if given else {}


def from_set(pairs: Iterable[str]) -> Tree:
    """`--set a.b.c=value`; the key is a TOML dotted key, so parts with dots can be quoted.

    Raises:
        UsageError: no `=`, or no such key; the value is not shown, it may be a secret.
    """
    tree: Tree = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        name = key.strip() if equals else (re.match(r"[\w.-]*", pair) or [""])[0]
        hint = "write --set table.key=value, e.g. --set run.tolerance=0.01"
        if not equals:
            raise UsageError(f"`--set {name}` has no value", hint=hint)
        try:
            node: Any = tomllib.loads(f"{key} = 0")
        except tomllib.TOMLDecodeError:
            raise UsageError(f"`--set {name}` is not a key", hint=hint) from None
        path = []
        while isinstance(node, dict):
            path.append(next(iter(node)))
            node = node[path[-1]]
        if len(path) == 1:
            raise UsageError(f"`--set {name}` names no table", hint=hint)
        tree = merge(tree, _nest(path, Value(text, SET, text=True)))
    return tree


def from_environment(environ: Mapping[str, str] = os.environ) -> Tree:
    """`BURN_RUN__WINDOW`: two underscores part the key; an empty value counts as not set."""
    tree: Tree = {}
    for name in sorted(environ):
        if name.startswith("BURN_") and "__" in name and environ[name]:
            path = name.removeprefix("BURN_").lower().split("__")
            if path[0] in PLUGIN_TABLES and len(path) > 1:
                path[1] = path[1].replace("_", "-")  # plugin names have hyphens, variables cannot
            tree = merge(tree, _nest(path, Value(environ[name], name, text=True)))
    return tree


def from_file(path: Path, origin: str) -> Tree:
    """One TOML file.

    Raises:
        UsageError: it is missing, or no TOML.
        AccessError: it may not be read.
    """
    try:
        parsed = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"config file {origin} does not exist", hint="check --config") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{origin} is not valid TOML: {error}") from None
    except OSError as error:
        raise AccessError(f"config file {origin} cannot be read: {error.strerror}") from None
    return _wrap(parsed, origin, path.parent.resolve().as_posix())


def merge(low: Tree, high: Tree) -> Tree:
    """Both trees; where both have a value, the high one's."""
    out = dict(low)
    for key, value in high.items():
        below = out.get(key)
        both = isinstance(value, dict) and isinstance(below, dict)
        out[key] = merge(below, value) if both else value  # type: ignore[arg-type]
    return out


def over(low: Tree, high: Tree) -> Tree:
    """Merged layers: `run.provider` and `run.providers` are one choice, so the high one's alone counts.

    Raises:
        UsageError: the high layer has both.
    """
    run, below = high.get("run", {}), low.get("run", {})
    if isinstance(run, dict) and isinstance(below, dict):
        for one, several in _CHOICES:
            has = [key for key in (*one, *several) if key in run]
            if set(has) & set(one) and set(has) & set(several):
                both = {key: run[key] for key in has}
                names = " and ".join(f"`run.{key}`" for key in (has[0], *several))
                raise UsageError(
                    f"{names} exclude each other (from {origin(both)})",
                    hint=f"set `{has[0]}` for one, or all of them in `{several[0]}`",
                )
            other = several if set(has) & set(one) else one if has else ()
            below = {key: item for key, item in below.items() if key not in other}
        low = {**low, "run": below} if "run" in low else low
    return merge(low, high)


def origin(value: Value | Tree) -> str:
    """Where a value, or all values of a table, came from."""
    if isinstance(value, Value):
        return value.origin
    return ", ".join(dict.fromkeys(origin(item) for item in value.values())) or "default"


def on(tree: Tree, provider: str) -> Tree:
    """The layer as a run on this provider sees it: `[on.NAME.…]` lies over the layer's own tables.

    Raises:
        UsageError: the overlay is no table of tables, or chooses another provider.
    """
    overlays = tree.get("on", {})
    mine = overlays.get(provider, {}) if isinstance(overlays, dict) else overlays
    if not isinstance(mine, dict):
        raise UsageError(
            f"`on` is not a table of tables (from {mine.origin})",
            hint="write [on.NAME.run], [on.NAME.source.prometheus], … for the provider NAME",
        )
    run = mine.get("run", {})
    providers = [key for keys in _CHOICES[0] for key in keys]
    twice = next((key for key in providers if isinstance(run, dict) and key in run), None)
    if twice:
        raise UsageError(f"`on.{provider}.run.{twice}` makes no sense: it is `{provider}`")
    return merge({key: value for key, value in tree.items() if key != "on"}, mine)


def _nest(path: list[str], value: Value) -> Tree:
    tree: Value | Tree = value
    for key in reversed(path):
        tree = {key: tree}
    return tree  # type: ignore[return-value]


def _wrap(node: dict[str, Any], origin: str, here: str) -> Tree:
    return {
        key: _wrap(value, origin, here)
        if isinstance(value, dict)
        else _written(value, origin, here)
        for key, value in node.items()
    }


def _written(value: Any, origin: str, here: str) -> Value:
    placed = _place(value, here)
    return Value(placed, origin, written=value if placed != value else None)


def _place(value: Any, here: str) -> Any:
    if isinstance(value, str):
        return value.replace("{here}", here)
    if isinstance(value, list):
        return [_place(item, here) for item in value]
    if isinstance(value, dict):
        return {key: _place(item, here) for key, item in value.items()}
    return value
