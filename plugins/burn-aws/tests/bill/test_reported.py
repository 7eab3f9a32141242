"""Situations that people reported in public: each with the value that is right, worked out by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from burn.cli.app import app

CASES = Path(os.environ.get("BURN_CASES", Path(__file__).parents[5] / "shared" / "cases"))
ARCHIVES = CASES / "reported" / "aws"
pytestmark = pytest.mark.skipif(not ARCHIVES.exists(), reason="the reported cases are not here")
Report = Callable[..., dict[str, Any]]


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """Runs burn on one folder of a case and gives its JSON."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def run(case: str, bill: str, window: str, *options: str) -> dict[str, Any]:
        place = unpacked(case, tmp_path)
        sets = {
            "source.snapshot.path": place / "metrics",
            "provider.aws.bill": place / bill,
            "provider.aws.price_list": "off",
        }
        given = [arg for key, value in sets.items() for arg in ("--set", f"{key}={value}")]
        done = CliRunner().invoke(
            app,
            [
                *("run", "--quiet", "--provider", "aws", "--source", "snapshot"),
                *("--window", window, "--format", "json", *given, *options),
            ],
        )
        if done.exit_code:
            return {"error": done.output}
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return run


def unpacked(case: str, folder: Path) -> Path:
    """The folder of a case; its archive is unpacked once."""
    if not (folder / case).exists():
        with tarfile.open(ARCHIVES / f"{case}.tar.gz") as archive:
            archive.extractall(folder, filter="data")
    return folder / case


def drivers(report: dict[str, Any]) -> dict[str, float]:
    """Amount by driver, in cents' precision, without the zeros."""
    sums: dict[str, float] = {}
    for row in report["ledger"]:
        sums[row["driver"]] = sums.get(row["driver"], 0.0) + row["amount"]
    return {name: round(amount, 2) for name, amount in sums.items() if round(amount, 2)}


def namespaces(report: dict[str, Any]) -> dict[str, float]:
    """Effective cost by namespace."""
    sums: dict[str, float] = {}
    for row in report["allocation"]:
        if row["basis"] == "effective":
            sums[row["namespace"]] = sums.get(row["namespace"], 0.0) + row["cost"]
    return {name: round(amount, 2) for name, amount in sums.items()}


