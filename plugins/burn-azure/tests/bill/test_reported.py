"""Situations that people reported in public: each gives the value that its README calls right."""

from __future__ import annotations

import json
import os
import tarfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from burn.cli.app import app

ROOT = Path(__file__).parents[4]
CASES = Path(os.environ.get("BURN_CASES", ROOT / "../shared/cases")) / "reported/azure"
pytestmark = pytest.mark.skipif(not CASES.exists(), reason="reported cases are not here")
DAY = "2026-10-01..2026-10-02"


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


def run(case: str, folder: Path, window: str, bill: str = "bill", *more: str) -> Result:
    """`burn run` over a case, as its run.sh does it."""
    (packed,) = CASES.glob(f"{case}-*.tar.gz")
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    (place,) = (path for path in folder.iterdir() if (path / "metrics").exists())
    named = {
        "source.snapshot.path": place / "metrics",
        "provider.azure.bill": place / bill,
        "provider.azure.price_list": "off",
    }
    args = ["run", "--provider", "azure", "--source", "snapshot", "--cluster", "shop-prod"]
    sets = [text for name, value in named.items() for text in ("--set", f"{name}={value}")]
    told = ["--window", window, "--format", "json", "--quiet"]
    return CliRunner().invoke(app, [*args, *sets, *told, *more])


def report(*args: str | Path) -> dict[str, Any]:
    result = run(*args)  # type: ignore[arg-type]
    assert result.exit_code == 0, result.stderr
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def drivers(told: dict[str, Any]) -> dict[str, float]:
    """Cents by driver; those of nothing left out."""
    sums: dict[str, float] = defaultdict(float)
    for row in told["ledger"]:
        sums[row["driver"]] += row["amount"]
    return {name: round(amount, 2) for name, amount in sums.items() if round(amount, 2)}


def test_traffic_is_of_the_instance_that_its_line_names(tmp_path: Path) -> None:
    rows = [r for r in report("03", tmp_path, DAY)["ledger"] if r["driver"] == "data_transfer"]
    assert [(row["name"][-1], row["amount"]) for row in rows] == [("1", pytest.approx(80))]


@pytest.mark.parametrize("bill", ["bill", "bill-control"])
def test_an_enterprise_agreement_is_final_whatever_its_schema(tmp_path: Path, bill: str) -> None:
    told = report("05", tmp_path, "2026-10", bill)
    assert told["info"]["provisional_from"] is None
    assert told["totals"]["billed"] == pytest.approx(142.848)


@pytest.mark.parametrize("bill", ["bill", "bill-control"])
def test_a_commitment_is_told_by_its_id_and_status(tmp_path: Path, bill: str) -> None:
    told = report("06", tmp_path, DAY, bill)
    found = drivers(told)
    assert found["commitment"] == pytest.approx(-0.86, abs=0.01)
    assert found["unused_commitment"] == 0.36
    assert "negotiated" not in found
    assert told["totals"]["cluster_effective"] == pytest.approx(4.104)


def test_focus_1_2_names_its_instances(tmp_path: Path) -> None:
    told = report("07", tmp_path, DAY)
    covered = sum(r["amount"] for r in told["ledger"] if r["driver"] == "commitment")
    assert covered == pytest.approx(1.44 - 2.304)
    cost = {r["namespace"]: r["cost"] for r in told["allocation"] if r["basis"] == "effective"}
    assert cost["team-a"] < cost["team-b"]
    assert not [note for note in told["notes"] if "no instances of scale sets" in note]


def test_the_preview_of_focus_1_0_is_read(tmp_path: Path) -> None:
    told = report("11", tmp_path, DAY)
    found = drivers(told)
    assert found["commitment"] == pytest.approx(-0.86, abs=0.01)
    assert "negotiated" not in found
    assert told["totals"]["cluster_effective"] == pytest.approx(1.44 + 2.304)


def test_a_run_of_five_days_does_not_replace_a_month(tmp_path: Path) -> None:
    assert report("01", tmp_path, "2026-10")["totals"]["billed"] == pytest.approx(142.848)


def test_four_weekly_runs_add_up(tmp_path: Path) -> None:
    told = report("02", tmp_path, "2026-10-01..2026-10-29")
    assert told["totals"]["billed"] == pytest.approx(28 * 2 * 24 * 0.096)


def test_exports_of_two_subscriptions_are_added(tmp_path: Path) -> None:
    told = report("10", tmp_path, "2026-10")
    assert told["totals"]["billed"] == pytest.approx(142.848 + 148.80)
    assert told["totals"]["cluster_effective"] == pytest.approx(142.848)


@pytest.mark.parametrize("bill", ["bill", "bill-other-way", "bill-old-layout"])
def test_columns_that_change_their_names_between_months(tmp_path: Path, bill: str) -> None:
    told = report("42", tmp_path, "2026-10", bill)
    assert told["totals"]["billed"] == pytest.approx(142.848)
    assert told["totals"]["cluster_effective"] == pytest.approx(142.848)
    assert drivers(told).keys() == {"report"}


@pytest.mark.parametrize("bill", ["bill", "bill-control"])
def test_focus_that_changes_its_version_between_months(tmp_path: Path, bill: str) -> None:
    found = drivers(report("14", tmp_path, "2026-11-01..2026-11-03", bill))
    assert found["disk_performance"] == 1.30
    assert found["load_balancer_usage"] == 1.00
    assert "unseen" not in found
