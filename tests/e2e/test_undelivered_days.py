"""A bill that lacks days of the cluster still closes, and says so, on every cloud."""

from __future__ import annotations

import csv
import gzip
import importlib
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from burn.cli.app import app

Keep = Callable[[datetime], bool]


def first_half(day: datetime) -> bool:
    return day.day < 16


def cut_parquet(bill: Path, column: str, keep: Keep) -> None:
    for manifest in bill.rglob("metadata"):
        shutil.rmtree(manifest)
    for file in bill.rglob("*.parquet"):
        table = pq.ParquetFile(file).read()
        days = pc.cast(table[column], "timestamp[us]").to_pylist()
        pq.write_table(table.filter([keep(day) for day in days]), file)


def cut_azure(bill: Path, keep: Keep) -> None:
    for file in bill.rglob("*.csv.gz"):
        with gzip.open(file, "rt", encoding="utf-8-sig", newline="") as lines:
            head, *rows = csv.reader(lines)
        at = head.index("date")
        kept = [r for r in rows if keep(datetime.strptime(r[at], "%m/%d/%Y").replace(tzinfo=UTC))]
        with gzip.open(file, "wt", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows([head, *kept])
        manifest = file.parent / "manifest.json"
        said = json.loads(manifest.read_text())
        said["dataRowCount"] = said["blobs"][0]["dataRowCount"] = len(kept)
        size = file.stat().st_size
        said["byteCount"] = said["blobs"][0]["byteCount"] = size
        manifest.write_text(json.dumps(said))


CUTS: dict[str, Callable[[Path, Keep], None]] = {
    "aws": lambda bill, keep: cut_parquet(bill, "line_item_usage_start_date", keep),
    "gcp": lambda bill, keep: cut_parquet(bill, "usage_start_time", keep),
    "azure": cut_azure,
}


def report(provider: str, folder: Path, keep: Keep | None) -> dict:
    package = importlib.import_module(f"burn_{provider}")
    bill = Path(shutil.copytree(Path(str(package.__file__)).parent / "sample/bill", folder / "b"))
    if keep:
        CUTS[provider](bill, keep)
    args = ["run", "--provider", provider, "--sample", "--quiet", "--format", "json"]
    result = CliRunner().invoke(app, [*args, "--set", f"provider.{provider}.bill={bill}"])
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def complaints(said: dict) -> list[str]:
    return [note for note in said["notes"] if "the cluster's nodes on" in note]


@pytest.mark.parametrize("provider", CUTS)
def test_half_a_month_is_half_a_bill(provider: str, tmp_path: Path) -> None:
    said = report(provider, tmp_path, first_half)
    (note,) = complaints(said)
    assert said["notes"][0] == note
    assert "nothing of the cluster's nodes on 2026-10-16..2026-10-31 (16 days)" in note
    assert "not delivered yet" in note
    assert said["info"]["provisional_from"] is not None
    assert said["info"]["provisional_from"] <= "2026-10-16T00:00:00Z"


@pytest.mark.parametrize("provider", CUTS)
def test_days_missing_in_the_middle(provider: str, tmp_path: Path) -> None:
    said = report(provider, tmp_path, lambda day: day.day not in (5, 6, 9))
    (note,) = complaints(said)
    assert "on 2026-10-05..2026-10-06, 2026-10-09 (3 days)" in note
    assert "not delivered yet" not in note


@pytest.mark.parametrize("provider", CUTS)
def test_a_whole_bill_has_no_such_note(provider: str, tmp_path: Path) -> None:
    assert complaints(report(provider, tmp_path, None)) == []
