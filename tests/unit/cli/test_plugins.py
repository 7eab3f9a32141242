from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from burn import __version__
from burn.api import schemas
from tests.unit.plugin.dists import Site

Burn = Callable[..., Result]


@pytest.fixture
def wrecks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One plugin of every state that is not ready."""
    folder = tmp_path / "wrecks"
    folder.mkdir()
    site = Site(folder)
    site.install("burn-broken", "0.3.0", code="import no_such_sdk")
    site.install("burn-newer", "2.0.0", group="burn.v2")
    site.install("burn-shut")
    site.install("burn-twin", points={"twin": "a"})
    site.install("acme-twin", points={"twin": "b"})
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("BURN_BLOCK", "shut")


@pytest.mark.usefixtures("wrecks")
def test_plugins_shows_every_state_with_its_reason(burn: Burn) -> None:
    result = burn("plugins", "--format", "json")
    assert result.exit_code == 0
    listed = {p["name"]: p for p in json.loads(result.stdout)}
    states = {name: p["state"] for name, p in listed.items()}
    assert states["toy"] == states["builtin"] == "ready"
    assert states["broken"] == "broken"
    assert states["newer"] == "incompatible"
    assert states["shut"] == "blocked"
    assert states["twin"] == "conflict"
    assert listed["broken"]["why"] == (
        "burn-broken 0.3.0 is broken: ModuleNotFoundError: No module named 'no_such_sdk'"
    )
    assert {"kind": "source", "name": "toy", "summary": "Toys, observed"} in listed["toy"]["offers"]
    assert set(listed["toy"]) == {
        *("name", "distribution", "version", "api", "state", "offers", "observes", "why", "hint"),
    }


@pytest.mark.usefixtures("wrecks")
def test_the_table_tells_the_same_and_debug_the_traceback(
    burn: Burn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    result = burn("plugins")
    assert result.exit_code == 0
    assert "broken: burn-broken 0.3.0 is broken: ModuleNotFoundError" in result.stdout
    assert "  hint: it needs `no_such_sdk`, which is not installed: " in result.stdout
    assert result.stderr == ""
    result = burn("plugins", "--debug")
    assert "Traceback" in result.stderr
    assert "no_such_sdk" in result.stderr
    assert "Traceback" not in result.stdout


def test_lists_fit_eighty_columns(burn: Burn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for command in (["plugins"], ["schema"], ["schema", "bill"], ["explain"], ["config", "show"]):
        result = burn(*command)
        assert max(len(line) for line in result.stdout.splitlines()) <= 80, command


@pytest.mark.parametrize("schema", schemas.SCHEMAS, ids=lambda schema: schema.name)
def test_a_frame_is_shown_with_all_its_columns(burn: Burn, schema: schemas.Schema[object]) -> None:
    as_json = json.loads(burn("schema", schema.name, "--format", "json").stdout)
    assert [c["name"] for c in as_json["columns"]] == schema.names
    assert as_json["key"] == list(schema.key)
    table = burn("schema", schema.name).stdout
    assert all(name in table for name in schema.names)


def test_all_frames_are_listed_and_a_wrong_one_is_corrected(burn: Burn) -> None:
    frames = [f["frame"] for f in json.loads(burn("schema", "--format", "json").stdout)]
    assert frames == [schema.name for schema in schemas.SCHEMAS]
    result = burn("schema", "ledgr")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: unknown frame `ledgr`\n  hint: did you mean `ledger`?")


def test_version_and_help(burn: Burn) -> None:
    assert burn("--version").stdout == f"burn {__version__}\n"
    result = burn("--help")
    assert result.exit_code == 0
    for command in ("run", "collect", "explain", "plugins", "doctor", "schema", "config"):
        assert f"\n  {command} " in result.stdout
    assert "..." not in result.stdout.partition("Commands:")[2].replace("[ARGS]...", "")


def test_no_command_is_a_usage_error_that_helps(burn: Burn) -> None:
    result = burn()
    assert (result.exit_code, result.stdout) == (2, "")
    assert "burn init" in result.stderr
    Path("burn.toml").touch()
    result = burn()
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Commands:" in result.stderr
    result = burn("config")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: missing command\n  hint: see `burn config --help`\n"
    result = burn("rum")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: no such command 'rum'")
