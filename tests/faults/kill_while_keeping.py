"""Keeps a report, killed at each change of the disk in turn; prints what a reader then finds.

Run as a program: each try is a fork of a process without threads, so all are made before one is read.
`python tests/faults/kill_while_keeping.py FOLDER` prints a JSON object.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from burn.history.place import Place
from burn.history.store import ABANDONED, History
from tests.unit.history.reports import NOW, rich

CHANGES = {"os.rename", "os.mkdir", "open"}
REPORT = rich()


def killed_at(change: int, root: Path) -> bool:
    """Keep in a child that is killed before that change; False when it came through."""
    child = os.fork()
    if child == 0:
        _die_before(change, root)
        History(Place(str(root))).keep(REPORT, now=NOW)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _die_before(change: int, root: Path) -> None:
    count = 0

    def audit(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        if event in CHANGES and str(root) in str(arguments[0]):
            count += 1
            if count == change:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(audit)


def main(folder: Path) -> None:
    roots, kills = [], 0
    while True:
        root = folder / f"{kills + 1:02d}"
        root.mkdir()
        roots.append(root)
        if not killed_at(kills + 1, root):
            break
        kills += 1
    found, left = [], []
    for root in roots:
        store, warned = History(Place(str(root))), []
        kept = store.all(warned.append)
        whole = all(store.load(one).totals == REPORT.totals for one in kept)
        found.append([len(kept), whole, len(warned)])
        later = max((p.stat().st_mtime for p in root.rglob("*")), default=0.0)
        store.sweep(NOW.fromtimestamp(later, NOW.tzinfo) + 2 * ABANDONED + timedelta(seconds=1))
        files = [p for p in root.rglob("*") if p.is_file()]
        left.append(len(files) if not kept else 0)
    print(json.dumps({"kills": kills, "found": found, "left": left}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
