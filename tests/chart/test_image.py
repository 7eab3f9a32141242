"""The Dockerfile where no container can be built: its rules, and its steps outside of one."""

from __future__ import annotations

import fnmatch
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
LINES = [line.strip() for line in TEXT.splitlines() if line.strip() and not line.startswith("#")]
CLOUDS = {path.name for path in ROOT.glob("plugins/burn-*")} - {"burn-ai", "burn-slack", "burn-mcp"}


def stages() -> dict[str, list[str]]:
    """Stage → its instructions, those of the stage that it is from before its own."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in LINES:
        if stage := re.fullmatch(r"FROM (\S+) AS (\S+)", line):
            name = stage[2]
            found[name] = list(found.get(stage[1], [line]))
        elif name:
            found[name].append(line)
    return found


def installed(target: str) -> list[str]:
    """The plugins of an image, as its build stage names them."""
    (run,) = (line for line in stages()[f"build-{target}"] if "tools/image-venv" in line)
    return run.split()[3:]


def test_there_is_a_target_for_each_cloud_and_one_for_all() -> None:
    targets = {name for name, lines in stages().items() if "ENTRYPOINT" in " ".join(lines)}
    assert targets == {"base", "all", *(name.removeprefix("burn-") for name in CLOUDS)}
    assert set(installed("all")) >= CLOUDS
    for target in targets - {"base", "all"}:
        assert set(installed(target)) & CLOUDS == {f"burn-{target}"}


@pytest.mark.parametrize("target", ["aws", "gcp", "azure", "all"])
def test_what_runs_is_small_and_has_no_root(target: str) -> None:
    lines = stages()[target]
    assert lines[0].split()[1] == "python:${PYTHON}-slim"
    assert [line for line in lines if line.startswith("USER ")] == ["USER 65532:65532"]
    assert lines.index("USER 65532:65532") < lines.index('ENTRYPOINT ["burn"]')
    assert lines[-1] == f"COPY --from=build-{target} /burn /burn"
    runs = " ".join(line for line in lines if line.startswith("RUN"))
    assert not re.search(r"pip install|curl|wget|gcc|sudo", runs)
    assert "--no-install-recommends" in runs
    assert "rm -rf /var/lib/apt/lists/*" in runs
    assert not any(line.startswith("ADD") for line in lines)


def test_what_is_copied_is_there_and_not_ignored() -> None:
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    for line in LINES:
        if line.startswith("COPY") and "--from" not in line:
            for name in line.split()[1:-1]:
                assert (ROOT / name).exists(), name
                kept = [rule for rule in rules if fnmatch.fnmatch(name, rule.lstrip("!"))]
                assert kept[-1].startswith("!"), f"{name} is ignored"


@pytest.mark.slow
def test_the_steps_make_a_burn_that_runs(tmp_path: Path) -> None:
    """In a copy of what is sent to the builder; then with a root that nobody may write to."""
    source, venv = tmp_path / "src", tmp_path / "burn"
    source.mkdir()
    for name in ("pyproject.toml", "constraints.txt", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    skip = shutil.ignore_patterns("__pycache__", "tests", "*.egg-info")
    for name in ("burn", "plugins", "tools"):
        shutil.copytree(ROOT / name, source / name, ignore=skip)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("BURN_", "PYTHON", "VIRTUAL"))}
    command = ["tools/image-venv", str(venv), "burn-aws", "burn-slack"]
    env |= {"PYTHON": sys.executable, "PATH": "/usr/bin:/bin"}  # no uv, as in the builder
    done = subprocess.run(
        command, cwd=source, env=env, capture_output=True, text=True, check=False, timeout=540
    )
    assert done.returncode == 0, done.stderr
    assert list(venv.rglob("site-packages/pip")) == []
    assert not list(venv.rglob("pyarrow/tests"))
    assert not list(venv.rglob("libarrow_flight.so*"))
    (tmp_path / "home").mkdir()
    env |= {"HOME": str(tmp_path / "home"), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "80"}
    words = ["run", "--provider", "aws", "--sample", "--no-keep", "--quiet"]
    there = [str(venv / "bin" / "burn"), *words]
    report = subprocess.run(there, cwd=tmp_path, env=env, capture_output=True, check=True).stdout
    assert b"= BILLED" in report
