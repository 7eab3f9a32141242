"""A damaged `coverage.json` is a bad file with a name, whatever is wrong in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from burn.api import DataError, Scope, Window
from burn.snapshot import read_days, write_day
from burn.testing import tiny_observation

DAY = Window(datetime(2026, 10, 8, tzinfo=UTC), datetime(2026, 10, 9, tzinfo=UTC))
DAMAGE: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no keys": lambda marker: {},
    "a list": lambda marker: [marker],
    "a bad date": lambda marker: marker | {"window": ["8 October", "9 October"]},
    "one border": lambda marker: marker | {"window": marker["window"][:1]},
    "NaN hours": lambda marker: marker | {"hours_missing": float("nan")},
    "no counts": lambda marker: marker | {"rows": None},
    "notes that are none": lambda marker: marker | {"notes": [{"text": "x"}]},
    "gaps without an end": lambda marker: marker | {"gaps": [["2026-10-08T00:00:00+00:00"]]},
    "deep": lambda marker: None,
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_marker_is_named(tmp_path: Path, what: str) -> None:
    day = write_day(tmp_path, Scope(cluster="prod"), DAY, tiny_observation(DAY))
    place = Path(day) / "coverage.json"
    changed = DAMAGE[what](json.loads(place.read_text()))
    place.write_text("[" * 100_000 if changed is None else json.dumps(changed))
    with pytest.raises(DataError, match=r"coverage\.json cannot be read: ") as refused:
        read_days(tmp_path, "prod", DAY)
    assert "collect the day again" in str(refused.value.hint)


def test_another_format_is_said(tmp_path: Path) -> None:
    day = write_day(tmp_path, Scope(cluster="prod"), DAY, tiny_observation(DAY))
    place = Path(day) / "coverage.json"
    place.write_text(json.dumps(json.loads(place.read_text()) | {"format": 9}))
    with pytest.raises(DataError, match="has format 9; this burn reads 1"):
        read_days(tmp_path, "prod", DAY)
