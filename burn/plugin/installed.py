"""Which plugins are installed: package metadata only, no third-party import."""

from __future__ import annotations

import contextlib
import os
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from importlib.metadata import Distribution, EntryPoint, entry_points

from burn import __version__
from burn.api import PLUGIN_API
from burn.plugin import messages
from burn.plugin.state import Found, State

GROUP = f"burn.v{PLUGIN_API[0]}"
CORE = "burn-core"
BUILTIN = "builtin"
_ANY_GROUP = re.compile(r"burn\.v(\d+)")
_LIKE_OURS = re.compile(r"burns?([._-]?v?\d+(\.\d+)*)?([._-]?plugins?)?", re.IGNORECASE)
"""Groups that were most likely meant to be ours."""


def find(block: Iterable[str] = ()) -> tuple[Found, ...]:
    """All entry points of every `burn.v*` group, judged as far as metadata allows.

    Args:
        block: entry-point or distribution names not to use; `BURN_BLOCK` adds to them.

    Returns:
        Sorted by name, then distribution: the order of installation never matters.
    """
    names = {_normal(name) for name in (*block, *os.environ.get("BURN_BLOCK", "").split(","))}
    installed = entry_points()
    groups = sorted(group for group in installed.groups if _LIKE_OURS.fullmatch(group))
    found = [_judge(entry, names) for group in groups for entry in installed.select(group=group)]
    spoken = {(f.dist, f.name) for f in found if f.group == GROUP}
    found = [f for f in found if f.group == GROUP or (f.dist, f.name) not in spoken]
    return tuple(sorted(_conflicts(found), key=lambda f: (f.name, f.dist, f.group)))


def _judge(entry: EntryPoint, block: set[str]) -> Found:
    dist = entry.dist
    name, version = _named(dist)
    found = Found(
        name=entry.name, dist=name, version=version or "?", group=entry.group, entry=entry
    )
    if found.dist == CORE:
        return found  # the core's own built-ins: never blocked, always compatible
    if {_normal(found.name), _normal(found.dist)} & block:
        return replace(found, state=State.BLOCKED, why="blocked", remedy=messages.unblock(found))
    if not version:
        why, remedy = messages.half_installed(found)
        return replace(found, state=State.BROKEN, why=why, remedy=remedy)
    if not _ANY_GROUP.fullmatch(found.group):
        why, remedy = messages.misplaced(found, GROUP)
        return replace(found, state=State.INCOMPATIBLE, why=why, remedy=remedy)
    if found.group != GROUP:
        why, remedy = messages.speaks_other_version(found, GROUP)
        return replace(found, state=State.INCOMPATIBLE, why=why, remedy=remedy)
    if pin := _unmet_pin(dist):
        why, remedy = messages.needs_other_core(found, pin, __version__)
        return replace(found, state=State.INCOMPATIBLE, why=why, remedy=remedy)
    return found


def _named(dist: Distribution | None) -> tuple[str, str]:
    """A distribution's name and version; no version where its metadata is gone.

    A removal that stopped half-way leaves the entry points behind, without METADATA.
    """
    if dist is None:
        return "unknown", "0"
    # Asked for a missing key, Pythons answer None, warn or raise, by their version.
    with contextlib.suppress(KeyError, AttributeError, TypeError, OSError):
        said = dist.metadata
        if "Name" in said and "Version" in said and said["Name"] and said["Version"]:
            return str(said["Name"]), str(said["Version"])
    folder = getattr(getattr(dist, "_path", None), "name", "")
    return folder.partition("-")[0] or "unknown", ""


def _unmet_pin(dist: Distribution | None) -> str:
    """The plugin's requirement on the core when this core does not meet it, else empty.

    pip negotiates it at install time; a later upgrade of one side can break it unnoticed.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    for text in (dist.requires if dist else None) or ():
        try:
            need = Requirement(text)
        except InvalidRequirement:
            continue
        applies = need.marker is None or need.marker.evaluate({"extra": ""})
        met = need.specifier.contains(__version__, prereleases=True)
        if _normal(need.name) == CORE and applies and not met:
            return str(need.specifier)
    return ""


def _conflicts(found: list[Found]) -> list[Found]:
    """Mark usable plugins that share a name; the core's own always wins."""
    same = defaultdict(list)
    for one in found:
        if one.state is State.FOUND:
            same[one.name].append(one)
    for name, ones in same.items():
        if len(ones) == 1:
            continue
        why, remedy = messages.one_name_twice(name, sorted(o.author for o in ones))
        for one in ones:
            if one.dist != CORE:
                at = found.index(one)
                found[at] = replace(one, state=State.CONFLICT, why=why, remedy=remedy)
    return found


def _normal(name: str) -> str:
    """A distribution's name as PEP 503 compares them."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()
