"""Which run of an export is read, and what is refused rather than summed."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from burn.api import BillRequest, DataError, PeriodRequest, UsageError
from burn_azure.files.loose import kind_of, span_of
from burn_azure.files.spans import months_of
from burn_azure.identity import identify
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from tests.lab.azure_export import RUN, write_azure
from tests.servers.azure_world import charged, inventory, scope, window


def bill(folder: Path, **settings: str):  # type: ignore[no-untyped-def]
    provider = AzureProvider(AzureSettings(bill=str(folder), price_list="off", **settings))
    return provider.bill(
        BillRequest(scope=scope(), window=window(), identities=identify(inventory()))
    )


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
    assert replace(both.control, unread=()) == alone.control
    assert [text.rpartition(": ")[2] for text in both.control.unread] == [
        "of a run that newer ones replace"
    ]
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
        AzureProvider(AzureSettings(bill="ftp://x/y")).period(PeriodRequest(scope=scope()))


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
