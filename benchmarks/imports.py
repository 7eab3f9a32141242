"""What each main command imports, and what it takes, beside a bare import of pandas and pyarrow.

python -m benchmarks.imports [RUNS]

The cluster is one of 50 nodes and 1,500 pods, listed by an API on the loopback (`benchmarks.live_api`); the
kept reports are those of the sample. CPU time is of whole processes: the command, one that imports the very
modules that the command has imported, and the bare import, in turn; ratios are medians.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import BARE, ROOT, cpu_of

COMMANDS = {
    "--version": "",
    "plugins": "",
    "history": "--sample",
    "explain spot --run latest": "--sample",
    "show": "--sample",
    "diff 2026-08 2026-09": "--sample",
    "forecast": "--sample",
    "run": "--provider aws --sample",
    "collect": "--source kubernetes --out snapshots",
    "analyze": "--provider aws --source kubernetes",
}
"""The command as the table has it, and what else is given to it."""

HEAVY = (
    *("pandas", "numpy", "pyarrow", "duckdb", "pydantic", "rich", "typer", "httpx", "httpcore"),
    *("yaml", "botocore", "boto3", "tenacity", "google", "azure"),
)
IMPORT = """
import importlib, sys
sys.modules["httpx._main"] = None  # as burn has it
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except Exception:  # looked for by its library, and not there
        pass
"""
_LINE = re.compile(r"import time:\s+\d+ \|\s+\d+ \|\s+([\w.]+)")


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print("| command | CPU time | beside bare | of that imports | heavy packages |")
    print("| --- | ---: | ---: | ---: | --- |")
    with tempfile.TemporaryDirectory(prefix="burn-bench-") as folder, api(Path(folder)) as env:
        cpu_of(("-m", "burn", "run", "--provider", "aws", "--sample"), folder, env)
        for command, more in COMMANDS.items():
            words = ("-m", "burn", *command.split(), *more.split())
            loaded = modules(words, folder, env)
            kinds = (words, ("-c", IMPORT, *loaded), BARE)
            taken = [[cpu_of(kind, folder, env) for kind in kinds] for _ in range(runs)]
            took, ratio, share = (
                statistics.median(figures)
                for figures in zip(*((a, a / c, b / c) for a, b, c in taken), strict=True)
            )
            named = [name for name in HEAVY if name in loaded]
            print(
                f"| `burn {command}` | {took:.2f} s | **{ratio:.1f}×** | {share:.1f}× "
                f"| {', '.join(named) or 'none'} |",
                flush=True,
            )


def modules(words: tuple[str, ...], folder: str, env: dict[str, str]) -> list[str]:
    """What a command imports, in the order in which it was done."""
    command = [sys.executable, "-X", "importtime", *words]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    return [name for name in _LINE.findall(done.stderr) if not name.endswith("__main__")]


@contextmanager
def api(folder: Path, nodes: int = 50, pods: int = 1500) -> Iterator[dict[str, str]]:
    """An environment that leads to a made-up cluster and to no cloud, and keeps all in the folder."""
    server = [sys.executable, "-m", "benchmarks.live_api", str(nodes), str(pods), str(folder)]
    with subprocess.Popen(server, cwd=ROOT) as process:
        try:
            while not (folder / "kubeconfig").exists() and process.poll() is None:
                time.sleep(0.05)
            yield {
                **{key: value for key, value in os.environ.items() if not key.startswith("AWS_")},
                "KUBECONFIG": str(folder / "kubeconfig"),
                "AWS_EC2_METADATA_DISABLED": "true",
                "HOME": str(folder),
                "XDG_DATA_HOME": str(folder),
                "XDG_CONFIG_HOME": str(folder),
            }
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
