"""The clock from raw sample times, against a walk over every tenth of a second."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from burn.api import Window
from burn.builtin.metrics.prometheus.presence import scrapes
from burn.builtin.metrics.prometheus.presence.jobs import groups
from tests.unit.builtin.metrics.prometheus.world import DAY, T0

WINDOW = Window(DAY.start, DAY.start + timedelta(hours=3))
END = 3 * 3600

outages = st.lists(
    st.tuples(st.integers(0, END - 1), st.integers(200, 4000)).map(lambda p: (p[0], p[0] + p[1])),
    max_size=3,
)


def train(
    interval: int, phase: int, down: list[tuple[int, int]], start: int, end: int
) -> np.ndarray:
    at = np.arange(start + phase % interval, end, interval, dtype=float)
    for a, b in down:
        at = at[(at < a) | (at >= b)]
    return T0 + at


def watched(samples: np.ndarray, interval: int) -> np.ndarray:
    """Per second of the window: is a sample near, or between two that are near each other?"""
    seen = np.zeros(END, dtype=bool)
    times = samples - T0
    for second in range(END):
        middle = second + 0.5
        before, after = times[times <= middle], times[times > middle]
        near = len(times) and np.abs(times - middle).min() <= interval / 2
        bridged = len(before) and len(after) and after[0] - before[-1] <= 2.5 * interval
        seen[second] = bool(near or bridged)
    return seen


@settings(max_examples=25, deadline=None)
@given(
    interval=st.sampled_from([30, 60]),
    phase=st.integers(0, 59),
    down=outages,
    seed=st.integers(0, 9),
)
def test_covered_time_is_what_was_watched(
    interval: int, phase: int, down: list[tuple[int, int]], seed: int
) -> None:
    times = train(interval, phase, down, -900, END + 900)
    # One reference dies in the middle and another takes over, as nodes do.
    middle = T0 + 3600 + 400 * seed
    parts = [[times[times < middle]], [times[times >= middle - 3 * interval]]]
    if any(len(part[0]) < 20 for part in parts):
        return
    clock = scrapes._clock(WINDOW, parts)
    true = watched(times, interval).reshape(3, 3600).mean(axis=1)
    inside = times[(times >= T0) & (times < T0 + END)] - T0
    counts = np.bincount((inside // 3600).astype(int), minlength=3)
    assert clock.scrapes.tolist() == counts.tolist()
    assert clock.covered == pytest.approx(np.where(counts > 0, true, 0), abs=(interval + 1) / 3600)
    assert clock.interval == interval


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 99), st.integers(1, 30)), max_size=12))
def test_merged_blocks_are_disjoint_and_lose_nothing(pairs: list[tuple[int, int]]) -> None:
    blocks = np.array([(a, a + length) for a, length in pairs], dtype=float).reshape(-1, 2)
    merged = scrapes._merge(blocks)
    points = {p for a, length in pairs for p in range(a, a + length)}
    assert {p for a, b in merged for p in range(int(a), int(b))} == points
    assert (merged[1:, 0] > merged[:-1, 1]).all()


@given(
    st.lists(st.lists(st.integers(1, 100), min_size=3, max_size=3), min_size=1, max_size=12).filter(
        lambda rows: len({tuple(row) for row in rows}) == len(rows)
    )
)
def test_references_have_every_hours_most_samples(rows: list[list[int]]) -> None:
    counts = np.array(rows, dtype=float)
    picked = scrapes._pick(counts)
    assert (counts[picked].max(axis=0) == counts.max(axis=0)).all()
    assert len(picked) <= 3


def test_jobs_that_share_an_object_share_a_clock() -> None:
    import pandas as pd

    pods = pd.DataFrame(
        {"uid": ["1", "1", "2", "3", "4"], "job": ["a", "b", "b", "c", "c"]}, dtype="str"
    )
    nodes = pd.DataFrame({"node": ["1", "n"], "job": ["c", "a"]}, dtype="str")
    found = groups([(pods, "uid"), (nodes, "node")])
    assert found["a"] == found["b"]
    assert found["c"] != found["a"]
    assert set(found.values()) == {0, 1}


def test_a_data_end_at_the_border_is_no_gap() -> None:
    times = train(60, 0, [], 0, END)
    clock = scrapes._clock(WINDOW, [[times]])
    assert clock.covered.tolist() == [1, 1, 1]
    late = scrapes._clock(WINDOW, [[times[5:]]])
    assert late.covered[0] == pytest.approx(1 - 270 / 3600)
