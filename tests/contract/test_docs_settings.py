"""Commands that need somebody's cloud still have real flags, and files real settings."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from burn.cli.app import app
from docs import console

BURN = get_command(app)
RUNS = ("run", "collect", "explain", "doctor")
KEEP = ("--provider", "--source", "--set", "--config")


def found(kind: str, argument: str) -> list[tuple[str, str]]:
    return [
        (str(page.relative_to(console.ROOT)), block.body)
        for page in console.pages()
        for block in console.blocks(page.read_text(encoding="utf-8"))
        if block.kind == kind and block.argument == argument
    ]


def burn_commands(body: str) -> Iterator[list[str]]:
    for command in console.commands(body):
        words = shlex.split(command.text.replace("\\\n", " "), comments=True)
        if words[0] == "burn":
            yield words[1:]


def config_show(arguments: list[str]) -> str:
    """What is wrong with these settings, if anything."""
    done = CliRunner().invoke(app, ["config", "show", *arguments])
    return done.stderr if done.exit_code else ""


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder to work in, which is the home, too."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("page", "body"), found("console", "cloud"))
def test_a_cloud_command_has_real_flags_and_settings(page: str, body: str) -> None:
    for name, *arguments in burn_commands(body):
        command = BURN.commands[name]  # type: ignore[attr-defined]
        command.make_context(name, list(arguments))
        if name in RUNS and "--config" not in arguments:
            pairs = zip(arguments, [*arguments, ""][1:], strict=True)
            kept = [word for pair in pairs if pair[0] in KEEP for word in pair]
            assert config_show(kept) == "", page


@pytest.mark.parametrize(("page", "body"), found("toml", "burn.toml"))
def test_a_shown_burn_toml_has_real_settings(page: str, body: str, tmp_path: Path) -> None:
    (tmp_path / "burn.toml").write_text(body, encoding="utf-8")
    assert config_show([]) == "", page


def test_the_command_reference_has_every_command() -> None:
    page = (console.ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
    commands = BURN.commands  # type: ignore[attr-defined]
    names = [f"{n} {s}" for n, c in commands.items() for s in getattr(c, "commands", {})]
    names += [name for name, command in commands.items() if not hasattr(command, "commands")]
    assert {f"$ burn {name} --help" in page for name in names} == {True}
