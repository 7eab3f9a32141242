"""Days and months of at most twelve: decided by what the file says of its period, or refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from burn.api import DataError
from burn.api.bills.engine.duck import DuckDbEngine
from burn.api.bills.engine.layout import Layout, Raw
from burn.api.bills.files.scratch import Scratch

OCTOBER, MAY = dt.date(2026, 10, 5), dt.date(2026, 5, 10)


def recognise(columns: Mapping[str, str]) -> Layout:
    """A bill whose dates, but not whose expiry, are read."""
    raw = Raw(amount="cost", amount_column="cost", month='"date"', currency="'USD'")
    read = {name: (name,) for name in columns if name != "expires"}
    return Layout(name="test", family="test", columns=read, raw=raw)


def day(path: Path) -> dt.date:
    """The first line's date."""
    source = DuckDbEngine(Scratch()).open([path], ["test"], recognise)
    sql = f'SELECT CAST(MAX("date") AS DATE) AS day FROM {source.relation} WHERE cost = 1'
    found = source.engine.query(sql).to_pylist()[0]["day"]
    assert isinstance(found, dt.date)
    return found


def written(path: Path, rows: list[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(rows) + "\n")
    return path


@pytest.mark.parametrize(
    ("folder", "rows", "right"),
    [
        ("20261001-20261031/guid", ["10/05/2026"], OCTOBER),
        ("20261001-20261031", ["05/10/2026"], OCTOBER),
        ("2026-05", ["05/10/2026"], MAY),
        ("202605", ["10/5/26"], MAY),
        ("20260901-20261231", ["10/05/2026"], OCTOBER),
        (".", ["10/05/2026", "10/06/2026", "10/07/2026"], OCTOBER),
        (".", ["05/10/2026", "13/10/2026"], OCTOBER),
        (".", ["10/10/2026"], dt.date(2026, 10, 10)),
        (".", ["05.10.2026"], OCTOBER),
    ],
)
def test_by_the_period_that_the_place_says(
    folder: str, rows: list[str], right: dt.date, tmp_path: Path
) -> None:
    lines = ["date,cost", *(f"{text},{n + 1}" for n, text in enumerate(rows))]
    assert day(written(tmp_path / folder / "part.csv", lines)) == right


@pytest.mark.parametrize(
    ("columns", "right"),
    [
        ({"billingPeriod": "202610"}, OCTOBER),
        ({"BillingPeriodStartDate": "2026-05-01"}, MAY),
        ({"BillingPeriodStartDate": "10/01/2026"}, OCTOBER),
        ({"BillingPeriodStartDate": "01/05/2026"}, MAY),
        ({"BillingPeriodStartDate": "10/01/2026", "BillingPeriodEndDate": "10/31/2026"}, OCTOBER),
    ],
)
def test_by_the_period_that_a_column_says(
    columns: dict[str, str], right: dt.date, tmp_path: Path
) -> None:
    """The same two numbers, in whichever order the file writes them."""
    text = "10/05/2026"
    lines = [",".join(["date", "cost", *columns]), ",".join([text, "1", *columns.values()])]
    assert day(written(tmp_path / "part.csv", lines)) == right


@pytest.mark.parametrize(
    "lines",
    [
        ["date,cost", "10/05/2026,1"],
        ["date,cost", "10/05/2026,1", "11/06/2026,2"],
        [
            "date,cost,billingPeriodStartDate,billingPeriodEndDate",
            "10/05/2026,1,10/01/2026,11/01/2026",
        ],
    ],
)
def test_refused_where_nothing_decides(lines: list[str], tmp_path: Path) -> None:
    path = written(tmp_path / "bill-2026-10-05.csv", lines)
    with pytest.raises(
        DataError, match=r"bill-2026-10-05\.csv, line 2: `date` holds .*'10/05/2026'"
    ):
        day(path)


def test_a_column_that_is_not_read_may_be_undecided(tmp_path: Path) -> None:
    lines = ["date,cost,expires", "2026-10-05,1,10/05/2026"]
    assert day(written(tmp_path / "part.csv", lines)) == OCTOBER


def test_dates_that_begin_beyond_the_head_are_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    lines = ["usageDate,date,cost", *["10/31/2026,,2"] * 300, "10/31/2026,10/05/2026,1"]
    assert day(written(tmp_path / "part.csv", lines)) == OCTOBER


def test_text_of_a_parquet_file_too(tmp_path: Path) -> None:
    table = pa.table({"date": ["10/05/2026", "10/13/2026"], "cost": ["1", "2"]})
    pq.write_table(table, tmp_path / "part.parquet")
    assert day(tmp_path / "part.parquet") == OCTOBER
    pq.write_table(table.slice(0, 1), tmp_path / "part.parquet")
    with pytest.raises(DataError, match="whether the day or the month comes first"):
        day(tmp_path / "part.parquet")
