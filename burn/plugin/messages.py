"""Sentences about plugins: what is wrong, and the command that mends it, for how burn was installed."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from burn.plugin.state import Found

WELL_KNOWN = ("aws", "azure", "gcp")
"""Names with a first-party distribution `burn-NAME`; only these get an install command.

For any other name burn does not guess a distribution: a stranger may own it.
"""


class Advice(NamedTuple):
    """What is wrong, and what to do about it."""

    why: str
    remedy: str


def installer(prefix: str | None = None) -> str:
    """How this environment is managed: `uv tool`, `pipx`, `uv` or `pip`.

    uv and pipx leave a receipt in the root of the environments they make.
    """
    root = Path(prefix or sys.prefix)
    if (root / "uv-receipt.toml").exists():
        return "uv tool"
    if (root / "pipx_metadata.json").exists():
        return "pipx"
    config = root / "pyvenv.cfg"
    if config.exists() and any(
        line.split("=")[0].strip() == "uv" for line in config.read_text().splitlines()
    ):
        return "uv"
    return "pip"


def install(dist: str, prefix: str | None = None) -> str:
    """The command that adds a distribution to burn's environment."""
    return {
        "uv tool": f"uv tool install burn-core --with {dist}",
        "pipx": f"pipx inject burn-core {dist}",
        "uv": f"uv pip install {dist}",
        "pip": f"pip install {dist}",
    }[installer(prefix)]


def upgrade(dist: str, prefix: str | None = None) -> str:
    """The command that upgrades a distribution in burn's environment."""
    return {
        "uv tool": "uv tool upgrade burn-core",
        "pipx": "pipx upgrade --include-injected burn-core",
        "uv": f"uv pip install -U {dist}",
        "pip": f"pip install -U {dist}",
    }[installer(prefix)]


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """`did you mean `x`?`, or an empty string."""
    close = difflib.get_close_matches(word.lower(), known, n=1)
    return f"did you mean `{close[0]}`?" if close else ""


def unknown(kind: str, name: str, installed: Sequence[str], unusable: int = 0) -> Advice:
    """Nobody offers this name."""
    listed = f"installed: {', '.join(sorted(installed)) or 'none'}"
    meant = did_you_mean(name, installed)
    if not meant and kind == "provider" and name in WELL_KNOWN:
        return Advice(f"{kind} `{name}` is not installed", install(f"burn-{name}"))
    hint = f"{meant} {listed}".strip()
    if unusable:
        hint += f"; {unusable} more cannot be used, see `burn plugins`"
    return Advice(f"unknown {kind} `{name}`", hint)


def unblock(found: Found) -> str:
    """How to take a plugin off the block list."""
    return f"take `{found.name}` or `{found.dist}` out of BURN_BLOCK or [plugins] block"


def speaks_other_version(found: Found, group: str) -> Advice:
    """The plugin is for another major version of the plugin API."""
    theirs, ours = found.group.removeprefix("burn."), group.removeprefix("burn.")
    newer = int(theirs[1:]) > int(ours[1:])
    why = f"{found.author} speaks plugin API {theirs}; this burn speaks {ours}"
    return Advice(why, upgrade("burn-core" if newer else found.dist))


def needs_other_core(found: Found, pin: str, core: str) -> Advice:
    """The plugin's own requirement on burn-core is not met."""
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    too_old = any(
        part.operator in (">", ">=", "~=", "==")
        and not part.contains(core, prereleases=True)
        and Version(part.version.removesuffix(".*")) > Version(core)
        for part in SpecifierSet(pin)
    )
    why = f"{found.author} needs burn-core {pin}; this is burn-core {core}"
    return Advice(why, upgrade("burn-core" if too_old else found.dist))


def one_name_twice(name: str, authors: Sequence[str]) -> Advice:
    """Several distributions claim one name."""
    why = f"`{name}` is provided by {' and '.join(authors)}"
    return Advice(why, "uninstall one, or block one in [plugins]")


def taken(name: str, owner: str, other: str) -> Advice:
    """A plugin offers a name that is another's."""
    why = f"`{name}` is provided by {owner} and {other}"
    return Advice(why, f"{other} is not used: block or uninstall it, or have its author rename it")


def misplaced(found: Found, group: str) -> Advice:
    """The entry point is in a group that burn does not read."""
    why = f"{found.author} is in entry-point group `{found.group}`; burn reads `{group}`"
    return Advice(why, "its author corrects the group in pyproject.toml")


def half_installed(found: Found) -> Advice:
    """Metadata is missing: an installation or removal that stopped half-way."""
    why = f"{found.dist} is not wholly installed: its metadata cannot be read"
    return Advice(why, f"install it again with `{install(found.dist)}`, or remove the folder")


def refused(found: Found, what: str) -> Advice:
    """The plugin breaks a rule; only its author can mend that."""
    hint = f"its author finds the rules in docs/reference/hooks.md; {_leave_out(found)}"
    return Advice(f"{found.author} is broken: {what}", hint)


def broken(found: Found, what: str, error: BaseException) -> Advice:
    """The plugin fails when it is imported: who can mend that, and where."""
    return Advice(
        f"{found.author} is broken: {what}", f"{_mend(found, error)}; {_leave_out(found)}"
    )


def _mend(found: Found, error: BaseException) -> str:
    own = found.entry.module
    if isinstance(error, ModuleNotFoundError) and error.name:
        if error.name == own or own.startswith(f"{error.name}."):
            return f"its entry point names `{own}`, which is not installed: {upgrade(found.dist)}"
        return (
            f"it needs `{error.name}`, which is not installed: {upgrade(found.dist)}; if it still"
            " is not, its author adds it to the plugin's dependencies"
        )
    if isinstance(error, ImportError) and (error.name or "").partition(".")[0] == "burn":
        return (
            f"this burn lacks what it imports: {upgrade('burn-core')}; its author says in its"
            " dependencies which burn-core it needs"
        )
    place = _place(error, own)
    if not place:
        return f"its author corrects the entry point, `{found.entry.value}`"
    return f"its author mends {place}; `burn plugins --debug` has the traceback"


def _place(error: BaseException, module: str) -> str:
    """File and line of the plugin's own code at which an import failed; empty: it never ran."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{Path(error.filename).name}, line {error.lineno}"
    package = module.partition(".")[0]
    steps = [
        step
        for step in extract_tb(error.__traceback__)
        if package in (Path(step.filename).stem, *Path(step.filename).parts)
    ]
    return f"{Path(steps[-1].filename).name}, line {steps[-1].lineno}" if steps else ""


def _leave_out(found: Found) -> str:
    return f'until then leave it out: [plugins] block = ["{found.name}"]'
