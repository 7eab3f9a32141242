"""Which run of an export is read, and what is refused rather than summed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from burn.api import DataError, Scope, UsageError, Window, schemas
from burn_azure.files.loose import kind_of, span_of
from burn_azure.files.spans import months_of
from burn_azure.identity import identify
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from tests.lab.azure_export import RUN, write_azure
from tests.servers.azure_world import charged, inventory, scope, window


def bill(folder: Path, **settings: str):  # type: ignore[no-untyped-def]
    provider = AzureProvider(AzureSettings(bill=str(folder), price_list="off", **settings))
    return provider.bill(scope(), window(), identify(inventory()))


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_azure(charged(), tmp_path / "bill")


def run_folder(export: Path, dataset: str = "actual") -> Path:
    return next((export / f"burn-{dataset}").rglob("manifest.json")).parent


def older(folder: Path) -> Path:
    """A run of the day before, beside this one, with half of its lines twice."""
    copy = folder.parent / f"{RUN}f"
    shutil.copytree(folder, copy)
    told = json.loads((copy / "manifest.json").read_text())
    told["runInfo"] |= {"submittedTime": "2026-10-30T02:11:00Z", "runId": copy.name}
    (copy / "manifest.json").write_text(json.dumps(told))
    return copy


def test_only_the_newest_run_of_a_month_is_read(export: Path) -> None:
    alone = bill(export)
    older(run_folder(export))
    both = bill(export)
    assert both.control == alone.control
    assert both.rows.equals(alone.rows)
    assert any(f"{RUN}0" in text for text in both.origin)


def spanning(folder: Path, start: str, end: str) -> None:
    """The run says that it covers more than a month."""
    path = folder / "manifest.json"
    told = json.loads(path.read_text())
    told["runInfo"] |= {"startDate": f"{start}T00:00:00", "endDate": f"{end}T00:00:00"}
    path.write_text(json.dumps(told))


def test_a_run_of_several_months_is_read_for_each_of_them(export: Path) -> None:
    alone = bill(export)
    for dataset in ("actual", "amortized"):
        spanning(run_folder(export, dataset), "2026-08-01", "2026-10-31")
    assert bill(export).rows.equals(alone.rows)


def test_day_by_day_the_newest_run_holds(export: Path) -> None:
    """An older run of more months gives way on the days that the newer one covers, and it is said."""
    alone = bill(export)
    spanning(older(run_folder(export)), "2026-08-01", "2026-10-31")
    both = bill(export)
    assert both.rows.equals(alone.rows)
    assert both.control.billed == alone.control.billed
    assert any("are replaced by those of newer runs" in note for note in both.notes)


def test_two_runs_of_one_instant_are_refused(export: Path) -> None:
    said = json.loads((run_folder(export) / "manifest.json").read_text())["runInfo"]
    copy = older(run_folder(export))
    told = json.loads((copy / "manifest.json").read_text())
    told["runInfo"] |= {"submittedTime": said["submittedTime"]}
    (copy / "manifest.json").write_text(json.dumps(told))
    with pytest.raises(DataError, match="nothing says which is newer"):
        bill(export)


def test_two_runs_without_manifests_are_refused(export: Path) -> None:
    older(run_folder(export))
    for manifest in export.rglob("manifest.json"):
        manifest.unlink()
    with pytest.raises(DataError, match="2 runs of one month"):
        bill(export)


def test_without_manifests_paths_say_what_is_what(export: Path) -> None:
    whole = bill(export)
    for manifest in export.rglob("manifest.json"):
        manifest.unlink()
    assert bill(export).control == whole.control


def test_two_places_and_names_that_say_nothing(export: Path, tmp_path: Path) -> None:
    """The lines themselves tell actual from amortised."""
    whole = bill(export)
    one, two = tmp_path / "one.csv.gz", tmp_path / "two.csv.gz"
    shutil.copy(next(run_folder(export).glob("part*")), one)
    shutil.copy(next(run_folder(export, "amortized").glob("part*")), two)
    both = bill(two, amortized_bill=str(one))
    assert both.control.billed == whole.control.billed
    assert [one.file for one in both.control.files] == [
        "actual: one.csv.gz",
        "amortized: two.csv.gz",
    ]
    assert both.rows.equals(whole.rows)


@pytest.mark.parametrize("change", ["gone", "short"])
def test_a_run_that_is_not_whole_is_an_error(export: Path, change: str) -> None:
    part = next(run_folder(export).glob("part*"))
    if change == "gone":
        part.unlink()
    else:
        part.write_bytes(part.read_bytes()[:-9])
    with pytest.raises(DataError, match=r"part_0_0001"):
        bill(export)


def test_a_manifest_of_something_else_is_an_error(export: Path) -> None:
    (run_folder(export) / "manifest.json").write_text('{"dataFiles": []}')
    with pytest.raises(DataError, match="no manifest of a Cost Management export"):
        bill(export)


def test_two_exports_of_one_subscription_are_refused(export: Path) -> None:
    shutil.copytree(export / "burn-actual", export / "other-actual")
    (told,) = (export / "other-actual").rglob("manifest.json")
    told.write_text(told.read_text().replace('"burn-actual"', '"other-actual"'))
    with pytest.raises(DataError, match="it would be counted twice"):
        bill(export)
    with pytest.raises(DataError, match="it would be counted twice"):
        bill(run_folder(export), amortized_bill=str(run_folder(export)))


def test_a_day_that_one_export_lacks_is_an_error(export: Path, tmp_path: Path) -> None:
    """It would cost nothing there."""
    part = next(run_folder(export, "amortized").glob("part*"))
    table = pd.read_csv(part, dtype="str")
    day = f"{window().start:%m/%d/%Y}"
    table[table["date"] != day].to_csv(tmp_path / "late.csv", index=False)
    shutil.rmtree(export / "burn-amortized")
    with pytest.raises(
        DataError, match=f"actual cost export has usage of {window().start:%Y-%m-%d}"
    ):
        bill(export, amortized_bill=str(tmp_path / "late.csv"))


def test_focus_beside_the_others_is_read_alone(export: Path) -> None:
    write_azure(charged(), export, datasets=("focus",))
    found = bill(export)
    alone = bill(export / "burn-focus")
    assert found.control == alone.control
    assert found.rows.equals(alone.rows)


def test_an_empty_place_and_one_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no CSV and no Parquet"):
        bill(tmp_path)
    with pytest.raises(UsageError, match="does not exist"):
        bill(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="no place burn knows"):
        AzureProvider(AzureSettings(bill="ftp://x/y")).period(scope())


@pytest.mark.parametrize(
    ("path", "month", "kind"),
    [
        ("a/daily-actual/20261001-20261031/202611010211/part_0.csv", (2026, 10), "actual"),
        ("amortised/2026-09/x.parquet", (2026, 9), "amortized"),
        ("FocusCost/x_20260901-20260930/y.csv.gz", (2026, 9), "focus"),
        ("export.csv", None, ""),
    ],
)
def test_what_a_path_says(path: str, month: object, kind: str) -> None:
    days, _ = span_of(path)
    assert days is None if month is None else months_of(days or ()) == {month}
    assert kind_of(path) == kind


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
    return provider.bill(Scope(), Window.month(2026, 10), schemas.IDENTITY.empty())


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
