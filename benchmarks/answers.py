"""What an answer out of kept reports costs beside a bare import of pandas and pyarrow.

python -m benchmarks.answers [RUNS]

CPU time of whole processes, imports and start of Python included. Each command runs in turn with the
import, so that both are measured on the same machine in the same minutes; the ratios are what counts.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile

from benchmarks.measure import BARE, cpu_of

COMMANDS = (
    *("history", "explain spot --run latest", "diff 2026-08 2026-09", "trend"),
    *("forecast", "check --set check.gap_percent=5", "show"),
)


def main() -> None:
    """Keep the sample's reports in a folder of its own, and print a table of all commands."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    print("| command | CPU time | bare import | ratio |\n| --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory(prefix="burn-bench-") as folder:
        env = {**os.environ, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder}
        cpu_of(("-m", "burn", "run", "--provider", "aws", "--sample"), folder, env)
        for command in COMMANDS:
            words = ("-m", "burn", *command.split(), "--sample")
            pairs = [
                (cpu_of(words, folder, env), cpu_of(BARE, folder, env)) for _ in range(runs + 1)
            ]
            burn, bare = zip(*pairs[1:], strict=True)  # the first warms the disk's cache
            ratio = statistics.median(a / b for a, b in pairs[1:])
            print(
                f"| `burn {command}` | {statistics.median(burn):.2f} s "
                f"| {statistics.median(bare):.2f} s | **{ratio:.1f}×** |",
                flush=True,
            )


if __name__ == "__main__":
    main()
