"""A bill in several places: how they are named, and what two of them may not both hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from burn.api import DataError, UsageError
from burn.api.bills.files.places import places, require_disjoint


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ("", ()),
        ("s3://a/b/", ("s3://a/b/",)),
        ("s3://a/, /data/b", ("s3://a/", "/data/b")),
        ('["s3://a/", "b"]', ("s3://a/", "b")),
        (("a", "b"), ("a", "b")),
    ],
)
def test_places_are_named(setting: str | tuple[str, ...], named: tuple[str, ...]) -> None:
    assert places(setting, "bill") == named


def test_a_path_with_a_comma_is_one_place(tmp_path: Path) -> None:
    (tmp_path / "a,b").mkdir()
    assert places(f"{tmp_path}/a,b", "bill") == (f"{tmp_path}/a,b",)


@pytest.mark.parametrize("setting", ["a,a", "[1"])
def test_what_is_no_list_of_places(setting: str) -> None:
    with pytest.raises(UsageError, match=r"provider\.x\.bill"):
        places(setting, "provider.x.bill")


def test_one_account_in_two_places_is_refused() -> None:
    require_disjoint({"a": [("2026-10", "1")], "b": [("2026-10", "2"), ("2026-11", "1")]}, "bill")
    with pytest.raises(DataError, match=r"1 in 2026-10 is in a and in b \(2 such"):
        require_disjoint(
            {"a": [("2026-10", "1"), ("2026-10", "2")], "b": [("2026-10", "2"), ("2026-10", "1")]},
            "bill",
        )
