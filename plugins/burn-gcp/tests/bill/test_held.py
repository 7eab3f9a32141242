"""What fees and consumption models say of commitments by their names."""

from __future__ import annotations

import pandas as pd

from burn_gcp.bill.charges.classes import described
from burn_gcp.bill.charges.commitments import pools
from burn_gcp.bill.charges.held import held


def said(*lines: tuple[str, str]) -> pd.DataFrame:
    """Of SKUs and consumption models."""
    skus = pd.DataFrame(lines, columns=["sku", "model"]).assign(service="Compute Engine")
    rows = skus.merge(described(skus[["service", "sku"]].drop_duplicates()), on=["service", "sku"])
    rows = rows.assign(
        is_fee=rows["cost_class"] == "unused_commitment",
        region="us-central1",
        dollar_name="",
        credit_committed=0.0,
        credit_dollar=0.0,
    )
    return held(pools(rows), author="test").set_index("commitment_discount_id")


def test_families_terms_and_flexible_ones_by_their_names() -> None:
    usage = "N2 Instance Core running in Iowa"
    found = said(
        ("Commitment v1: N2D AMD Cpu in Iowa for 1 Year", "Default"),
        ("Commitment v1: N2D AMD Ram in Iowa for 1 Year", "Default"),
        ("Commitment v1: N2 Cpu in Iowa for 1 Year", "Default"),
        ("Commitment v1: N2 Cpu in Iowa for 3 Year", "Default"),
        ("Commitment v1: Cpu in Iowa for 3 Year", "Default"),
        ("Commitment v1: Compute optimized Cpu in Iowa for 1 Year", "Default"),
        ("Commitment v1: Nvidia L4 GPU in Iowa for 1 Year", "Default"),
        (usage, "Compute Flexible CUD - 3 Years"),
        (usage, "Default"),
    )
    told = found[["bound", "family", "region"]].agg("/".join, axis="columns")
    where = "us-central1"
    assert told.to_dict() == {
        f"n2d amd core/{where}": f"family/n2d/{where}",
        f"n2d amd ram/{where}": f"family/n2d/{where}",
        f"n2 core/{where}": f"family/n2/{where}",
        f"core/{where}": f"family/n1/{where}",
        f"compute optimized core/{where}": f"family/c2/{where}",
        f"l4 gpu/{where}": "//",
        "spend/compute flexible": "any//",
    }
    months = found["months"]
    assert months[f"n2d amd core/{where}"] == 12
    assert months["spend/compute flexible"] == 36
    assert pd.isna(months[f"n2 core/{where}"]), "two terms are none"
    assert found["end"].isna().all(), "no export of usage has one"


def test_the_terms_of_one_pool_agree_whatever_they_are_called() -> None:
    fee = "Commitment - dollar based v1: GCE for 1 year"
    found = said(
        (fee, "Default"), ("N2 Instance Core running in Iowa", "Compute Flexible CUD - 1 Year")
    )
    assert found["months"].tolist() == [12.0]


def test_a_bill_without_commitments_says_nothing() -> None:
    assert said(("N2 Instance Core running in Iowa", "Default")).empty
