"""Deliveries by hand: which days of which run are read, and what is said of the rest."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from burn.api import BillRequest, CheckRequest, DataError, Scope, Window, schemas
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings


def delivered(folder: Path, days: range, submitted: str, export: str = "shop") -> None:
    """A run of October by hand: one line of $1 a day, in the older usage layout."""
    run = folder / export / f"202610{days[0]:02d}-202610{days[-1]:02d}" / submitted[:10]
    run.mkdir(parents=True)
    lines = [f"{export},2026-10-{day:02d},/x,Storage,1,USD" for day in days]
    head = "subscriptionId,UsageDateTime,InstanceId,MeterCategory,PreTaxCost,Currency"
    (run / "part.csv").write_text("\n".join([head, *lines]) + "\n")
    told = {
        "exportConfig": {"exportName": export, "type": "ActualCost"},
        "runInfo": {
            "runId": submitted,
            "submittedTime": submitted,
            "startDate": f"2026-10-{days[0]:02d}T00:00:00",
            "endDate": f"2026-10-{days[-1]:02d}T00:00:00",
        },
        "blobs": [{"blobName": "part.csv", "byteCount": (run / "part.csv").stat().st_size}],
    }
    (run / "manifest.json").write_text(json.dumps(told))


def october(*places: Path):  # type: ignore[no-untyped-def]
    provider = AzureProvider(AzureSettings(bill=tuple(map(str, places)), price_list="off"))
    return provider.bill(
        BillRequest(
            scope=Scope(), window=Window.month(2026, 10), identities=schemas.IDENTITY.empty()
        )
    )


def test_month_to_date_runs_are_read_once(tmp_path: Path) -> None:
    for last in (3, 9, 30):
        delivered(tmp_path, range(1, last + 1), f"2026-11-{last:02d}T00:00:00Z")
    found = october(tmp_path)
    assert (found.control.lines, found.control.billed) == (30, 30)
    assert any("superseded by newer runs" in text for text in found.origin)


def test_rolling_runs_are_joined_day_by_day(tmp_path: Path) -> None:
    for first in (1, 4, 8):
        delivered(tmp_path, range(first, first + 7), f"2026-10-{first + 8:02d}T06:00:00Z")
    found = october(tmp_path)
    assert (found.control.lines, found.control.billed) == (14, 14)


def test_a_smaller_run_does_not_replace_a_larger_one_in_silence(tmp_path: Path) -> None:
    delivered(tmp_path, range(1, 32), "2026-11-06T00:00:00Z")
    delivered(tmp_path, range(1, 32), "2026-11-09T00:00:00Z")
    (part,) = tmp_path.glob("*/*/2026-11-09/part.csv")
    part.write_text("".join(part.read_text().splitlines(keepends=True)[:11]))
    manifest = part.with_name("manifest.json")
    told = json.loads(manifest.read_text())
    told["blobs"][0]["byteCount"] = part.stat().st_size
    manifest.write_text(json.dumps(told))
    assert any("and is smaller: was it cut off?" in note for note in october(tmp_path).notes)


def test_an_older_run_has_days_that_the_newer_one_lost(tmp_path: Path) -> None:
    delivered(tmp_path, range(1, 32), "2026-11-06T00:00:00Z")
    delivered(tmp_path, range(1, 6), "2026-11-09T00:00:00Z")
    (part,) = tmp_path.glob("*/*/2026-11-09/part.csv")
    part.write_text(part.read_text().replace("2026-10-05", "2026-10-04"))
    with pytest.raises(DataError, match="1 lines of 2026-10-05, and the newer run"):
        october(tmp_path)


def test_files_that_no_manifest_names_are_said(tmp_path: Path) -> None:
    delivered(tmp_path, range(1, 32), "2026-11-06T00:00:00Z")
    (part,) = tmp_path.glob("*/*/*/part.csv")
    shutil.copy(part, part.with_name("part (1).csv"))
    found = october(tmp_path)
    assert found.control.lines == 31
    assert any("part (1).csv" in note and "bytes" in note for note in found.notes)


def test_a_run_that_wrote_nothing_is_said(tmp_path: Path) -> None:
    delivered(tmp_path, range(1, 32), "2026-11-06T00:00:00Z")
    (manifest,) = tmp_path.glob("*/*/*/manifest.json")
    told = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(told | {"blobs": []}))
    with pytest.raises(DataError, match="names no file"):
        october(tmp_path)


def test_a_file_without_a_manifest_beside_runs_is_refused(tmp_path: Path) -> None:
    delivered(tmp_path, range(1, 32), "2026-11-06T00:00:00Z")
    (part,) = tmp_path.glob("*/*/*/part.csv")
    (tmp_path / "actual/2026-10").mkdir(parents=True)
    shutil.copy(part, tmp_path / "actual/2026-10/old.csv")
    with pytest.raises(DataError, match="no manifest names it: 2026-10 would be counted twice"):
        october(tmp_path)


def test_weeks_without_manifests_add_up_and_overlaps_are_refused(tmp_path: Path) -> None:
    for first in (1, 8, 15):
        delivered(tmp_path, range(first, first + 7), f"2026-10-{first + 8:02d}T06:00:00Z")
    for manifest in tmp_path.rglob("manifest.json"):
        manifest.unlink()
    assert october(tmp_path).control.billed == 21
    (tmp_path / "shop/20261008-20261014").rename(tmp_path / "shop/20261007-20261014")
    with pytest.raises(DataError, match="2026-10-07 is in"):
        october(tmp_path)


def test_places_of_different_subscriptions_add_up(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    delivered(one, range(1, 32), "2026-11-06T00:00:00Z", "shop")
    delivered(two, range(1, 32), "2026-11-06T00:00:00Z", "data")
    assert october(one, two).control.billed == 62
    (part,) = two.glob("*/*/*/part.csv")
    part.write_text(part.read_text().replace("data,2026-10-09", "shop,2026-10-09"))
    with pytest.raises(DataError, match="shop in 2026-10-09"):
        october(one, two)


def test_what_is_not_read_is_told_by_file_and_size(tmp_path: Path) -> None:
    for submitted in ("2026-11-06T00:00:00Z", "2026-11-09T00:00:00Z"):
        delivered(tmp_path, range(1, 32), submitted)
    (old,) = tmp_path.glob("*/*/2026-11-06/part.csv")
    name, size = old.relative_to(tmp_path).as_posix(), old.stat().st_size
    told = october(tmp_path).control.unread
    assert told == (f"{name}, {size:,} bytes: of a run that newer ones replace",)


def test_the_doctor_refuses_what_a_run_refuses(tmp_path: Path) -> None:
    """A second part without its cost."""
    delivered(tmp_path, range(1, 32), "2026-11-06T00:00:00Z")
    (part,) = tmp_path.glob("*/*/*/part.csv")
    part.parent.joinpath("manifest.json").unlink()
    assert failed(tmp_path) == []
    other = part.read_text().replace("PreTaxCost", "Note").replace("shop", "more")
    part.with_name("part_2.csv").write_text(other)
    with pytest.raises(DataError, match=r"part_2\.csv.* lacks `costInBillingCurrency`") as caught:
        october(tmp_path)
    assert failed(tmp_path) == [caught.value.message]


def test_a_quantity_that_is_no_number(tmp_path: Path) -> None:
    delivered(tmp_path, range(1, 32), "2026-11-06T00:00:00Z")
    (part,) = tmp_path.glob("*/*/*/part.csv")
    part.with_name("manifest.json").unlink()
    head, *rows = part.read_text().splitlines()
    quantities = [*["1"] * 30, "many"]
    rows = [f"{row},{quantity}" for row, quantity in zip(rows, quantities, strict=True)]
    part.write_text("\n".join([f"{head},UsageQuantity", *rows]) + "\n")
    with pytest.raises(
        DataError, match=r"part\.csv: 1 line has `many`, which is .*`UsageQuantity`"
    ):
        october(tmp_path)


def failed(folder: Path) -> list[str]:
    provider = AzureProvider(AzureSettings(bill=str(folder), price_list="off"))
    return [check.detail for check in provider.check(CheckRequest()) if not check.ok]
