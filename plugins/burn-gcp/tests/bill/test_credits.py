"""What Google grants by itself, and the credits' classes, on a bill of a known sum."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from burn_gcp.bill.charges.classes import component
from tests.e2e.lab_run import found
from tests.lab.gcp import write_gcp
from tests.lab.gcp_run import gcp_report
from tests.lab.gcp_sample import gcp_shop
from tests.lab.ledger import charge


def credited(path: Path) -> dict[str, float]:
    out: dict[str, float] = {}
    for row in pq.read_table(next(path.iterdir()), columns=["credits"]).to_pylist():
        for one in row["credits"]:
            out[one["type"]] = out.get(one["type"], 0.0) + one["amount"]
    return out


def test_sustained_use_and_free_tier_are_drivers(tmp_path: Path) -> None:
    world = gcp_shop()
    bill = write_gcp(charge(world), tmp_path, daily=True, google=True)
    got = gcp_report(world, bill, price_list="off")
    rows, want = found(got), credited(bill)
    assert abs(got.totals.residual) < 0.005
    assert rows["accounting", "credit"] == pytest.approx(want["PROMOTION"])
    assert rows["rate", "free_tier"] == pytest.approx(want["FREE_TIER"])
    outside = got.ledger[got.ledger["group"] == "outside"]["amount"].sum()
    assert rows["rate", "sustained_use"] <= 0
    assert rows["rate", "sustained_use"] >= want["SUSTAINED_USAGE_DISCOUNT"]
    assert outside > 0


def test_usage_spot_and_fees_are_of_one_component() -> None:
    import pandas as pd

    skus = pd.Series(
        [
            "N2 Instance Core running in Iowa",
            "N2 Custom Instance Core running in Iowa",
            "Spot Preemptible N2 Instance Core running in Iowa",
            "Commitment v1: N2 Cpu in Iowa for 1 Year",
        ]
    )
    assert component(skus).tolist() == ["n2 core"] * 4
    assert component(pd.Series(["N1 Predefined Instance Ram running in Americas"])).tolist() == [
        "ram"
    ]
