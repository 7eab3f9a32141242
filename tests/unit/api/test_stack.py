"""Frames under each other: all rows, in order, text as categories wherever it was."""

from __future__ import annotations

import pandas as pd
import pytest

from burn.api.stack import stack


def test_categories_that_differ_are_united() -> None:
    one = pd.DataFrame({"who": pd.Categorical(["b", "a"]), "cost": [1.0, 2.0]})
    two = pd.DataFrame({"who": pd.Categorical(["c"]), "cost": [3.0]})
    both = stack([one, two])
    assert isinstance(both["who"].dtype, pd.CategoricalDtype)
    assert both["who"].tolist() == ["b", "a", "c"]
    assert both["cost"].tolist() == [1.0, 2.0, 3.0]
    assert both.index.tolist() == [0, 1, 2]


@pytest.mark.parametrize("dtype", ["str", "object"])
def test_plain_text_joins_categories(dtype: str) -> None:
    one = pd.DataFrame({"who": pd.Series(["x", "y"], dtype=dtype)})
    two = pd.DataFrame({"who": pd.Series(["y", "z"], dtype=dtype).astype("category")})
    assert stack([one, two])["who"].tolist() == ["x", "y", "y", "z"]
    assert stack([one, one])["who"].tolist() == ["x", "y", "x", "y"]


def test_empty_frames_leave_no_trace() -> None:
    empty = pd.DataFrame({"who": pd.Series([], dtype="object"), "cost": pd.Series([], dtype=float)})
    one = pd.DataFrame({"who": pd.Categorical(["a"]), "cost": [1.0]})
    assert stack([empty, one, empty])["who"].tolist() == ["a"]
    assert stack([empty, one])["cost"].sum() == 1.0
