"""What several of these tests do with a report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from burn.api import Report
from burn.cli.options import Flags
from burn.cli.plan import plan
from burn.history.place import Place
from burn.history.store import History


@pytest.fixture
def burn_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """What `burn plan` prints of a report that is kept, on a terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    place = str(tmp_path / "kept")

    def shown(seen: Report, *, as_json: bool = False, **view: bool) -> str:
        History(Place(place)).keep(seen)
        plan(Flags(sets=[f"history.path={place}"]), "latest", 6, as_json=as_json, **view)
        return capsys.readouterr().out

    return shown
