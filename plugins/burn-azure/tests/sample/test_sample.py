"""The embedded sample is what the lab writes, stays small, and tells its whole story."""

from __future__ import annotations

from pathlib import Path

from tests.lab.azure_sample import SAMPLE, make

LIMIT = 550_000


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_it_is_what_the_lab_writes_and_small(tmp_path: Path) -> None:
    embedded, made = contents(SAMPLE), contents(make(tmp_path))
    assert made.keys() == embedded.keys()
    changed = [name for name, content in made.items() if content != embedded[name]]
    assert not changed, "run `python -m tests.lab.azure_sample`"
    assert sum(map(len, embedded.values())) < LIMIT
