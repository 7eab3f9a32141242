"""Bill files as people have them: renamed, repacked, saved again; read right, or named."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from burn.api import DataError
from burn.api.bills.engine.duck import DuckDbEngine
from burn.api.bills.engine.layout import Layout, Raw
from burn.api.bills.files.copies import remember
from burn.api.bills.files.scratch import Scratch
from burn.api.bills.queries.sql import amount, moment, quoted, real

LINES = "name,cost,day\n" + "".join(f"Köln-{n},0.25,2026-10-{n + 1:02}\n" for n in range(20))


def total(path: Path) -> tuple[int, Decimal, str]:
    """Lines, the sum of their costs, and the last name."""
    source = DuckDbEngine(Scratch()).open([path], ["test"])
    cost = amount('"cost"', source.columns["cost"])
    sql = f'SELECT COUNT(*) AS n, SUM({cost}) AS cost, MAX("name") AS name FROM {source.relation}'
    row = source.engine.query(sql).to_pylist()[0]
    return row["n"], row["cost"], row["name"]


def parquet(text: str) -> bytes:
    rows = [line.split(",") for line in text.splitlines()]
    table = pa.table({name: [row[n] for row in rows[1:]] for n, name in enumerate(rows[0])})
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def zipped(name: str, content: bytes, *, encrypted: bool = False) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr(name, content)
    made = bytearray(sink.getvalue())
    if encrypted:
        made[6] |= 1
        made[made.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("bom.csv", lambda text: text.encode("utf-8-sig")),
        ("utf16.csv", lambda text: text.encode("utf-16")),
        ("utf16be.csv", lambda text: b"\xfe\xff" + text.encode("utf-16-be")),
        ("utf16le-no-mark.csv", lambda text: text.encode("utf-16-le")),
        ("utf16be-no-mark.csv", lambda text: text.encode("utf-16-be")),
        ("latin1.csv", lambda text: text.encode("latin-1")),
        ("windows.csv.gz", lambda text: gzip.compress(text.encode("cp1252"))),
        ("semicolon.csv", lambda text: text.replace(",", ";").encode()),
        ("tab.csv", lambda text: text.replace(",", "\t").encode()),
        ("bar.csv", lambda text: text.replace(",", "|").encode()),
        ("excel.csv", lambda text: ("sep=;\n" + text.replace(",", ";")).encode()),
        ("crlf.csv", lambda text: text.replace("\n", "\r\n").encode()),
        ("cr.csv", lambda text: text.replace("\n", "\r").encode()),
        ("gzip.csv", lambda text: gzip.compress(text.encode())),
        ("plain.csv.gz", lambda text: text.encode()),
        ("zip.csv", lambda text: zipped("bill.CSV", text.encode("utf-16"))),
        ("parquet.csv", parquet),
        ("csv.parquet", lambda text: text.encode()),
        ("a[12]*?.csv", lambda text: text.encode()),
    ],
)
def test_read_as_what_it_is(name: str, write: Callable[[str], bytes], tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(write(LINES))
    assert total(tmp_path / name) == (20, Decimal(5), "Köln-9")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", r"empty\.csv is empty"),
        ("page.csv", b"\n<!DOCTYPE html><html><body>Sign in", r"page\.csv is an HTML page"),
        ("error.csv.gz", gzip.compress(b"<?xml version='1.0'?><Error>"), "is an XML document"),
        ("error.csv", b'{"error": {"code": 403}}', r"error\.csv is JSON, not CSV"),
        ("list.json", b'[{"cost": 1}]', "no JSON with an object a line"),
        ("bill.csv", zipped("bill.csv", LINES.encode(), encrypted=True), "an encrypted zip"),
        ("bill.zip", zipped("bill.txt", LINES.encode()), "holds no CSV file"),
        ("bill.csv.zst", b"\x28\xb5\x2f\xfd" + bytes(9), "packed with zstd"),
        ("book.csv", b"\xd0\xcf\x11\xe0" + bytes(9), "an Excel workbook"),
        ("two.csv", "a,b\nKöln,ж\n".encode() + "Köln,1\n".encode("latin-1"), "line 3 is not"),
        ("zero.csv", b"a,b\n1,2\n3,\x00\n", "zero byte near line 3"),
        ("short.csv", b"a,b,c\n" + b"1,2,3\n" * 9 + b"1,2\n1,2,3\n", r"short\.csv"),
        (
            "deep.csv",
            b"name,cost,c\n" + b"1,2,3\n" * 9000 + b"1,2\n",
            r"deep.csv, line 9,002 has 2 v",
        ),
        ("cut.csv.gz", gzip.compress(LINES.encode())[:-9], r"damaged or truncated: .*cut\.csv"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # packed bytes hold the time
)
def test_named_for_what_it_is(name: str, content: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=says) as error:
        total(tmp_path / name)
    assert error.value.hint
    assert ("damaged" in str(error.value)) == (name == "cut.csv.gz")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("1f.csv", b"<!DOCTYPE html>"),
        ("1f.csv", b"name,cost,c\n" + b"1,2,3\n" * 9000 + b"1,2\n"),
        ("1f.csv.gz", gzip.compress(LINES.encode())[:-9]),
        ("1f.parquet", b"PAR1 and no more of it"),
    ],
    ids=["page", "short line", "cut gzip", "cut parquet"],
)
def test_a_copy_of_an_object_is_called_as_the_object(
    name: str, content: bytes, tmp_path: Path
) -> None:
    path = remember(tmp_path / "cache" / "part.csv" / name, "gs://billing/october/part.csv")
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(DataError) as error:
        total(path)
    assert "part.csv" in error.value.message
    assert "1f" not in error.value.message
    assert str(tmp_path) not in error.value.message


def values(path: Path, sql: Callable[[str, str], str], cells: list[str]) -> list[Any]:
    path.write_text("n;v\n" + "".join(f"{n};{cell}\n" for n, cell in enumerate(cells)))
    source = DuckDbEngine(Scratch()).open([path], ["test"])
    made = sql('"v"', source.columns["v"])
    rows = source.engine.query(f"SELECT {made} AS v FROM {source.relation} ORDER BY n").to_pylist()
    return [row["v"] for row in rows]


@pytest.mark.parametrize(
    ("cells", "right"),
    [
        (["1.0E-10", "+2", " 3 ", "-1,234.56"], ["1e-10", "2", "3", "-1234.56"]),
        (["", "NULL", "null", "None", "N/A", "n/a", "NaN", "-", "\\N"], [None] * 9),
        # A comma is the decimal one when some value of the column can be nothing else.
        (["1,234", "0,5", "1.234,56", "7", "n/a"], ["1.234", "0.5", "1234.56", "7", None]),
        (["1,234", "1.5", "2,345,678.9"], ["1234", "1.5", "2345678.9"]),
    ],
)
def test_numbers(cells: list[str], right: list[str | None], tmp_path: Path) -> None:
    expected = [None if text is None else Decimal(text) for text in right]
    assert values(tmp_path / "a.csv", amount, cells) == expected


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (["1.5", "oops", "oops"], r"a\.csv: `v` holds 2 values that are no number .*'oops'"),
        (["1,234", "5"], "`v` holds a value that is no number burn can read, such as '1,234'"),
        (["0,5", "1.5"], "'0,5'"),
        (["$1.50"], r"'\$1\.50'"),
        (["1", "1e30"], "'1e30'"),
        (["Infinity"], "'Infinity'"),
    ],
)
@pytest.mark.parametrize("sql", [amount, real])
def test_no_numbers(
    cells: list[str], says: str, sql: Callable[[str, str], str], tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=says):
        values(tmp_path / "a.csv", sql, cells)


def costs(path: Path, lines: list[str]) -> list[Decimal]:
    """The costs of a file of three columns; `other` is not read."""

    def recognise(columns: Mapping[str, str]) -> Layout:
        raw = Raw(amount='"cost"', amount_column="cost", month="'2026-10'", currency="'USD'")
        return Layout(name="test", family="test", columns={}, raw=raw)

    path.write_text("\n".join(["n;other;cost", *(f"{n};{line}" for n, line in enumerate(lines))]))
    source = DuckDbEngine(Scratch()).open([path], ["test"], recognise)
    cost = amount('"cost"', source.columns["cost"])
    rows = source.engine.query(f"SELECT {cost} AS v FROM {source.relation} ORDER BY CAST(n AS INT)")
    return [row["v"] for row in rows.to_pylist()]


@pytest.mark.parametrize(
    ("lines", "right"),
    [
        # A value that can be meant in one way says what its sign is in the other column, too.
        (["0,5;1,234", "2;12,345"], ["1.234", "12.345"]),
        (["1,234.5;1,234", "2;7"], ["1234", "7"]),
        (["1.234,5;1.234", "2;7"], ["1234", "7"]),
        (["9,6E-05;1,234", "2;7"], ["1.234", "7"]),
        (["24.5;0.5", "1,234,567;1.234"], ["0.5", "1.234"]),
        # What is not read may be either; so may a head of whole numbers, as the file's end shows.
        (["1,234;0.5", "5;1.234"], ["0.5", "1.234"]),
        (["1,5;7"] * 300 + ["2.345,5;1.234"], ["7"] * 300 + ["1234"]),
    ],
)
def test_a_sign_is_what_the_file_shows_it_to_be(
    lines: list[str], right: list[str], tmp_path: Path
) -> None:
    assert costs(tmp_path / "a.csv", lines) == [Decimal(text) for text in right]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        # Decimal points elsewhere say nothing of a comma, nor decimal commas of a point.
        (["24.5;7", "0.5;1,234"], "line 3: `cost` .*'1,234', .* 1.234 or 1234"),
        (["24,5;7", "0,5;1.234"], "line 3: `cost` .*'1.234', .* 1.234 or 1234"),
        (["24,5;7"] * 300 + ["0,5;1.234"], "line 302: `cost` .*'1.234'"),
        # In one column: commas of one writer, decimal points of another.
        (["1;0.5", "2;1,234"], "line 3: `cost` .*'1,234'"),
        # The file shows both.
        (["1,234.5;7", "0,5;1,234"], "line 3: `cost` .*'1,234'"),
        (["1;-1,234", "2;5"], "line 2: `cost` .*'-1,234', .* -1.234 or -1234"),
    ],
)
def test_refused_where_the_file_shows_nothing(lines: list[str], says: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=rf"a\.csv, {says}") as error:
        costs(tmp_path / "a.csv", lines)
    assert "decimal point" in str(error.value.hint)


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), 1e30])
@pytest.mark.parametrize("sql", [amount, real])
def test_floats_that_are_no_amount(
    odd: float, sql: Callable[[str, str], str], tmp_path: Path
) -> None:
    pq.write_table(pa.table({"v": [1.5, odd, None]}), tmp_path / "a.parquet")
    source = DuckDbEngine(Scratch()).open([tmp_path / "a.parquet"], ["test"])
    with pytest.raises(DataError, match=r"a\.parquet: `v` holds a value that is no number"):
        source.engine.query(f"SELECT {sql(quoted('v'), 'double')} AS v FROM {source.relation}")


@pytest.mark.parametrize(
    ("cells", "right"),
    [
        (["2026-10-01T05:30:00+05:30", "2026-10-01T00:00:00Z"], ["2026-10-01 00:00"] * 2),
        (["2026-10-01 00:00:00 UTC", "2026-09-30T19:00:00.000-0500"], ["2026-10-01 00:00"] * 2),
        (["2026-10-01T00:00:00.250Z", "2026-10-01", ""], ["2026-10-01 00:00"] * 2 + [None]),
        # Days first: one of them is past the twelfth, or all are of one month.
        (["01/10/2026", "13/10/2026"], ["2026-10-01 00:00", "2026-10-13 00:00"]),
        (["01.10.2026"], ["2026-10-01 00:00"]),
        (["1/10/26", "2/10/26", "3/10/26"], [f"2026-10-0{n} 00:00" for n in (1, 2, 3)]),
    ],
)
def test_times(cells: list[str], right: list[str | None], tmp_path: Path) -> None:
    made = values(tmp_path / "a.csv", moment, cells)
    assert [at and f"{at:%Y-%m-%d %H:%M}" for at in made] == right


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (["1790812800"], "`v` holds a value that is no time burn can read, such as '1790812800'"),
        (["2026-10-01", "soon"], "such as 'soon'"),
        (["01/10/2026", "02/11/2026"], "such as '01/10/2026'"),
    ],
)
def test_no_times(cells: list[str], says: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=says):
        values(tmp_path / "a.csv", moment, cells)


def test_a_column_of_seconds_is_no_time() -> None:
    with pytest.raises(DataError, match="holds bigint, which is no time"):
        moment('"start"', "bigint")
