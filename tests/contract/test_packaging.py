"""What a wheel has in it. That wheels install and run, tests/chart and tests/e2e show."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).with_name("uv")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not UV.exists(), reason="needs uv")]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("wheels")
    for package in (ROOT, *sorted((ROOT / "plugins").iterdir())):
        command = [UV, "build", "--quiet", "--wheel", "--out-dir", folder, package]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return {wheel.name.split("-")[0]: wheel for wheel in folder.glob("*.whl")}


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
