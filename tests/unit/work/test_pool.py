"""Work on several processes gives what it gives on one, and leaves no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from burn.api import AccessError, BurnError, DataError
from burn.work import jobs
from burn.work.pool import each
from tests import signals

ROOT = Path(__file__).resolve().parents[3]


def square(number: int) -> tuple[int, int]:
    print("a plugin's word")
    return number * number, os.getpid()


def fail(number: int, at: int) -> int:
    if number >= at:
        raise DataError(f"number {number}", hint="count again")
    return number


def odd(number: int) -> int:
    class LocalError(Exception):
        pass

    raise LocalError(f"number {number}")


def end(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_results_come_in_order_from_other_processes() -> None:
    found = list(each(square, range(5), 2))
    assert [result for result, _ in found] == [0, 1, 4, 9, 16]
    assert os.getpid() not in {pid for _, pid in found}


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_first_failure_is_raised_as_it_was(jobs: int) -> None:
    results = each(partial(fail, at=1), range(4), jobs)
    assert next(results) == 0
    with pytest.raises(DataError, match="number 1") as caught:
        next(results)
    assert caught.value.hint == "count again"


def test_what_no_other_process_can_hold_is_done_here() -> None:
    pids: list[int] = []
    assert list(each(lambda number: pids.append(os.getpid()) or number, range(3), 2)) == [0, 1, 2]
    assert set(pids) == {os.getpid()}


def test_an_exception_that_cannot_be_sent_is_told() -> None:
    with pytest.raises(BurnError, match="LocalError: number 0"):
        list(each(odd, range(2), 2))


def test_a_worker_that_is_killed_is_told() -> None:
    with pytest.raises(AccessError, match="signal 9") as caught:
        list(each(end, range(2), 2))
    assert "run.jobs=1" in str(caught.value.hint)


WAITS = """
import os, sys, time
from burn.work.pool import each
from tests.unit.work.test_pool import sleep
list(each(sleep, [sys.argv[1]] * 2, 2))
"""


def sleep(folder: str) -> None:
    (Path(folder) / str(os.getpid())).touch()
    time.sleep(60)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_workers_end_with_the_process_that_asks_them(tmp_path: Path, name: str) -> None:
    asking = subprocess.Popen(
        [sys.executable, "-c", WAITS, str(tmp_path)],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
        preexec_fn=signals.hear,  # noqa: PLW1509  no threads here
    )
    wait_until(lambda: len(list(tmp_path.iterdir())) == 2)
    asking.send_signal(getattr(signal, name))
    asking.wait(10)
    pids = [int(path.name) for path in tmp_path.iterdir()]
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))


def wait_until(true: object, seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < until
        time.sleep(0.01)


def test_small_work_is_not_spread_and_large_work_as_far_as_memory_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs, "cores", lambda: 8)
    monkeypatch.setattr(jobs, "memory", lambda: 4_000_000_000)
    assert jobs.jobs(0, rows=jobs.ROWS - 1, largest=10**6) == 1
    assert jobs.jobs(0, rows=10**8, largest=10**6) == 6
    assert jobs.jobs(0, rows=10**8, largest=4 * 10**7) == 1
    assert jobs.jobs(3, rows=10**8, largest=4 * 10**7) == 3, "as asked for"
    monkeypatch.undo()
    assert jobs.cores() >= 1
    assert jobs.memory() > 0
