"""Filling a frame makes nothing up: what is not known stays unknown."""

from __future__ import annotations

import pandas as pd

from burn.api import schemas


def test_a_few_columns_become_a_valid_frame_in_which_unknown_is_null():
    given = pd.DataFrame(
        {
            "hours": [1.0],
            "pod_uid": ["p"],
            "asset_id": ["node/a"],
            "hour": [pd.Timestamp("2026-10-01", tz="UTC")],
        }
    )
    made = schemas.USAGE.validate(schemas.USAGE.fill(given), author="test")
    assert made[["cpu_p95", "memory_p95", "memory_max"]].isna().all(axis=None)
    assert made["cpu_used"].tolist() == [0.0]
    assert list(given.columns) == ["hours", "pod_uid", "asset_id", "hour"]


def test_optional_columns_are_left_out_and_nulls_that_were_given_stay_for_validate_to_refuse():
    filled = schemas.INVENTORY.fill(pd.DataFrame({"asset_id": ["node/a"], "cpu_cores": [None]}))
    assert not set(filled) & {c.name for c in schemas.INVENTORY.columns if c.optional}
    assert "day" not in filled, "no timestamp is made up"
    assert filled["cpu_cores"].isna().all()
    assert filled["zone"].tolist() == [""]
