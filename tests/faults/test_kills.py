"""A process that ends at any moment, in any way, loses no day and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import DAYS, TOY, alone, process, toyland

__all__ = ["alone", "process", "toyland"]  # fixtures
ROOT = Path(__file__).resolve().parents[2]
LIMIT = 60
Start = Callable[..., "subprocess.Popen[str]"]
WRITERS = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests.faults.kill_while_writing import write
for _ in range(5):
    write(Path(sys.argv[2]), sys.argv[3])
"""


def test_a_kill_at_any_change_of_the_disk_leaves_one_whole_day(tmp_path: Path) -> None:
    script = ROOT / "tests" / "faults" / "kill_while_writing.py"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(script), str(tmp_path)]
    run = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    result = json.loads(run.stdout)
    assert result["kills"] >= 15, "each file, and each step of the swap"
    assert set(result["versions"][:-2]) == {"old", "new"}
    assert result["versions"][0] == "old"
    assert result["versions"][-1] == "new"
    assert result["left"] == []


def test_a_kill_while_a_report_is_kept_leaves_nothing_that_a_reader_takes(tmp_path: Path) -> None:
    script = ROOT / "tests" / "faults" / "kill_while_keeping.py"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(script), str(tmp_path)]
    run = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    result = json.loads(run.stdout)
    assert result["kills"] >= 15, "each file, and its renaming"
    *killed, whole = result["found"]
    assert whole == [1, True, 0]
    assert killed == [[0, True, 0]] * result["kills"]
    assert set(result["left"]) == {0}, "the next writer sweeps it away"


def test_writers_of_one_day_at_a_time_are_all_right(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITERS, str(ROOT), str(tmp_path)]
    writers = [
        subprocess.Popen([*command, name], stderr=subprocess.PIPE, text=True) for name in "abcd"
    ]
    ends = [(writer.communicate(timeout=LIMIT)[1], writer.returncode) for writer in writers]
    assert ends == [("", 0)] * 4
    assert [path.name for path in (tmp_path / "cluster=").iterdir()] == ["day=2026-10-08"]


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_a_run_and_its_files(
    process: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    number = getattr(signal, name)
    assert _ended(process, number) == 128 + number
    assert list(place.iterdir()) == []


def test_what_a_kill_leaves_the_next_run_removes(
    process: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    assert _ended(process, signal.SIGKILL) == -signal.SIGKILL
    left = {path.name.rpartition("-")[0] for path in place.iterdir()}
    assert left == {"burn-bill"}
    assert _ended(process, signal.SIGTERM) == 128 + signal.SIGTERM
    assert list(place.iterdir()) == []


def _ended(process: Start, number: int) -> int:
    with process("run", *TOY, *DAYS, "--set", "provider.toy.fault=hang") as burn:
        assert burn.stderr is not None
        seen = ""
        while "hanging" not in seen:
            seen += burn.stderr.readline()
        burn.send_signal(number)
        stdout, stderr = burn.communicate(timeout=LIMIT)
    assert (stdout, "Traceback" in stderr) == ("", False)
    return burn.returncode
