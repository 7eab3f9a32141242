"""docs/how-to/install.md: its commands, in a clone, as a newcomer types them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

from burn import __version__

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/how-to/install.md").read_text(encoding="utf-8")
BLOCKS = [part.partition("```")[0] for part in PAGE.split("```text\n")[1:]]
UV = Path(sys.executable).with_name("uv")
ELSEWHERE = """python3 -c '
import platform, runpy, sys
platform.machine = lambda: "z80"
sys.argv = ["burn.pyz"]
runpy.run_path("burn.pyz", run_name="__main__")' 2>&1; echo $?"""


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


def typed(line: str, clone: Path, home: Path, **given: str) -> str:
    """What a line prints, typed in the clone by a user with that home."""
    ours = ("BURN_", "PYTHON", "VIRTUAL_ENV", "XDG_")
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith(ours)},
        "HOME": str(home),
        "PATH": f"{home}/.local/bin:{home}/bin:{home}/empty/bin:/usr/bin:/bin",
        "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", str(Path.home() / ".cache/uv")),
        "UV_PYTHON": sys.executable,
        "PYTHON": sys.executable,
        **given,
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
    beside = said["PYTHONPATH=beside python3 burn.pyz plugins"]
    assert "burn-aws" in beside, "inside the file"
    assert "burn-slack" in beside
    elsewhere = typed(ELSEWHERE, clone, home)
    assert re.search(r"and here is Python \S+ on Linux z80\n.*`python3\.\d+ burn.pyz …`", elsewhere)
    assert elsewhere.endswith("\n2\n")
    released(clone, home, packed)


def released(clone: Path, home: Path, report: str) -> None:
    """What the release's workflow runs, with the file that is made and one cloud: tried, summed and handed over."""
    text = (ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert set(workflow[True]) == {"workflow_dispatch"}, "YAML reads `on` as true; by hand alone"
    (home / "bin/gh").write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n")
    (home / "bin/gh").chmod(0o755)
    given = {"VERSION": __version__, "PLUGIN": "burn-aws", "CLOUDS": "aws", "PYTHON": "python3"}
    given |= {"GITHUB_REPOSITORY": "we/burn", "GITHUB_SHA": "abc"}
    said = ""
    for job in ("wheels", "files", "release"):
        for run in (step["run"] for step in workflow["jobs"][job]["steps"] if "run" in step):
            named = run.replace("tools/pyz", "mv burn.pyz").removesuffix(" $PLUGIN")
            line = named if run.startswith("tools/pyz") else run  # it is made already
            said = typed(line, clone, home, **given)
            if run.startswith("tools/release-try"):
                assert said.endswith(report), "a next start, from what was unpacked"
                assert "burn-slack" not in said
        if job == "wheels":
            (clone / "notes.md").rename(clone / "dist/notes.md")  # as artifacts come back
    words = said.split()
    assert words[:3] == ["release", "create", f"v{__version__}"]
    files = {clone / word for word in words if word.startswith("dist/")}
    sums = dict(line.split()[::-1] for line in (clone / "dist/SHA256SUMS").read_text().splitlines())
    assert {path.name for path in files} - {"notes.md", "SHA256SUMS"} == {*sums}
    kinds = Counter(name.partition(".")[2] if "cdx" in name else name[-3:] for name in sums)
    assert kinds == {"whl": 7, "pyz": 1, "cdx.json": 1}
    for name, digest in sums.items():
        assert hashlib.sha256((clone / "dist" / name).read_bytes()).hexdigest() == digest
    materials = (clone / "dist/burn-aws.cdx.json").read_text(encoding="utf-8")
    assert json.loads(materials)["metadata"]["component"]["name"] == "burn-aws"
    assert {"burn-core", "boto3"} <= {one["name"] for one in json.loads(materials)["components"]}
    assert "file:" not in materials


def test_the_notes_are_the_versions_own() -> None:
    def notes(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(ROOT / "tools/release-notes"), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    unreleased = changes.partition("## Unreleased\n")[2].partition("\n## ")[0].strip()
    assert notes("9.9.9").stdout.strip() == unreleased
    assert notes().returncode != 0
