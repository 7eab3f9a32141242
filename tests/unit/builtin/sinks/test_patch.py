"""Which containers a patch names: those that would change, and those whose request nobody knows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from burn.api import WriteRequest, schemas
from burn.builtin.sinks.patch_sink import PatchSink
from burn.builtin.sinks.settings import PatchSettings
from tests.unit.history.reports import rich

NAN = float("nan")


@pytest.mark.parametrize(
    ("asked", "named"), [(0.5, False), (0.54, False), (0.6, True), (0.0, True), (NAN, True)]
)
def test_a_request_that_is_not_known_is_not_taken_for_right(
    asked: float, named: bool, tmp_path: Path
) -> None:
    """Half a core is advised; what is within a tenth of what is asked for stays as it is."""
    import pandas as pd

    row = {
        **dict.fromkeys(("cluster", "namespace", "workload_kind", "workload"), "Deployment"),
        "container": "c",
        "preset": "burn",
        "why": "14 days",
        "cpu_request": asked,
        "cpu_request_new": 0.5,
        "memory_request": 1.0,
        "memory_request_new": 1.0,
    }
    sizes = schemas.SIZES.fill(pd.DataFrame([row]))
    path = tmp_path / "sizes.yaml"
    report = replace(rich(), sizes=sizes)
    PatchSink(PatchSettings()).write(WriteRequest(report=report, target=str(path)))
    text = path.read_text("utf-8")
    assert ("cpu: 500m" in text) is named
    assert ("No container has to change" in text) is not named
