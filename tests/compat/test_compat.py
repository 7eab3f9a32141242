"""Plugins written against an earlier minor of the plugin API run on this one, with the same numbers.

A folder a minor version; its files are frozen by their digest, so that a test that fails is mended
in burn and never in the plugin. See docs/explanation/compatibility.md.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from burn.cli.app import app
from tests.unit.plugin.dists import Site

HERE = Path(__file__).parent
FROZEN = {"v1_0": "803053874a4b581ed613cf9b6d11bc13da1ac038d1b06c23b20d04a24d78035d"}
"""Folder → SHA-256 of its plugin. A released folder's digest never changes."""
Burn = Callable[..., Result]
RUN = ("--provider", "frozen", "--source", "frozen", "--window", "2026-10-01..2026-10-03")
CHOICE = ("--set", "run.policies=share-max,frozen", "--set", "findings.rules=frozen")


@pytest.fixture(params=FROZEN)
def burn(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Burn]:
    """Burn with the frozen plugin of one version installed."""
    code = (HERE / request.param / "frozen.py").read_text(encoding="utf-8")
    folder = tmp_path / "site"
    folder.mkdir()
    site = Site(folder)
    site.install("burn-frozen", "1.0", code=code)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "100")
    yield lambda *args: CliRunner().invoke(app, [str(arg) for arg in args])
    for module in site.modules:
        sys.modules.pop(module, None)


@pytest.mark.parametrize("version", FROZEN)
def test_a_frozen_plugin_is_frozen(version: str) -> None:
    content = (HERE / version / "frozen.py").read_bytes()
    assert hashlib.sha256(content).hexdigest() == FROZEN[version]
    assert {path.name for path in HERE.iterdir() if path.is_dir() and path.name[0] == "v"} == {
        *FROZEN
    }


def test_a_run_of_frozen_parts_gives_the_same_numbers(burn: Burn) -> None:
    """By hand: 48 hours at 0.10, half of them the pod's; tax of 0.50 a day."""
    result = burn("run", *RUN, *CHOICE, "--format", "frozen", "--no-keep")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == "billed 5.80\n- 2.40\nteam ice 2.40\nfrozen: frost-1\n"
    said = [line for line in result.stderr.splitlines() if line.startswith(("stage", "report"))]
    assert list(dict.fromkeys(line.rsplit(maxsplit=1)[0] for line in said)) == [
        *("stage collect", "stage bill", "stage price", "stage reconcile", "stage allocate"),
        "report",
    ]
    assert said[-1] == "report frozen"


def test_prices_and_dimensions_of_ones_own_are_the_same(burn: Burn) -> None:
    """By hand: 48 hours at 0.20, half of them the pod's; of these, the second day is team ice's."""
    own = ("--set", "run.price_sources=frozen", "--set", "run.enrichers=frozen", "--no-keep")
    result = burn("run", *RUN, *own, "--basis", "list", "--by", "team", "--format", "json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    teams: dict[str, float] = {}
    for row in found["allocation"]:
        name = row["dimensions"].get("team", row["namespace"])
        teams[name] = round(teams.get(name, 0.0) + row["cost"], 9)
    assert teams == {"": 4.8, "shop": 2.4, "ice": 2.4}
    assert found["info"]["origin"] == ["frozen", "the north"]


def test_the_other_commands_know_it_too(burn: Burn) -> None:
    assert "frozen" in burn("plugins").stdout
    assert "ready" in next(ln for ln in burn("plugins").stdout.splitlines() if "frozen" in ln)
    doctor = burn("doctor", *RUN)
    assert (doctor.exit_code, "ice" in doctor.stdout) == (0, True)
    explained = burn("explain", "report", *RUN, "--quiet")
    assert (explained.exit_code, "frost-1" in explained.stdout) == (0, True)
    served = burn("serve", "frozen", *RUN)
    assert (served.exit_code, served.stdout) == (0, "2.90\n")
