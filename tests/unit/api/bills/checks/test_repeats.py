"""Lines that are there twice: in two files, and in one."""

from __future__ import annotations

from pathlib import Path

import pytest

from burn.api import DataError
from burn.api.bills.checks.repeats import Facts, require_single
from burn.api.bills.engine.duck import DuckDbEngine
from burn.api.bills.files.scratch import Scratch

HEADER = "id,day,resource,cost"


def lines(days: range, version: str = "", each: int = 3) -> list[str]:
    """A day's lines, 1.00 each; ids are of a version."""
    return [f"{version}{d}{n},2026-10-{d:02},i-{n},1.00" for d in days for n in range(each)]


def notes(folder: Path, *, ids: bool = False, **files: list[str]) -> list[str]:
    for name, rows in files.items():
        (folder / f"{name}.csv").write_text("\n".join([HEADER, *rows, ""]))
    source = DuckDbEngine(Scratch()).open(sorted(folder.iterdir()), ["test"])
    money = "CAST(cost AS DECIMAL(18, 4))"
    line_id = {"line_id": "id"} if ids else {}
    few = ["day", "resource"]
    return require_single(
        source, Facts(few, [*few, "cost"], "day", money, "cost <> '0'", **line_id)
    )


def test_files_of_other_days_pass(tmp_path: Path) -> None:
    assert notes(tmp_path, a=lines(range(1, 5)), b=lines(range(5, 9))) == []


@pytest.mark.parametrize(
    ("again", "told"),
    [
        (lines(range(1, 5), "x"), r"12 of 12 lines .* of 2026-10-01 to 2026-10-04, .* 12\.00"),
        (lines(range(2, 5), "x"), r"9 of 9 lines .* of 2026-10-02 to 2026-10-04, .* 9\.00"),
        (lines(range(4, 9), "x"), r"3 of 12 lines .* of 2026-10-04, .* 3\.00"),
        (lines(range(1, 5), "x")[::2], r"6 of 6 lines"),
        (lines(range(3, 4), "x", each=1), r"1 of 1 lines .* 1\.00"),
    ],
    ids=["whole", "lacks a day", "overlaps a day", "half of the lines", "a file of one line"],
)
@pytest.mark.parametrize("ids", [True, False])
def test_two_files_share_lines(again: list[str], told: str, tmp_path: Path, *, ids: bool) -> None:
    """Each delivery has ids of its own, where there are any."""
    with pytest.raises(DataError, match=rf"{told}") as caught:
        notes(tmp_path, ids=ids, a=lines(range(1, 5)), b=again)
    assert "in a.csv and in b.csv" in caught.value.message
    assert caught.value.hint


def test_parts_of_one_delivery_may_share_a_line(tmp_path: Path) -> None:
    """It is told with its amount."""
    rows = lines(range(1, 9), each=10)
    (note,) = notes(tmp_path, a=rows, b=[*lines(range(10, 19), each=10), rows[0]])
    assert note.startswith("1 of 80 lines in a.csv and in b.csv, of 2026-10-01")
    assert "1.00 is counted again" in note


def test_a_line_in_each_of_many_parts_is_one_line_of_each(tmp_path: Path) -> None:
    """Five parts of 43 lines have three in common: 7 % of any two, not 28 % of the first and last."""
    own = {
        name: [f"{name}{at},2026-10-{1 + at % 8:02},{name}-{at},1.00" for at in range(40)]
        for name in "abcde"
    }
    common = [f"x{at},2026-10-{at:02},same,1.00" for at in (1, 2, 3)]
    (note,) = notes(tmp_path, **{name: rows + common for name, rows in own.items()})
    assert "12.00 is counted again" in note


def test_an_id_twice_in_a_file_is_no_chance(tmp_path: Path) -> None:
    rows = lines(range(1, 29))
    with pytest.raises(DataError, match=r"1 of 85 lines in a\.csv, of 2026-10-28"):
        notes(tmp_path, ids=True, a=[*rows, rows[-1]])


def test_lines_with_ids_of_their_own(tmp_path: Path) -> None:
    """Some are alike and not the same; where most are, it is two versions of a month."""
    day = [f"x{n},2026-10-01,i-1,1.00" for n in range(1, 5)]
    assert notes(tmp_path, ids=True, a=[*lines(range(1, 5), each=9), *day]) == []
    with pytest.raises(DataError, match=r"12 of 24 lines in a\.csv"):
        notes(tmp_path, ids=True, a=[*lines(range(1, 5)), *lines(range(1, 5), "x")])


@pytest.mark.parametrize("again", [range(1, 29), range(1, 6), range(7, 8)])
def test_a_part_of_a_file_twice(again: range, tmp_path: Path) -> None:
    """All of it, a fifth, one day."""
    with pytest.raises(DataError, match=r"lines in a\.csv, of 2026-10-0"):
        notes(tmp_path, a=[*lines(range(1, 29)), *lines(again)])


def test_small_equal_lines_are_told(tmp_path: Path) -> None:
    """Without ids, a tenth of the lines may be alike where they are little money."""
    small = [f",2026-10-0{d},traffic,0.01" for d in range(1, 5)] * 3
    (note,) = notes(tmp_path, a=[*lines(range(1, 5)), *small])
    assert note.startswith("8 of 24 lines in a.csv")
    assert "0.08 is counted again" in note


def test_lines_that_cost_nothing_may_be_alike(tmp_path: Path) -> None:
    assert notes(tmp_path, a=[*lines(range(1, 5)), *[",2026-10-01,free,0"] * 50]) == []
