"""Kubeconfig files, merged as kubectl merges them: the first file that names a thing defines it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from burn.builtin.metrics.kubernetes.access.entry import Entry, unusable

_KINDS = {"clusters": "cluster", "contexts": "context", "users": "user"}


@dataclass(frozen=True)
class Chosen:
    """One context and what it refers to; a context without a user signs in as nobody."""

    name: str
    cluster: Entry
    user: Entry

    @property
    def named(self) -> str:
        """For hints: which context of which file."""
        return f"context `{self.name}` of {self.cluster.file}"


@dataclass(frozen=True)
class Kubeconfig:
    """All entries by kind and name, and the name of the current context."""

    entries: Mapping[str, Mapping[str, Entry]]
    current: str
    files: tuple[Path, ...]

    def chosen(self, context: str) -> Chosen:
        """A context; the current one if the name is empty.

        Raises:
            UsageError: it is not there, or it refers to what is not there.
        """
        name = context or self.current
        known = ", ".join(sorted(self.entries["contexts"])) or "none"
        if not name:
            raise unusable(
                f"{self._places} has no current-context",
                f"set source.kubernetes.context to one of: {known}",
            )
        found = self.entries["contexts"].get(name)
        if found is None:
            raise unusable(
                f"{self._places} has no context `{name}`",
                f"set source.kubernetes.context to one of: {known}",
            )
        cluster, user = found.text("cluster"), found.text("user")
        if cluster not in self.entries["clusters"]:
            raise found.wrong("cluster", f"is `{cluster}`, which is nowhere", "add the cluster")
        if user and user not in self.entries["users"]:
            raise found.wrong("user", f"is `{user}`, which is nowhere", "add the user")
        nobody = Entry("no user", found.file, {})
        return Chosen(
            name, self.entries["clusters"][cluster], self.entries["users"].get(user, nobody)
        )

    @property
    def _places(self) -> str:
        return ", ".join(map(str, self.files))


def files(setting: str) -> list[Path]:
    """Where kubeconfigs may be: the setting, else KUBECONFIG, else ~/.kube/config."""
    said = setting or os.environ.get("KUBECONFIG") or "~/.kube/config"
    paths = (Path(one).expanduser() for one in said.split(os.pathsep) if one)
    return list(dict.fromkeys(paths))


def load(setting: str) -> Kubeconfig:
    """All files that are there, merged.

    Args:
        setting: files named outright, which must be there; files that KUBECONFIG names need not.

    Raises:
        UsageError: there is none, or one cannot be read.
    """
    paths = files(setting)
    there = [path for path in paths if setting or path.exists()]
    if not there:
        raise unusable(f"there is no kubeconfig at {', '.join(map(str, paths))}")
    entries: dict[str, dict[str, Entry]] = {kind: {} for kind in _KINDS}
    current = ""
    for path in there:
        whole = parsed(path)
        current = current or whole.text("current-context")
        for kind in _KINDS:
            own = dict(_named(whole, kind))
            entries[kind] = own | entries[kind]
    return Kubeconfig(entries, current, tuple(there))


def parsed(path: Path) -> Entry:
    """One file as a table.

    Raises:
        UsageError: it cannot be read or is no YAML. Its lines are not shown: they hold secrets.
    """
    import yaml

    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        document = yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506
    except OSError as error:
        raise unusable(f"{path}: {(error.strerror or 'cannot be read').lower()}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark else ""
        raise unusable(f"{path} is no YAML{line}", "see `kubectl config view`") from None
    if not isinstance(document or {}, dict):
        raise unusable(f"{path} is no kubeconfig", "see `kubectl config view`")
    return Entry("kubeconfig", path, document or {})


def _named(whole: Entry, kind: str) -> Iterator[tuple[str, Entry]]:
    rows: Any = whole.values.get(kind) or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise whole.wrong(kind, "is no list of names and tables", "see `kubectl config view`")
    seen: set[str] = set()
    for row in rows:
        name, values = row.get("name"), row.get(_KINDS[kind]) or {}
        if not isinstance(name, str) or not isinstance(values, dict):
            raise whole.wrong(kind, "has an entry without a name", "put names in quotes")
        if name in seen:
            raise whole.wrong(kind, f"names `{name}` twice", "take one of them out")
        seen.add(name)
        yield name, Entry(f"{_KINDS[kind]} `{name}`", whole.file, values, name)
