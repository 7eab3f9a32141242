"""The embedded sample is what the lab writes, byte for byte, and stays small."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.make_sample import SAMPLE, make

LIMIT = 600_000


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def embedded() -> dict[str, bytes]:
    return contents(SAMPLE)


def test_it_is_what_the_lab_writes(embedded: dict[str, bytes], tmp_path: Path) -> None:
    made = contents(make(tmp_path))
    assert made.keys() == embedded.keys()
    changed = [name for name, content in made.items() if content != embedded[name]]
    assert not changed, "run `python -m tests.lab.make_sample`"


def test_it_is_small(embedded: dict[str, bytes]) -> None:
    assert sum(map(len, embedded.values())) < LIMIT
