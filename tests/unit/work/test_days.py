"""A run's days are given back as they were, from memory or from disk, and batches bound what is held."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from burn.api import Observation, Scope, Window, joined
from burn.api.join import FRAMES
from burn.testing import tiny_observation
from burn.work import days
from burn.work.batches import batches
from tests.unit.stages.builders import DAY, EPOCH, days_of

THREE = days_of(0, 3 * DAY)


def same(one: Observation, other: Observation) -> None:
    for name in FRAMES:
        frames = [getattr(seen, name).astype("object") for seen in (one, other)]
        pd.testing.assert_frame_equal(*frames)
    assert one.coverage == other.coverage


@pytest.mark.parametrize(("most", "on_disk"), [(75, False), (74, True), (0, True)])
def test_days_come_back_and_nothing_is_left(
    most: int, on_disk: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(days, "ROWS", most)
    seen = {day: tiny_observation(day) for day in THREE}  # 25 rows of usage a day
    with days.day_store(Scope(cluster="tiny")) as store:
        for day, observation in seen.items():
            store.write(day, observation)
        assert bool(list(tmp_path.iterdir())) is on_disk
        same(store.reader()(Window(EPOCH, THREE[-1].end)), joined(list(seen.values())))
        same(store.reader()(THREE[1]), seen[THREE[1]])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("rows", "lengths"),
    [
        ([1, 1, 1, 1], [4]),
        ([4, 1, 3, 1], [1, 2, 1]),
        ([9, 1, 9, 9], [1, 1, 1, 1]),
        ([0, 4, 0, 0], [4]),
        ([2, 2, 2, 2], [2, 2]),
    ],
)
def test_a_batch_is_as_many_days_as_fit_and_never_less_than_one(
    rows: list[int], lengths: list[int]
) -> None:
    found = batches(days_of(0, 4 * DAY), rows, most=4)
    assert [(window.end - window.start) // timedelta(days=1) for window in found] == lengths
    assert [day for window in found for day in window.days()] == days_of(0, 4 * DAY)
