"""How many processes a run may have: cores and memory, as the container has them."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

BYTES_PER_ROW = 350
"""Of memory, for each row of usage in a batch, at its peak; measured by `make bench`."""
BYTES = 300_000_000
"""Of memory, for a process without any rows."""
ROWS = 4_000_000
"""Rows of usage below which starting processes costs more than it gives."""
_GROUP = Path("/sys/fs/cgroup")


def jobs(asked: int, rows: int, largest: int) -> int:
    """Processes for a run.

    Args:
        asked: `run.jobs`; 0 leaves it to burn.
        rows: of usage, in all batches.
        largest: of the largest batch.
    """
    if rows < ROWS:
        return 1
    if asked:
        return asked
    fitting = memory() // (BYTES + BYTES_PER_ROW * largest)
    return max(1, min(cores(), fitting))


def cores() -> int:
    """Cores this process may use, by its affinity and its container's quota."""
    try:
        count = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        count = os.cpu_count() or 1
    with suppress(OSError, ValueError, ZeroDivisionError):
        quota, period = (_GROUP / "cpu.max").read_text().split()
        count = min(count, max(1, int(quota) // int(period)))
    return count


def memory() -> int:
    """Bytes that are free now, in the machine and in the container; half of all, where nothing says."""
    found: list[int] = []
    with suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/meminfo").read_text().splitlines()
        line = next(line for line in lines if line.startswith("MemAvailable:"))
        found.append(int(line.split()[1]) * 1024)
    with suppress(OSError, ValueError):
        most = int((_GROUP / "memory.max").read_text())
        used = int((_GROUP / "memory.current").read_text())
        stat = (_GROUP / "memory.stat").read_text().split()
        found.append(most - used + int(stat[stat.index("inactive_file") + 1]))
    if found:
        return min(found)
    with suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    return 10**9
