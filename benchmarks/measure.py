"""Runs a module in a process of its own and says how long it took and how much memory it held.

The process that measures must stay small: Linux counts its pages as the child's until the child
has loaded its own program. So it imports nothing heavy and makes no data itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BARE = ("-c", "import pandas, pyarrow.parquet")
"""What no command that computes can save."""


@dataclass(frozen=True)
class Measured:
    """One process, imports included: wall and CPU seconds, peak memory; and what it printed."""

    seconds: float
    cpu: float
    mib: float
    said: dict[str, Any]


def measure(module: str, *arguments: object, times: int = 3) -> Measured:
    """The fastest of several runs of `python -m module arguments`; it prints one JSON object."""
    return min((_once(module, arguments) for _ in range(times)), key=lambda m: m.seconds)


def _once(module: str, arguments: tuple[object, ...]) -> Measured:
    with tempfile.TemporaryFile("w+") as out:
        command = [sys.executable, "-m", module, *map(str, arguments)]
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=out)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} failed with {process.returncode}")
        out.seek(0)
        unit = 2**20 if sys.platform == "darwin" else 2**10
        cpu = used.ru_utime + used.ru_stime
        return Measured(
            seconds, cpu, used.ru_maxrss / unit, json.loads(out.read().splitlines()[-1])
        )


def cpu_of(words: tuple[str, ...], folder: str, env: dict[str, str]) -> float:
    """User and system seconds of one Python process; a limit that is reached is no failure."""
    process = subprocess.Popen(
        [sys.executable, *words],
        cwd=folder,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 6):
        raise SystemExit(f"{' '.join(words)} failed with {process.returncode}")
    return used.ru_utime + used.ru_stime
