"""Which files are read: every layout AWS delivers, and what must be refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from burn.api import DataError, Window
from burn.api.bills.files.local import Entry
from burn.api.bills.months import months_near
from burn_aws.files.choose import Choice, choose, doubts, known_months
from burn_aws.files.layout import is_data, month_of

OCTOBER, NOVEMBER = (2026, 10), (2026, 11)
OLD, NEW = "11111111-2222-3333-4444-555555555555", "99999999-8888-7777-6666-555555555555"


def legacy(keys: list[str], assembly: str = NEW, month: str = "20261001") -> bytes:
    period = {"start": f"{month}T000000.000Z", "end": "20261101T000000.000Z"}
    return json.dumps(
        {"assemblyId": assembly, "billingPeriod": period, "reportName": "cur", "reportKeys": keys}
    ).encode()


def export(files: list[str], execution: str = "e-1") -> bytes:
    return json.dumps({"executionId": execution, "dataFiles": files, "columns": []}).encode()


def pick(files: dict[str, bytes], wanted: list[tuple[int, int]] | None = None) -> Choice:
    entries = [Entry(path, len(content)) for path, content in sorted(files.items())]
    return choose(entries, lambda e: files[e.path], wanted, root="s3://b/p/")


def paths(choice: Choice) -> list[str]:
    return [entry.path for entry in choice.entries]


def test_legacy_new_versions_reads_only_the_assembly_that_the_top_manifest_names() -> None:
    period = "cur/20261001-20261101"
    new, old = f"{period}/{NEW}/cur-00001.csv.gz", f"{period}/{OLD}/cur-00001.csv.gz"
    choice = pick(
        {
            new: b"",
            old: b"",
            f"{period}/{OLD}/cur-Manifest.json": legacy([f"p/{old}"], OLD),
            f"{period}/{NEW}/cur-Manifest.json": legacy([f"p/{new}"]),
            f"{period}/cur-Manifest.json": legacy([f"p/{new}"]),
        }
    )
    assert paths(choice) == [new]
    assert choice.sure
    assert NEW in choice.origin[0]


def test_legacy_overwritten_parquet_for_athena() -> None:
    part = "cur/cur/year=2026/month=10/cur-00001.snappy.parquet"
    choice = pick(
        {
            part: b"",
            "cur/cur/cost_and_usage_data_status/cost_and_usage_data_status.parquet": b"",
            "cur/cur/cur-create-table.sql": b"",
            "cur/20261001-20261101/cur-Manifest.json": legacy([f"p/{part}"]),
        }
    )
    assert paths(choice) == [part]


@pytest.mark.parametrize("prefix", ["", "s3://bucket/"], ids=["keys", "uris"])
def test_data_exports_overwritten(prefix: str) -> None:
    part = "ex/data/BILLING_PERIOD=2026-10/ex-00001.snappy.parquet"
    choice = pick(
        {
            part: b"",
            "ex/data/BILLING_PERIOD=2026-10/ex-00002.snappy.parquet": b"",
            "ex/metadata/BILLING_PERIOD=2026-10/ex-Manifest.json": export([f"{prefix}p/{part}"]),
        }
    )
    assert paths(choice) == [part], (
        "a file that an earlier, larger delivery left behind is not read"
    )


def test_data_exports_new_versions_without_a_top_manifest_takes_the_latest_delivery() -> None:
    first, second = "20261102T010203Z-aaaa", "20261103T010203Z-0000"
    files: dict[str, bytes] = {}
    for run in (first, second):
        part = f"ex/data/BILLING_PERIOD=2026-10/{run}/ex-00001.csv.gz"
        files[part] = b""
        files[f"ex/metadata/BILLING_PERIOD=2026-10/{run}/ex-Manifest.json"] = export([part], run)
    assert paths(pick(files)) == [f"ex/data/BILLING_PERIOD=2026-10/{second}/ex-00001.csv.gz"]


def test_only_wanted_months_are_read_and_all_are_known() -> None:
    files: dict[str, bytes] = {}
    for month in ("2026-09", "2026-10", "2026-11"):
        part = f"ex/data/BILLING_PERIOD={month}/ex-00001.parquet"
        files[part] = b""
        files[f"ex/metadata/BILLING_PERIOD={month}/ex-Manifest.json"] = export([part])
    choice = pick(files, [OCTOBER, NOVEMBER])
    assert [month_of(path) for path in paths(choice)] == [OCTOBER, NOVEMBER]
    entries = [Entry(path, 0) for path in files]
    assert known_months(entries, lambda e: files[e.path]) == [(2026, 9), OCTOBER, NOVEMBER]


def test_a_flat_copy_is_found_by_the_names_in_its_manifest() -> None:
    key = f"p/cur/20261001-20261101/{NEW}/cur-00001.csv.gz"
    choice = pick({"cur-00001.csv.gz": b"", "cur-Manifest.json": legacy([key]), "notes.csv": b""})
    assert paths(choice) == ["cur-00001.csv.gz"]
    assert "1 files that no manifest names" in choice.origin[-1]


def test_a_half_written_month_is_refused() -> None:
    part = "ex/data/BILLING_PERIOD=2026-10/ex-0000{}.parquet"
    manifest = export([part.format(1), part.format(2)])
    with pytest.raises(DataError, match="ex-00002") as caught:
        pick(
            {
                part.format(1): b"",
                "ex/metadata/BILLING_PERIOD=2026-10/ex-Manifest.json": manifest,
            }
        )
    assert "wait" in str(caught.value.hint)


def test_two_assemblies_without_any_manifest_are_refused() -> None:
    period = "cur/20261001-20261101"
    with pytest.raises(DataError, match="several versions"):
        pick({f"{period}/{a}/cur-00001.csv.gz": b"" for a in (OLD, NEW)})


def test_two_legacy_versions_without_the_manifest_above_them_are_refused() -> None:
    period, files = "cur/20261001-20261101", {}
    for assembly in (OLD, NEW):
        part = f"{period}/{assembly}/cur-00001.csv.gz"
        files[part] = b""
        files[f"{period}/{assembly}/cur-Manifest.json"] = legacy([part], assembly)
    with pytest.raises(DataError, match="2 versions"):
        pick(files)


def test_two_exports_of_one_month_are_refused() -> None:
    files: dict[str, bytes] = {}
    for name in ("ex", "other"):
        part = f"{name}/data/BILLING_PERIOD=2026-10/{name}-00001.parquet"
        files[part] = b""
        files[f"{name}/metadata/BILLING_PERIOD=2026-10/{name}-Manifest.json"] = export([part])
    with pytest.raises(DataError, match="ex and other"):
        pick(files)


def test_files_without_manifest_and_month_are_all_read() -> None:
    choice = pick({"a.csv.gz": b"", "sub/b.parquet": b"", "readme.txt": b""}, [OCTOBER])
    assert paths(choice) == ["a.csv.gz", "sub/b.parquet"]
    assert not choice.sure


def test_nothing_to_read_names_what_is_there() -> None:
    with pytest.raises(DataError, match="no Parquet and no CSV"):
        pick({"readme.txt": b""})
    part = "ex/data/BILLING_PERIOD=2026-01/ex-00001.parquet"
    with pytest.raises(DataError, match="2026-10") as caught:
        pick({part: b""}, [OCTOBER])
    assert "2026-01" in str(caught.value.hint)


def test_a_broken_manifest_is_refused_and_a_foreign_one_ignored() -> None:
    part = "ex/data/BILLING_PERIOD=2026-10/ex-00001.parquet"
    with pytest.raises(DataError, match="not JSON"):
        pick({part: b"", "ex/metadata/BILLING_PERIOD=2026-10/ex-Manifest.json": b"{"})
    assert paths(pick({part: b"", "web/manifest.json": b'{"icons": []}'})) == [part]


MANIFEST = "ex/metadata/BILLING_PERIOD=2026-10/ex-Manifest.json"
PART = "ex/data/BILLING_PERIOD=2026-10/ex-00001.parquet"


def test_a_manifest_of_nothing_is_called_so() -> None:
    with pytest.raises(DataError, match=r"2026-10 names no file, though 1 files"):
        pick({PART: b"", MANIFEST: export([])}, [OCTOBER])
    other = "ex/data/BILLING_PERIOD=2026-09/ex-00001.parquet"
    with pytest.raises(DataError, match="2026-10 names no file, and no file"):
        pick({other: b"", MANIFEST: export([])}, [OCTOBER])
    september = pick({other: b"", MANIFEST: export([])}, [(2026, 9), OCTOBER])
    assert paths(september) == [other]


@pytest.mark.parametrize("file", ["s3://bucket", "s3://bucket/", "s3://bucket/folder/", ""])
def test_a_manifest_that_names_no_file_is_refused(file: str) -> None:
    with pytest.raises(DataError, match="which is no file"):
        pick({PART: b"", MANIFEST: export([file])})


def test_a_manifest_of_another_kind_is_refused() -> None:
    with pytest.raises(DataError, match="nested too deep"):
        pick({PART: b"", MANIFEST: b"[" * 200_000})
    huge = [Entry(PART, 1), Entry(MANIFEST, 1 << 30)]
    with pytest.raises(DataError, match="1,073,741,824 bytes"):
        choose(huge, lambda e: b"", None, root="b")


@pytest.mark.parametrize(("newest", "doubted"), [(b"1" * 49, 1), (b"1" * 51, 0)])
def test_a_newer_delivery_that_shrank_is_doubted(newest: bytes, doubted: int) -> None:
    files: dict[str, bytes] = {}
    for run, content in (("20261102T010203Z", b"1" * 100), ("20261103T010203Z", newest)):
        part = f"ex/data/BILLING_PERIOD=2026-10/{run}/ex-00001.csv.gz"
        files[part] = content
        files[f"ex/metadata/BILLING_PERIOD=2026-10/{run}/ex-Manifest.json"] = export([part], run)
    assert len(doubts(pick(files).origin)) == doubted


def test_what_is_not_read_is_said_with_its_size() -> None:
    first, second = "20261102T010203Z-aaaa", "20261103T010203Z-0000"
    files: dict[str, bytes] = {"ex/data/BILLING_PERIOD=2026-10/copy.csv.gz": b"1234"}
    for run, content in ((first, b"12"), (second, b"123")):
        part = f"ex/data/BILLING_PERIOD=2026-10/{run}/ex-00001.csv.gz"
        files[part] = content
        files[f"ex/metadata/BILLING_PERIOD=2026-10/{run}/ex-Manifest.json"] = export([part], run)
    choice = pick(files)
    assert choice.unread == (
        f"ex/data/BILLING_PERIOD=2026-10/{first}/ex-00001.csv.gz, 2 bytes: of deliveries that were replaced",
        "ex/data/BILLING_PERIOD=2026-10/copy.csv.gz, 4 bytes: that no manifest names",
    )
    told = "\n".join(choice.origin)
    assert "it replaces 1 earlier deliveries" in told
    assert "1 files of deliveries that were replaced (2 bytes" in told
    assert "1 files that no manifest names (4 bytes, such as ex/data/" in told


def test_months_near_a_window_are_its_own_and_their_neighbours() -> None:
    assert months_near(Window.month(2026, 10)) == [(2026, 9), OCTOBER, NOVEMBER]
    day = Window(datetime(2026, 12, 31, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert months_near(day) == [(2026, 11), (2026, 12), (2027, 1)]


@pytest.mark.parametrize("path", [".hidden/a.csv", "_temporary/a.parquet", "a.json", "a.csv.tmp"])
def test_what_is_no_bill(path: str) -> None:
    assert not is_data(path)
