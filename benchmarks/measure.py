"""Runs a module in a process of its own and says how long it took and how much memory it held."""

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


@dataclass(frozen=True)
class Measured:
    """One process: wall seconds and peak resident memory, imports included; and what it printed."""

    seconds: float
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
        return Measured(seconds, used.ru_maxrss / unit, json.loads(out.read().splitlines()[-1]))
