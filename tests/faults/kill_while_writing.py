"""Writes a day over an older one, killed at each change of the disk in turn; prints what was lost.

Run as a program, so that each try is a fork of a process without threads:
`python tests/faults/kill_while_writing.py FOLDER` prints a JSON object.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq

from burn.api import Scope, Window
from burn.snapshot import label_keys, read_days, write_day
from burn.testing import tiny_observation

DAY = Window(datetime(2026, 10, 8, tzinfo=UTC), datetime(2026, 10, 9, tzinfo=UTC))
CHANGES = {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "open", "shutil.rmtree"}
SEEN = tiny_observation(DAY)


def write(root: Path, version: str) -> None:
    """The version is told by the label keys that are kept with the day."""
    write_day(root, Scope(label_keys=(version,)), DAY, SEEN)


def killed_at(change: int, root: Path) -> bool:
    """Write in a child that is killed before that change; False when it came through."""
    child = os.fork()
    if child == 0:
        _die_before(change, root)
        write(root, "new")
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _die_before(change: int, root: Path) -> None:
    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        if count == change:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(event: str, arguments: tuple[object, ...]) -> None:
        if event in CHANGES and str(root) in str(arguments[0]):
            step()

    def counted(write_table: Callable[..., None]) -> Callable[..., None]:
        def call(*given: object, **named: object) -> None:
            step()
            write_table(*given, **named)
            step()

        return call

    sys.addaudithook(audit)
    pq.write_table = counted(pq.write_table)


def main(root: Path) -> dict[str, object]:
    """Kill at each change until none is left."""
    versions, left, change = [], [], 0
    write(root, "old")
    while True:
        change += 1
        alive = not killed_at(change, root)
        ((version,),) = label_keys(root, None, DAY)
        versions.append(version)
        assert len(read_days(root, None, DAY).usage) == len(SEEN.usage)
        write(root, "old")
        left += [path.name for path in (root / "cluster=").iterdir() if path.name[0] == "."]
        if alive:
            return {"kills": change - 1, "versions": versions, "left": left}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
