"""Measures burn against the least that any tool must do, and rewrites the tables of README.md.

python -m benchmarks [--quick]

Ratios are what counts: both sides run one after the other, on the same machine, over the same
files. This is never a test; nothing fails because a machine is slow.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import Measured, measure

README = Path(__file__).with_name("README.md")
START, END = "<!-- measured -->\n", "<!-- end -->\n"


HEAD = (
    "| {} | bare | burn | time | CPU time | bare | burn | memory |\n| --- |" + " ---: |" * 7 + "\n"
)


def row(what: str, bare: Measured, burn: Measured) -> str:
    """One line of a table."""
    return (
        f"| {what} | {bare.seconds:.1f} s | {burn.seconds:.1f} s "
        f"| **{burn.seconds / bare.seconds:.1f}×** | {burn.cpu / bare.cpu:.1f}× "
        f"| {bare.mib:,.0f} MiB | {burn.mib:,.0f} MiB | {burn.mib / bare.mib:.1f}× |\n"
    )


def sample() -> Iterator[str]:
    """A whole run, and what of it is imports."""
    yield HEAD.format("run on the sample")
    bare = measure("benchmarks.sample", "bare")
    burn = measure("benchmarks.sample", "burn")
    yield row(f"CPU {bare.cpu:.2f} s and {burn.cpu:.2f} s", bare, burn)


def bills(scratch: Path, sizes: list[int]) -> Iterator[str]:
    """The bill stage against a GROUP BY."""
    yield HEAD.format("bill lines")
    for lines in sizes:
        folder = scratch / f"bill-{lines}"
        measure("benchmarks.generate_bill", lines, folder, times=1)
        bare = measure("benchmarks.bill", "bare", folder)
        burn = measure("benchmarks.bill", "burn", folder)
        if bare.said["billed"] != burn.said["billed"]:
            raise SystemExit(f"the two sides disagree: {bare.said} and {burn.said}")
        yield row(f"{lines:,}", bare, burn)


def azure_bills(scratch: Path, sizes: list[int]) -> Iterator[str]:
    """The bill stage over an actual and an amortised export, against a GROUP BY of each."""
    yield HEAD.format("lines of each of two Azure exports")
    for form in ("parquet", "csv.gz"):
        for lines in sizes:
            folder = scratch / f"azure-{lines}-{form}"
            measure("benchmarks.generate_azure_bill", lines, folder, form, times=1)
            bare = measure("benchmarks.azure_bill", "bare", folder, times=2)
            burn = measure("benchmarks.azure_bill", "burn", folder, times=2)
            if bare.said["billed"] != burn.said["billed"]:
                raise SystemExit(f"the two sides disagree: {bare.said} and {burn.said}")
            yield row(f"{lines:,}, {form}", bare, burn)


def gcp_bills(scratch: Path, sizes: list[int]) -> Iterator[str]:
    """The bill stage over Google's detailed export; the last one names a resource on every line."""
    yield HEAD.format("lines of a Google Cloud export")
    for lines, kind in [*((size, "") for size in sizes), (sizes[0], "--distinct")]:
        folder = scratch / f"gcp-{lines}{kind}"
        measure("benchmarks.generate_gcp_bill", lines, folder, *([kind] * bool(kind)), times=1)
        bare = measure("benchmarks.gcp_bill", "bare", folder)
        burn = measure("benchmarks.gcp_bill", "burn", folder)
        if bare.said["billed"] != burn.said["billed"]:
            raise SystemExit(f"the two sides disagree: {bare.said} and {burn.said}")
        yield row(f"{lines:,}{', each of its own resource' * bool(kind)}", bare, burn)


def pods(scratch: Path, days: list[int]) -> Iterator[str]:
    """Collect and allocate against a GROUP BY."""
    measure("benchmarks.pods", "make", scratch / "pods", max(days), times=1)
    yield HEAD.format("days of 5,000 nodes and 150,000 pods")
    for count in days:
        bare = measure("benchmarks.pods", "bare", scratch / "pods", count)
        burn = measure("benchmarks.pods", "burn", scratch / "pods", count, times=2)
        yield row(str(count), bare, burn)


def main() -> None:
    """Measure, print, and put the tables into README.md (not with --quick)."""
    quick = "--quick" in sys.argv
    out = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    out += (
        "".join(f", {name} {version(name)}" for name in ("duckdb", "pandas", "pyarrow")) + ".\n\n"
    )
    print(out, end="")
    with tempfile.TemporaryDirectory(prefix="burn-bench-") as folder:
        scratch = Path(folder)
        sizes = [100_000] if quick else [1_000_000, 5_000_000, 10_000_000]
        for part in (
            sample(),
            iter("\n"),
            bills(scratch, sizes),
            iter("\n"),
            azure_bills(scratch, sizes[:2]),
            iter("\n"),
            gcp_bills(scratch, sizes[:2]),
            iter("\n"),
            pods(scratch, [1] if quick else [1, 3, 10]),
        ):
            for line in part:
                print(line, end="", flush=True)
                out += line
    if not quick:
        page = README.read_text(encoding="utf-8")
        before, after = page.partition(START)[0], page.partition(END)[2]
        README.write_text(f"{before}{START}\n{out}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
