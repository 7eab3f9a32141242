"""burn-core and one plugin bring that plugin's SDK and no other's; in a fresh environment each."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SDKS = {
    "burn-aws": ("boto3", "botocore"),
    "burn-gcp": ("google.cloud.bigquery", "google.cloud.billing_v1"),
    "burn-azure": ("azure.identity", "azure.mgmt.costmanagement"),
    "burn-ai": ("pydantic_ai",),
    "burn-mcp": ("mcp",),
    "burn-slack": ("slack_bolt", "slack_sdk"),
}
INSTALLED = sorted(path.parent.name for path in ROOT.glob("plugins/*/pyproject.toml"))
UV = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
CODE = """
import json, sys
from importlib.util import find_spec
def there(name):
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False
print(json.dumps([name for name in sys.argv[1:] if there(name)]))
"""
pytestmark = [pytest.mark.slow, pytest.mark.skipif(UV is None, reason="needs uv")]


def uv(*words: str | Path) -> None:
    done = subprocess.run(
        [str(UV), *map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module", params=["", *INSTALLED], ids=lambda name: name or "burn-core")
def fresh(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """A plugin's name, empty for none, and the Python of an environment made for it."""
    venv = tmp_path_factory.mktemp("one") / "venv"
    uv("venv", "--quiet", "--python", sys.executable, venv)
    python = venv / "bin/python"
    plugin = str(request.param)
    what = [".", *([f"./plugins/{plugin}"] if plugin else [])]
    uv("pip", "install", "--quiet", "--python", python, "-c", "constraints.txt", *what)
    return plugin, python


def call(python: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("BURN_", "PYTHON"))}
    return subprocess.run(
        [python, *words], cwd=python.parent, env=env, capture_output=True, text=True, check=False
    )


def ask(python: Path, *words: str) -> str:
    done = call(python, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_only_its_own_sdk_can_be_imported(fresh: tuple[str, Path]) -> None:
    plugin, python = fresh
    everything = [name for names in SDKS.values() for name in names]
    found = set(json.loads(ask(python, "-c", CODE, *everything)))
    others = {name for dist, names in SDKS.items() if dist != plugin for name in names}
    assert found & others == set()
    assert bool(found) is bool(plugin), "its own SDK comes with it"


def test_burn_lists_it_and_no_other(fresh: tuple[str, Path]) -> None:
    plugin, python = fresh
    listed = json.loads(ask(python, "-m", "burn", "plugins", "--format", "json"))
    wanted = {"burn-core", plugin} - {""}
    assert {row["distribution"] for row in listed} == wanted
    assert {row["state"] for row in listed} == {"ready"}
    if not plugin:
        done = call(python, "-m", "burn", "run", "--provider", "aws")
        assert (done.returncode, done.stdout) == (3, "")
        assert "burn-aws" in done.stderr, "how to get it is said"


def test_every_plugin_here_has_a_known_sdk() -> None:
    assert set(INSTALLED) <= set(SDKS)
