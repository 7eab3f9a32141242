"""burn as one file: built, started where nothing is installed, and given one more plugin."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.plugin.dists import Site

ROOT = Path(__file__).resolve().parents[2]
RUN = ("run", "--provider", "aws", "--sample", "--no-keep", "--quiet")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pyz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("file") / "burn.pyz"
    env = {k: v for k, v in os.environ.items() if not k.startswith(("BURN_", "PYTHON"))}
    env["PYTHON"] = sys.executable
    command = [str(ROOT / "tools/pyz"), str(file), "burn-aws"]
    done = subprocess.run(
        command, env=env, capture_output=True, text=True, check=False, timeout=540
    )
    assert done.returncode == 0, done.stderr
    return file


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A Python with nothing, and a home to unpack to."""
    folder = tmp_path_factory.mktemp("empty")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    (folder / "home").mkdir()
    return folder / "venv/bin/python", folder / "home"


def call(empty: tuple[Path, Path], pyz: Path, *words: str, **more: str) -> bytes:
    python, home = empty
    env = {"HOME": str(home), "PATH": f"{python.parent}:/usr/bin:/bin", "COLUMNS": "80", **more}
    done = subprocess.run(
        [str(python), str(pyz), *words], env=env, cwd=home, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_its_report_is_the_same_bytes(empty: tuple[Path, Path], pyz: Path) -> None:
    env = {**os.environ, "COLUMNS": "80", "HOME": str(empty[1])}
    here = subprocess.run(
        [sys.executable, "-m", "burn", *RUN], env=env, cwd=empty[1], capture_output=True, check=True
    )
    assert call(empty, pyz, *RUN) == here.stdout
    assert b"= BILLED" in here.stdout
    assert call(empty, pyz, *RUN) == here.stdout, "the next start, from what was unpacked"


def test_it_finds_plugins_inside_and_beside_it(
    empty: tuple[Path, Path], pyz: Path, tmp_path: Path
) -> None:
    listed = call(empty, pyz, "plugins").decode()
    assert "burn-aws" in listed
    assert "burn-toy" not in listed
    source = (ROOT / "tests/unit/cli/toyland.py").read_text(encoding="utf-8")
    Site(tmp_path).install("burn-toy", "1.2", code=source)
    listed = call(empty, pyz, "plugins", PYTHONPATH=str(tmp_path)).decode()
    assert "burn-toy" in listed
    assert "burn-aws" in listed
