"""Who may import whom: the contracts in .importlinter hold, and forget no package."""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {
    f"burn.{path.stem}"
    for path in (ROOT / "burn").iterdir()
    if (path / "__init__.py").exists() or (path.suffix == ".py" and not path.stem.startswith("__"))
}
# What a contract's source may import of burn, by DESIGN.md: everything else must be forbidden.
MAY = {
    "api": {"burn.api", "burn.text"},
    "builtin": {
        *("burn.api", "burn.text", "burn.builtin", "burn.snapshot", "burn.place"),
        # Sinks show them; they run nothing.
        *("burn.view", "burn.ledger", "burn.findings"),
    },
    "discovery": {"burn.api", "burn.text", "burn.plugin", "burn.run.plan"},
}


def contracts() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return parser


def test_every_contract_is_kept() -> None:
    linted = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout
    assert ", 0 broken" in linted.stdout


@pytest.mark.parametrize("name", MAY)
def test_a_contract_forgets_no_room(name: str) -> None:
    forbidden = contracts()[f"importlinter:contract:{name}"]["forbidden_modules"].split()
    assert ROOMS - MAY[name] <= set(forbidden) | {f"burn.{name}"}, (
        "add the new package to .importlinter"
    )


def test_every_plugin_is_under_contract() -> None:
    plugins = {path.parent.name for path in ROOT.glob("plugins/*/burn_*/__init__.py")}
    assert plugins
    parser = contracts()
    assert plugins <= set(parser["importlinter"]["root_packages"].split())
    assert plugins == set(parser["importlinter:contract:plugins"]["source_modules"].split())
    assert plugins == set(parser["importlinter:contract:no-cloud"]["forbidden_modules"].split())


def test_typers_own_click_is_left_alone() -> None:
    found = [
        str(path.relative_to(ROOT))
        for folder in ("burn", "plugins")
        for path in (ROOT / folder).rglob("*.py")
        if any(
            line.strip().startswith(("import click", "from click", "from typer._click"))
            for line in path.read_text(encoding="utf-8").splitlines()
        )
    ]
    assert found == []
