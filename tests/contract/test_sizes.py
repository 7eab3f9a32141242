"""No file is longer than a reader can hold."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 300
FOLDERS = ("burn", "plugins", "tests", "docs", "benchmarks", "templates")
FILES = sorted(
    path.relative_to(ROOT)
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*.py")
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)


def test_files_are_found() -> None:
    assert Path("burn/cli/app.py") in FILES
    assert Path(__file__).resolve().relative_to(ROOT) in FILES


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_file_is_longer_than_300_lines(path: Path) -> None:
    lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
    assert lines <= LIMIT, f"{path} has {lines} lines: split it by what it does"
