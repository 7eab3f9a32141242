"""Words that carry meaning: known alone and with more after them; an unknown one is least sure."""

from __future__ import annotations

import pandas as pd
import pytest

from burn.api import schemas
from burn.api.confidence import meaning, word


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("fallback (2026-02, us-east-1)", "fallback"),
        ("fallback: mean of others", "fallback"),
        ("bill, as it was paid", "bill"),
        ("shared by cpu request", "shared by cpu request"),
        ("shared: scale set", "shared"),
        ("", ""),
    ],
)
def test_a_word_ends_where_more_is_said(text: str, first: str) -> None:
    assert word(text) == first


def test_a_word_is_taken_whole_and_an_unknown_one_is_least_sure() -> None:
    told = pd.Series(["cluster tag", "by tag", "cluster tag: eks", "not resource id"])
    assert meaning(told, schemas.MATCH_METHODS, "low").tolist() == [
        "medium",
        "low",
        "medium",
        "low",
    ]
    sources = pd.Series(["price list", "fallbacks", "no fallback"], dtype="category")
    assert meaning(sources, schemas.PRICE_SOURCES, "low").tolist() == ["high", "low", "low"]
