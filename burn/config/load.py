"""Flag > environment > burn.toml > user file > default.

In each of them `[on.NAME.…]` lies over the other tables when the run is on provider NAME, so that
one file can serve a cluster on each of several clouds.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import TypeVar

from burn.api import UsageError
from burn.api.thresholds import Thresholds
from burn.config import layers
from burn.config.coerce import Entry, Table, build
from burn.config.layers import PLUGIN_TABLES, Tree, Value, origin
from burn.config.model import HistorySettings, PluginsSettings, RunSettings
from burn.history.budget import CheckSettings
from burn.questions.access import AccessSettings
from burn.questions.talk.settings import AskSettings

T = TypeVar("T")
FILE = "burn.toml"
_OWN = ("run", "findings", "history", "check", "access", "ask", "plugins")
_TABLES = (*_OWN, *PLUGIN_TABLES)


class Config:
    """The merged configuration; tables are typed when somebody asks for them."""

    def __init__(self, tree: Tree, overlays: Mapping[str, str] | None = None) -> None:
        self._tree = tree
        self.overlays = dict(overlays or {})
        """Providers with an `[on.NAME]` of their own, and where it was written."""
        for name, node in tree.items():
            if name not in _TABLES:
                if _anothers(name, origin(node)):
                    continue
                raise _unknown_table(name, origin(node))
            tables = [(name, node)]
            if name in PLUGIN_TABLES and isinstance(node, dict):
                tables = [(f"{name}.{plugin}", table) for plugin, table in node.items()]
            for path, table in tables:
                if not isinstance(table, dict):
                    hint = f"write [run] {name} = … to choose it" if name in PLUGIN_TABLES else None
                    raise UsageError(f"`{path}` is not a table (from {origin(table)})", hint=hint)
        self._run = build(RunSettings, self._table("run"), "run")
        self._findings = build(Thresholds, self._table("findings"), "findings")
        self._history = build(HistorySettings, self._table("history"), "history")
        self._check = build(CheckSettings, self._table("check"), "check")
        self._access = build(AccessSettings, self._table("access"), "access")
        self._ask = build(AskSettings, self._table("ask"), "ask")
        self._plugins = build(PluginsSettings, self._table("plugins"), "plugins")

    @property
    def run(self) -> RunSettings:
        """`[run]`."""
        return self._run.settings

    @property
    def findings(self) -> Thresholds:
        """`[findings]`."""
        return self._findings.settings

    @property
    def history(self) -> HistorySettings:
        """`[history]`."""
        return self._history.settings

    @property
    def check(self) -> CheckSettings:
        """`[check]`."""
        return self._check.settings

    @property
    def access(self) -> AccessSettings:
        """`[access]`."""
        return self._access.settings

    @property
    def ask(self) -> AskSettings:
        """`[ask]`."""
        return self._ask.settings

    @property
    def block(self) -> tuple[str, ...]:
        """`[plugins] block`."""
        return self._plugins.settings.block

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Burn's own settings, for `burn config show`."""
        own = (self._run, self._findings, self._history, self._check, self._access, self._ask)
        return tuple(entry for table in (*own, self._plugins) for entry in table.entries)

    @property
    def stated(self) -> tuple[str, ...]:
        """What is set of the thresholds of findings, which are part of a report."""
        return self._findings.stated

    def plugin(self, table: str, name: str, cls: type[T]) -> Table[T]:
        """The settings of one plugin object, e.g. `[source.prometheus]`.

        Raises:
            UsageError: an unknown key or a bad value, with its origin.
        """
        named = self._table(table).get(name, {})
        return build(cls, named if isinstance(named, dict) else {}, f"{table}.{name}")

    def plugin_tables(self) -> Iterator[tuple[str, str, str]]:
        """Every plugin table that somebody wrote: table, plugin name, origin."""
        for table in PLUGIN_TABLES:
            for name, node in self._table(table).items():
                yield table, name, origin(node)

    def _table(self, name: str) -> Tree:
        node = self._tree.get(name, {})
        return node if isinstance(node, dict) else {}


def load(
    flags: Mapping[str, str | None] | None = None,
    sets: Sequence[str] = (),
    *,
    file: Path | None = None,
    sample: Path | None = None,
    files: bool = True,
    environ: Mapping[str, str] = os.environ,
) -> Config:
    """Read every layer.

    Args:
        flags: `[run]` settings given as flags, by name.
        sets: `--set` values.
        file: --config; must exist. Else `burn.toml` in the working folder, if there is one.
        sample: a sample's folder; its burn.toml is the only file read, so that it works anywhere.
        files: whether to read any; not before the sample's provider is known.
        environ: the environment.

    Raises:
        UsageError: a file or key is wrong; names it.
    """
    found: list[Tree] = []
    user = user_file(environ)
    if sample is not None:
        found.append(layers.from_file(sample / FILE, "sample"))
    elif files:
        if user.is_file():
            found.append(layers.from_file(user, _short(user)))
        if file is not None or Path(FILE).is_file():
            path = file or Path(FILE)
            found.append(layers.from_file(path, str(path)))
    found += [layers.from_environment(environ), layers.from_set(sets)]
    found.append(layers.from_flags(flags or {}))
    nothing: Tree = {}
    whole = reduce(layers.over, found, nothing)
    provider = _provider(whole)
    written = whole.get("on", {})
    named = written if isinstance(written, dict) else {}
    overlays = {name: origin(node) for name, node in named.items()}
    seen = (layers.on(one, provider) for one in found)
    return Config(reduce(layers.over, seen, nothing), overlays)


def user_file(environ: Mapping[str, str] = os.environ) -> Path:
    """The user's own burn.toml, by the XDG rules: a relative XDG_CONFIG_HOME does not count."""
    base = Path(environ.get("XDG_CONFIG_HOME", ""))
    folder = base if base.is_absolute() else Path(environ.get("HOME") or Path.home()) / ".config"
    return folder / "burn" / FILE


def _provider(tree: Tree) -> str:
    run = tree.get("run", {})
    named = run.get("provider") if isinstance(run, dict) else None
    return str(named.raw) if isinstance(named, Value) else ""


def _short(path: Path) -> str:
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _anothers(table: str, came_from: str) -> bool:
    """Whether a variable `BURN_X__Y` is another program's: it resembles no table of ours."""
    ours = [*_TABLES, "on"]
    from_environment = all(one.startswith("BURN_") for one in came_from.split(", "))
    return from_environment and not difflib.get_close_matches(table, ours, n=1)


def _unknown_table(name: str, came_from: str) -> UsageError:
    close = difflib.get_close_matches(name, _TABLES, n=1)
    meant = f"did you mean `{close[0]}`? " if close else ""
    hint = f"{meant}tables are {', '.join(f'[{t}]' for t in _OWN)}, " + ", ".join(
        f"[{t}.NAME]" for t in PLUGIN_TABLES
    )
    return UsageError(f"unknown table `{name}` (from {came_from})", hint=hint)
