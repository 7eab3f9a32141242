from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.plugin.dists import Site


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    folder = tmp_path / f"site{tmp_path.name[-12:]}"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delenv("BURN_BLOCK", raising=False)
    made = Site(folder)
    yield made
    for module in made.modules:
        sys.modules.pop(module, None)
