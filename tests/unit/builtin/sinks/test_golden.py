"""The sample report in every format, byte for byte."""

from __future__ import annotations

import pytest

from tests.unit.builtin.sinks.outputs import CASES, GOLDEN, golden


@pytest.mark.parametrize("name", CASES)
def test_golden(name):
    wanted = (GOLDEN / name).read_text(encoding="utf-8")
    assert golden(name) == wanted, "wanted? python -m tests.unit.builtin.sinks.outputs"


@pytest.mark.parametrize(
    ("name", "width"), [("table-80", 80), ("table-120", 120), ("screen-80", 80)]
)
def test_lines_fit(name, width):
    lines = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    assert max(map(len, lines)) <= width
    assert not any(line != line.rstrip() for line in lines)
