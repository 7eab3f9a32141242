from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from burn.cli.app import app
from tests import signals
from tests.unit.plugin.dists import Site

BURN = (sys.executable, "-c", "from burn.cli.app import main; main()")
TOY = ("--provider", "toy", "--source", "toy")
DAYS = ("--window", "2026-10-01..2026-10-03")
SAMPLE = """
[run]
source = "toy"
window = "2026-10-01..2026-10-03"
[source.toy]
url = "{here}/metrics"
"""


@pytest.fixture(scope="session")
def toyland(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """`burn-toy 1.2`, installed in a folder of its own."""
    site = Site(tmp_path_factory.mktemp("toyland"))
    source = Path(__file__).with_name("toyland.py").read_text(encoding="utf-8")
    site.install("burn-toy", "1.2", code=source)
    (site.folder / "toy_sample").mkdir()
    (site.folder / "toy_sample" / "burn.toml").write_text(SAMPLE)
    return site


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty home and working folder, and no BURN_ variable."""
    for name in [*os.environ]:
        if name.startswith("BURN_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def burn(toyland: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Result]]:
    """Run burn in this process, with the toys installed."""
    monkeypatch.syspath_prepend(str(toyland.folder))
    yield lambda *args: CliRunner().invoke(app, [str(arg) for arg in args])
    for module in toyland.modules:
        sys.modules.pop(module, None)


@pytest.fixture
def process(toyland: Site) -> Callable[..., subprocess.Popen[str]]:
    """Start burn in a process of its own, which hears Ctrl-C even where the tests must not."""

    def start(*args: str, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*BURN, *args],
            env={**os.environ, "PYTHONPATH": str(toyland.folder), **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=signals.hear,  # noqa: PLW1509  no threads here
        )

    return start
