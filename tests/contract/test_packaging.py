"""What a user gets from the wheels, installed where no source tree is near."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


def call(*command: str | Path, cwd: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    plain = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=plain, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("wheels")
    for package in (ROOT, *sorted((ROOT / "plugins").iterdir())):
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder]
        call(*command, package, cwd=folder)
    return {wheel.name.split("-")[0]: wheel for wheel in folder.glob("*.whl")}


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    call(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    return tmp_path / "venv" / "bin"


def install(venv: Path, *what: Path) -> None:
    uv = Path(sys.executable).with_name("uv")
    tool = (
        (uv, "pip", "install", "--python", venv / "python")
        if uv.exists()
        else (venv / "pip", "install")
    )
    call(*tool, "--quiet", "-c", ROOT / "constraints.txt", *what, cwd=venv.parent)


def test_a_wheel_holds_its_package_and_nothing_else(wheels: dict[str, Path]) -> None:
    assert set(wheels) == {
        "burn_core",
        "burn_ai",
        "burn_aws",
        "burn_azure",
        "burn_gcp",
        "burn_mcp",
        "burn_slack",
    }
    for name, wheel in wheels.items():
        package = "burn" if name == "burn_core" else name
        files = zipfile.ZipFile(wheel).namelist()
        tops = {file.split("/")[0] for file in files}
        assert {top for top in tops if not top.endswith(".dist-info")} == {package}
        assert f"{package}/py.typed" in files
        assert any(file.endswith("licenses/LICENSE") for file in files)
        if name not in ("burn_core", "burn_ai", "burn_mcp", "burn_slack"):
            sample = [f for f in files if f.startswith(f"{package}/sample/")]
            assert f"{package}/sample/burn.toml" in sample
            assert any("/bill/" in f for f in sample)


def test_the_core_alone_says_how_to_get_a_provider(
    wheels: dict[str, Path], venv: Path, tmp_path: Path
) -> None:
    install(venv, wheels["burn_core"])
    call(venv / "python", "-c", "import boto3", cwd=tmp_path, code=1)
    done = call(venv / "burn", "run", "--provider", "aws", cwd=tmp_path, code=3)
    assert "burn-aws" in done.stderr
    assert done.stdout == ""


def test_both_wheels_run_the_sample_from_anywhere(
    wheels: dict[str, Path], venv: Path, tmp_path: Path
) -> None:
    install(venv, wheels["burn_core"], wheels["burn_aws"])
    offered = json.loads(call(venv / "burn", "plugins", "--format", "json", cwd=tmp_path).stdout)
    assert {plugin["name"]: plugin["state"] for plugin in offered}["aws"] == "ready"
    command = [venv / "burn", "run", "--provider", "aws", "--sample", "--format", "json"]
    report = json.loads(call(*command, cwd=tmp_path).stdout)
    assert report["ledger"]
