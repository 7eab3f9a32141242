"""docs/how-to/install.md: its commands, in a clone, as a newcomer types them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/how-to/install.md").read_text(encoding="utf-8")
BLOCKS = [part.partition("```")[0] for part in PAGE.split("```text\n")[1:]]
UV = Path(sys.executable).with_name("uv")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is committed, and what is about to be."""
    folder = tmp_path_factory.mktemp("clone") / "burn"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newcomer's: `python3` has nothing installed, and `pip` and `uv` are there."""
    folder = tmp_path_factory.mktemp("home")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "empty"], check=True)
    (folder / "bin").mkdir()
    (folder / "bin/uv").symlink_to(UV)
    (folder / "bin/pip").write_text(f'#!/bin/sh\nexec {sys.executable} -m pip "$@"\n')
    (folder / "bin/pip").chmod(0o755)
    return folder


def typed(line: str, clone: Path, home: Path) -> str:
    """What a line prints, typed in the clone by a user with that home."""
    ours = ("BURN_", "PYTHON", "VIRTUAL_ENV", "XDG_")
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith(ours)},
        "HOME": str(home),
        "PATH": f"{home}/.local/bin:{home}/bin:{home}/empty/bin:/usr/bin:/bin",
        "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", str(Path.home() / ".cache/uv")),
        "UV_PYTHON": sys.executable,
        "PYTHON": sys.executable,
    }
    done = subprocess.run(
        line, shell=True, cwd=clone, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.slow
@pytest.mark.skipif(not UV.exists(), reason="needs uv")
def test_the_commands_of_the_page_work(clone: Path, home: Path) -> None:
    """And burn as one file, where nothing is installed, gives the bytes of an installed burn."""
    lines = [line for block in BLOCKS for line in block.splitlines()]
    said = {line: typed(line, clone, home) for line in lines}
    runs = [line for line in lines if line.endswith("--sample")]
    installed, packed = (said[line] for line in runs)
    assert "= BILLED" in installed
    assert installed == packed
    assert runs[1] == "python3 burn.pyz run --provider aws --sample"
    assert typed(runs[1], clone, home) == packed, "the next start, from what was unpacked"
    beside = said["PYTHONPATH=beside python3 burn.pyz plugins"]
    assert "burn-aws" in beside, "inside the file"
    assert "burn-slack" in beside
    assert "burn-slack" not in typed("python3 burn.pyz plugins", clone, home)


def test_a_release_uses_tools_that_are_there_and_sends_nothing_to_an_index() -> None:
    text = (ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert set(workflow[True]) == {"workflow_dispatch"}, "YAML reads `on` as true; by hand alone"
    runs = [
        step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step
    ]
    tools = {word for run in runs for word in run.split() if word.startswith("tools/")}
    assert tools == {"tools/release-wheels", "tools/release-notes", "tools/pyz"}
    assert all(os.access(ROOT / tool, os.X_OK) for tool in tools)
    assert "upload" not in " ".join(runs)


def test_the_notes_are_the_versions_own() -> None:
    def notes(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(ROOT / "tools/release-notes"), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    unreleased = changes.partition("## Unreleased\n")[2].partition("\n## ")[0].strip()
    assert notes("9.9.9").stdout.strip() == unreleased
    assert notes().returncode != 0
