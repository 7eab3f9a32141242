"""DuckDB over bill files: what unites, what is exact, what is refused."""

from __future__ import annotations

import gzip
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from burn.api import DataError
from burn.api.bills.engine.duck import DuckDbEngine
from burn.api.bills.engine.source import Source
from burn.api.bills.files.scratch import Scratch

COLUMNS = (
    *("line_item_line_item_type", "line_item_usage_start_date", "line_item_usage_end_date"),
    *("bill_billing_period_start_date", "line_item_usage_account_id", "line_item_product_code"),
    *("line_item_usage_type", "line_item_resource_id", "line_item_usage_amount"),
    *("line_item_currency_code", "line_item_unblended_cost"),
)
ROWS = "SELECT * EXCLUDE (burn_file) FROM bill ORDER BY line_item_usage_start_date"


def opened(*paths: Path) -> Source:
    return DuckDbEngine(Scratch()).open(paths, ["test"])


def count(path: Path) -> int:
    source = opened(path)
    found = source.engine.query(f"SELECT COUNT(*) AS n FROM {source.relation}").to_pylist()
    return int(found[0]["n"])


def lines(path: Path, hours: range) -> Path:
    """A CSV with one line an hour."""
    rows = [
        f"Usage,2026-10-01T{hour:02}:00:00Z,2026-10-01T{hour:02}:59:59Z,2026-10-01T00:00:00Z,"
        "000000000001,AmazonEC2,BoxUsage:m5.large,i-1,1,USD,0.1234567890123"
        for hour in hours
    ]
    path.write_bytes(gzip.compress("\n".join([",".join(COLUMNS), *rows, ""]).encode()))
    return path


def test_csv_keeps_every_digit_and_zero(tmp_path: Path) -> None:
    source = opened(lines(tmp_path / "a.csv.gz", range(3)))
    found = source.engine.query(
        f"SELECT line_item_usage_account_id AS account, "
        f"SUM(CAST(line_item_unblended_cost AS DECIMAL(38, 13))) AS cost "
        f"FROM {source.relation} GROUP BY 1"
    ).to_pylist()
    assert found == [{"account": "000000000001", "cost": Decimal("0.3703703670369")}]


def test_months_with_other_columns_unite_by_name(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1.5], "b": ["x"]}), tmp_path / "1.parquet")
    pq.write_table(pa.table({"b": ["y"], "c": [True]}), tmp_path / "2.parquet")
    source = opened(tmp_path / "1.parquet", tmp_path / "2.parquet")
    assert source.columns == {"a": "double", "b": "varchar", "c": "boolean"}
    rows = source.engine.query(f"SELECT a, b, c FROM {source.relation} ORDER BY b").to_pylist()
    assert rows == [{"a": 1.5, "b": "x", "c": None}, {"a": None, "b": "y", "c": True}]


def test_parquet_and_csv_side_by_side(tmp_path: Path) -> None:
    pq.write_table(pa.table({"cost": [1.5]}), tmp_path / "1.parquet")
    (tmp_path / "2.csv").write_text("cost\n2.5\n")
    source = opened(tmp_path / "1.parquet", tmp_path / "2.csv")
    query = f"SELECT SUM(CAST(cost AS DECIMAL(18, 4))) AS c FROM {source.relation}"
    assert source.engine.query(query).to_pylist() == [{"c": Decimal("4.0000")}]


def test_a_month_in_the_path_adds_no_column(tmp_path: Path) -> None:
    folder = tmp_path / "year=2026" / "month=10"
    folder.mkdir(parents=True)
    pq.write_table(pa.table({"cost": [1.5]}), folder / "1.parquet")
    assert list(opened(folder / "1.parquet").columns) == ["cost"]


def test_names_that_sql_could_stumble_over(tmp_path: Path) -> None:
    path = tmp_path / 'it\'s a "bill" [1].csv'
    path.write_text("resourceTags/user:a'b\nx\n")
    source = opened(path)
    assert list(source.columns) == ["resourceTags/user:a'b"]
    assert source.engine.query(f"SELECT COUNT(*) AS n FROM {source.relation}").to_pylist() == [
        {"n": 1}
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.parquet", b"PAR1 and then nothing"),
        ("cut.csv.gz", gzip.compress(b"a,b\n" + b"1,2\n" * 5000, mtime=0)[:40]),
        ("no.parquet", bytes(64) + b"this is no Parquet"),
    ],
)
def test_a_damaged_file_is_named_as_such(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match="damaged or truncated"):
        count(tmp_path / name)


def test_a_missing_column_is_the_bills_fault(tmp_path: Path) -> None:
    source = opened(lines(tmp_path / "a.csv.gz", range(1)))
    with pytest.raises(DataError, match="lacks a column"):
        source.engine.query(f"SELECT nothing_like_it FROM {source.relation}")


def test_a_result_is_a_table_even_without_rows(tmp_path: Path) -> None:
    source = opened(lines(tmp_path / "a.csv.gz", range(1)))
    assert source.engine.query(f"SELECT * FROM {source.relation} WHERE FALSE").num_rows == 0


def test_a_large_gzipped_csv_is_unpacked_and_read_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = lines(tmp_path / "bill.csv.gz", range(20))
    before = opened(packed).engine.query(ROWS)
    monkeypatch.setattr("burn.api.bills.files.texts.UNPACKED", 1)
    source = opened(packed)
    assert source.engine.query(ROWS).equals(before)
    # What was unpacked is read, not what it was unpacked from.
    packed.unlink()
    assert source.engine.query(ROWS).num_rows == 20


def test_a_large_gzipped_csv_that_is_cut_off_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = lines(tmp_path / "bill.csv.gz", range(20))
    packed.write_bytes(packed.read_bytes()[:-12])
    monkeypatch.setattr("burn.api.bills.files.texts.UNPACKED", 1)
    with pytest.raises(DataError, match=r"damaged or truncated: .*bill\.csv\.gz"):
        opened(packed)
