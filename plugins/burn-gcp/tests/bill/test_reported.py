"""Reported situations give what their README says is right; the sums are worked out there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.gcp_reported import drivers, needs_cases, reported

pytestmark = needs_cases


@pytest.mark.parametrize(
    ("case", "cluster", "report"), [("24", 3.27, 4.54), ("25", 2.94, 4.66)], ids=["24", "25"]
)
def test_a_fee_in_another_project_is_what_its_usage_cost(
    tmp_path: Path, case: str, cluster: float, report: float
) -> None:
    """24: 0.72 per committed dollar of 4.5408; 25: as a run without `projects` says. No cash here."""
    found = reported(case, tmp_path, projects=("shop",))
    assert round(found.totals.cluster_effective, 2) == cluster
    told = drivers(found)
    assert told["report"] == report
    assert told["amortisation"] == -cluster
    assert float(found.control.billed) == 0
    assert not any("lacks the fee" in note for note in found.notes)


def test_26_a_spot_gpu_is_listed_as_one_on_demand(tmp_path: Path) -> None:
    """Both nodes 16.963 at list; the spot node was billed 6.797."""
    found = reported("26", tmp_path)
    assert found.prices["list_cost"].tolist() == pytest.approx([16.963, 16.963], abs=5e-4)
    assert drivers(found) == {"report": 33.93, "spot": -10.17}


def test_27_a_tpu_node_is_priced_by_its_own_line(tmp_path: Path) -> None:
    """4 chips for 24 hours at 2.70, beside a node of 4.5408."""
    found = reported("27", tmp_path)
    assert drivers(found) == {"report": 263.74}
    tpu = found.prices.loc[found.prices["unit"] == "device-hours"].iloc[0]
    assert (tpu["quantity"], tpu["unit_price"]) == (96.0, pytest.approx(2.70))


def test_38_a_bucket_is_no_disk_and_filestore_is_its_claims(tmp_path: Path) -> None:
    found = reported("38", tmp_path)
    assert drivers(found) == {"report": 4.54, "other": 5.29}
    assert any(
        note.startswith("4 volumes (pv-bucket, pv-nfs-0, pv-nfs-1, …)") for note in found.notes
    )
    owners = found.allocation[found.allocation["basis"] == "effective"]
    assert owners.loc[owners["namespace"] == "shop", "cost"].sum() == pytest.approx(5.285, abs=1e-3)