def test_01_a_balancer_of_three_ingresses_is_shared(tmp_path: Path) -> None:
    """Read from a Kubernetes API that the case serves: 0.54 of hours and 0.38 of LCUs, a third each."""
    unpacked("_lib", tmp_path)
    case = unpacked("01-shared-alb", tmp_path)
    burn = Path(sys.executable).with_name("burn")
    done = subprocess.run(
        [sys.executable, str(case / "make.py"), "--format", "json"],
        env={**os.environ, "BURN": str(burn), "PYTHONPATH": str(Path(__file__).parents[4])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert drivers(found) == {"report": 2.84, "load_balancer_usage": 0.38}
    node = 2.304 / 4  # each asks for a quarter of it
    assert {round(namespaces(found)[name] - node, 1) for name in ("admin", "search", "shop")} == {
        0.3
    }


TERM = "03-ri-upfront-fee-spans-term"


@pytest.mark.parametrize(
    ("bill", "billed", "accounting"),
    [
        ("bill", 458.45, {"amortisation": 411.45}),
        ("bill-sp", 1725.6, {"amortisation": 480.96, "marketplace": 1200.0}),
        ("focus", 525.6, {"amortisation": 480.96}),
    ],
)
def test_03_a_fee_for_a_year_is_billed_whole(
    report: Report, bill: str, billed: float, accounting: dict[str, float]
) -> None:
    found = report(TERM, bill, "2026-10")
    assert found["totals"]["billed"] == pytest.approx(billed, abs=0.005)
    rows = [row for row in found["ledger"] if row["group"] == "accounting"]
    assert drivers({"ledger": rows}) == accounting


def test_03_nothing_of_it_is_billed_later(report: Report, tmp_path: Path) -> None:
    metrics = f"source.snapshot.path={tmp_path / TERM / 'metrics-11'}"
    found = report(TERM, "bill-11", "2026-11-01..2026-11-21", "--set", metrics)
    assert found["totals"]["billed"] == 0.0
    assert drivers(found)["amortisation"] == -24.0


def test_03_months_add_up(report: Report, tmp_path: Path) -> None:
    """438.00 on 1 October: the months one by one, and the three as one window."""
    months = ["2026-10", "2026-11", "2026-12"]
    metrics = f"source.snapshot.path={tmp_path / TERM / 'three-months/metrics'}"
    runs = [
        report(TERM, "three-months/bill", window, "--set", metrics)
        for window in (*months, "2026-10-01..2027-01-01")
    ]
    *parts, whole = (found["totals"]["billed"] for found in runs)
    assert parts == [438.0, 0.0, 0.0]
    assert whole == 438.0


def test_04_the_walk_goes_on_to_the_invoice(report: Report) -> None:
    """12.00 of October's invoice is of September, and November's gives 30.00 back."""
    found = report("04-late-correction", "bill", "2026-10")
    assert (found["totals"]["billed"], found["totals"]["invoice"]) == (44.4, 86.4)
    assert drivers(found)["other_time"] == 12.0
    assert drivers(found)["other_invoices"] == 30.0


def test_23_a_month_that_is_there_twice_is_refused(report: Report) -> None:
    found = report("23-small-account-read-twice", "bill", "2026-10-01..2026-10-03")
    assert "the same lines twice" in found["error"]
    assert "2026-10-02-cur.csv and in 2026-10-03-cur.csv" in found["error"]


@pytest.mark.parametrize("bill", ["bill", "bill-bare"])
def test_a_file_system_is_shared_by_its_claims(report: Report, bill: str) -> None:
    found = report("02-efs-access-points", bill, "2026-10-01..2026-10-02")
    assert drivers(found) == {"report": 2.3, "other": 6.0}
    # 24 hours each: 2.00 of the file system, and a quarter of the node.
    assert {round(namespaces(found)[name], 1) for name in ("batch", "media", "reports")} == {2.6}


def test_software_by_the_hour_is_the_nodes(report: Report) -> None:
    found = report("08-marketplace-ami", "bill", "2026-10-01..2026-10-02", "--cluster", "prod")
    assert drivers(found) == {"report": 2.3, "license": 1.2}  # 24 × 0.096, 24 × 0.05
    assert namespaces(found)["shop"] == 1.75  # half of the node is its


PRICES = (
    *("--set", "run.price_sources=table"),
    *("--set", "price_source.table.files=05-capacity-block/prices.toml"),  # 55.04 an hour
)


@pytest.mark.parametrize(
    ("bill", "window", "hours", "billed"),
    [
        ("bill", "2026-10-10..2026-10-12", 48, 1512.0),
        ("focus", "2026-10-10..2026-10-12", 48, 1512.0),
        ("bill", "2026-10-11..2026-10-12", 24, 0.0),  # the fee is on the first day
    ],
)
def test_a_capacity_block_pays_for_its_hours(
    report: Report, bill: str, window: str, hours: int, billed: float
) -> None:
    found = report("05-capacity-block", bill, window, *PRICES)
    listed, paid = hours * 55.04, hours * 31.5
    assert drivers(found)["report"] == pytest.approx(listed)
    assert drivers(found)["commitment"] == pytest.approx(paid - listed, abs=0.01)
    assert "negotiated" not in drivers(found)
    assert found["totals"]["cluster_effective"] == pytest.approx(paid)
    assert found["totals"]["billed"] == pytest.approx(billed)
    assert not any("at nothing" in note for note in found["notes"])


def test_without_a_price_a_block_costs_what_was_paid(report: Report) -> None:
    found = report("05-capacity-block", "bill", "2026-10-10..2026-10-12")
    assert drivers(found) == {"report": 1512.0}


def test_hosts_outside_the_cluster_are_named(report: Report) -> None:
    found = report("06-dedicated-host", "bill", "2026-10-01..2026-10-02", "--cluster", "prod")
    notes = " ".join(found["notes"])
    assert "48 node-hours of 2 nodes are on the bill at nothing" in notes
    assert "h-0123456789abcdef0 (121.66)" in notes


def test_the_clusters_host_is_its_nodes_cost(report: Report) -> None:
    stated = ("--set", "provider.aws.cluster_resources=h-0123456789abcdef0")
    found = report("06-dedicated-host", "bill", "2026-10-01..2026-10-02", *stated)
    assert drivers(found) == {"report": 121.66}  # 24 × 5.069 / 48 node-hours is the rate
    assert namespaces(found)["shop"] == 60.83
    assert not any("at nothing" in note for note in found["notes"])
    assert "dead-node" not in {finding["rule"] for finding in found["findings"]}


def test_fargate_is_reported_at_the_size_it_bills(report: Report) -> None:
    found = report("14-fargate-rounding", "bill", "2026-10-01..2026-10-02", "--cluster", "prod")
    # 0.3 vCPU and 0.6 + 0.25 GiB make 0.5 vCPU and 1 GiB: 12 × 0.04048 + 24 × 0.004445.
    assert drivers(found) == {"report": 0.59}
    assert not any("not delivered" in note for note in found["notes"])
    assert found["info"]["provisional_from"] is None
