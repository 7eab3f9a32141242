"""FOCUS exports: AWS settles the costs itself, burn takes them over row by row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from burn.api import Bill, Window
from burn.api.bills.engine.duck import DuckDbEngine
from burn.api.bills.files.scratch import Scratch
from burn_aws.bill.lines.layouts import recognise
from burn_aws.bill.read import read_bill
from burn_aws.scope import AwsScope

SP = "arn:aws:savingsplans::012345678901:savingsplan/sp-1"
DEFAULTS: dict[str, Any] = {
    "ChargeCategory": "Usage",
    "ChargeClass": None,
    "ChargePeriodStart": datetime.fromisoformat("2026-10-05T03:00:00"),
    "ChargePeriodEnd": datetime.fromisoformat("2026-10-05T04:00:00"),
    "BillingPeriodStart": datetime.fromisoformat("2026-10-01"),
    "SubAccountId": "012345678901",
    "ServiceName": "Amazon Elastic Compute Cloud",
    "ResourceId": "i-0001",
    "PricingQuantity": 1.0,
    "PricingUnit": "Hours",
    "PricingCategory": "Standard",
    "BillingCurrency": "USD",
    "CommitmentDiscountId": None,
    "CommitmentDiscountStatus": None,
    "ProviderName": "AWS",
    "PublisherName": "Amazon Web Services, Inc.",
    "InvoiceIssuerName": "Amazon Web Services, Inc.",
    "RegionId": "us-east-2",
    "Tags": [],
    "x_ServiceCode": "AmazonEC2",
    "x_UsageType": "USE2-BoxUsage:m5.large",
    "x_Operation": "RunInstances",
}
# name → row, then class, category, pricing, list, public, contracted, effective, billed
COSTS = ("ListCost", "ContractedCost", "EffectiveCost", "BilledCost")
CASES: dict[str, tuple[dict[str, Any], tuple[float, ...], tuple[Any, ...]]] = {
    "on demand": (
        {},
        (1.00, 0.96, 0.92, 0.92),
        ("node", "Usage", "Standard", 1.00, 1.00, 0.96, 0.92, 0.92),
    ),
    "spot": (
        {"PricingCategory": "Dynamic", "x_UsageType": "USE2-SpotUsage:m5.large"},
        (1.00, 1.00, 0.31, 0.31),
        ("node", "Usage", "Dynamic", 1.00, 0.31, 1.00, 0.31, 0.31),
    ),
    "covered": (
        {
            "PricingCategory": "Committed",
            "CommitmentDiscountId": SP,
            "CommitmentDiscountStatus": "Used",
        },
        (1.00, 1.00, 0.72, 0.00),
        ("node", "Usage", "Committed", 1.00, 0.72, 1.00, 0.72, 0.00),
    ),
    "unused": (
        {
            "PricingCategory": "Committed",
            "CommitmentDiscountId": SP,
            "CommitmentDiscountStatus": "Unused",
            "ResourceId": None,
        },
        (0.0, 0.0, 0.10, 0.00),
        ("unused_commitment", "Usage", "Committed", 0.0, 0.10, 0.0, 0.10, 0.00),
    ),
    "purchase of a commitment": (
        {"ChargeCategory": "Purchase", "CommitmentDiscountId": SP, "ResourceId": None},
        (0.5, 0.5, 0.0, 0.5),
        ("commitment_fee", "Purchase", "Standard", 0.5, 0.5, 0.5, 0.0, 0.5),
    ),
    "tax": (
        {"ChargeCategory": "Tax", "ResourceId": None, "PricingCategory": None},
        (3.0, 3.0, 3.0, 3.0),
        ("tax", "Tax", "", 3.0, 3.0, 3.0, 3.0, 3.0),
    ),
    "credit": (
        {"ChargeCategory": "Credit", "ResourceId": None, "PricingCategory": None},
        (-5.0, -5.0, -5.0, -5.0),
        ("credit", "Credit", "", -5.0, -5.0, -5.0, -5.0, -5.0),
    ),
    "correction": (
        {"ChargeClass": "Correction"},
        (-2.0, -2.0, -2.0, -2.0),
        ("refund", "Usage", "", -2.0, -2.0, -2.0, -2.0, -2.0),
    ),
    "support": (
        {"x_ServiceCode": "AWSSupportBusiness", "ResourceId": None},
        (100.0, 100.0, 100.0, 100.0),
        ("support", "Usage", "", 100.0, 100.0, 100.0, 100.0, 100.0),
    ),
    "marketplace": (
        {"PublisherName": "Log Shipper Ltd", "ResourceId": None, "x_ServiceCode": "abc"},
        (7.0, 7.0, 7.0, 7.0),
        ("marketplace", "Usage", "", 7.0, 7.0, 7.0, 7.0, 7.0),
    ),
    "a category to come": (
        {"ChargeCategory": "Bonus"},
        (1.0, 1.0, 1.0, -1.0),
        ("unknown", "Adjustment", "", -1.0, -1.0, -1.0, -1.0, -1.0),
    ),
}


@pytest.fixture
def focus(tmp_path: Path, duck: Callable[..., Any]) -> Callable[..., Bill]:
    def read(rows: list[dict[str, Any]], **scope: Any) -> Bill:
        full = [{**DEFAULTS, **dict.fromkeys(COSTS, 0.0), **row} for row in rows]
        columns = {name: pa.array([row[name] for row in full]) for name in full[0]}
        tags = [list(row["Tags"]) for row in full]
        columns["Tags"] = pa.array(tags, pa.map_(pa.string(), pa.string()))
        pq.write_table(pa.table(columns), tmp_path / "focus.parquet")
        source = duck(f"read_parquet('{tmp_path}/focus.parquet')")
        return read_bill(source, AwsScope(**scope), Window.month(2026, 10), ["i-0001"])

    return read


@pytest.mark.parametrize("name", CASES)
def test_row(focus: Callable[..., Bill], name: str) -> None:
    row, costs, expected = CASES[name]
    (found,) = focus([{**row, **dict(zip(COSTS, costs, strict=True))}]).rows.to_dict("records")
    kinds = (found["x_cost_class"], found["charge_category"], found["pricing_category"])
    names = ("list_cost", "x_public_cost", "contracted_cost", "effective_cost", "billed_cost")
    assert kinds == expected[:3]
    assert [found[cost] for cost in names] == pytest.approx(expected[3:], abs=1e-12)


def test_quantity_and_tags(focus: Callable[..., Bill]) -> None:
    """2 GB-months over October: 1,488 GiB-hours, on a tagged volume made for a claim."""
    volume = {
        "ResourceId": "vol-1",
        "x_UsageType": "USE2-EBS:VolumeUsage.gp3",
        "PricingQuantity": 2.0,
        "PricingUnit": "GB-Mo",
        "Tags": [("user:eks:cluster-name", "prod"), ("user:CSIVolumeName", "pvc-1")],
    }
    (row,) = focus([volume], cluster="prod").rows.to_dict("records")
    found = (row["x_cost_class"], row["match_method"], row["quantity"])
    assert found == ("volume", "cluster tag", 1488)


def test_other_clouds_in_the_file_are_left_out(focus: Callable[..., Bill]) -> None:
    found = focus([{"BilledCost": 1.0}, {"BilledCost": 9.0, "ProviderName": "Microsoft"}])
    assert (found.control.lines, float(found.control.billed)) == (1, 1.0)


def test_what_a_column_says_nowhere_or_in_words_of_its_own(
    focus: Callable[..., Bill], tmp_path: Path
) -> None:
    """No refund is a correction, so all are credits; an unknown category is no spot usage."""
    odd = {"PricingCategory": "n/a?", "EffectiveCost": 0.5}
    credit = {"ChargeCategory": "Credit", "ResourceId": None, "BilledCost": -1.0}
    corrected = credit | {"ChargeClass": "Correction"}

    def said(rows: list[dict[str, Any]], column: str) -> list[str]:
        focus(rows)
        source = DuckDbEngine(Scratch()).open([tmp_path / "focus.parquet"], ["focus"], recognise)
        notes = read_bill(source, AwsScope(), Window.month(2026, 10), ["i-0001"]).notes
        return [note for note in notes if f"`{column}`" in note]

    assert said([{"EffectiveCost": 0.5}], "PricingCategory") == []
    (note,) = said([{"EffectiveCost": 0.5}, odd], "PricingCategory")
    assert "a value that FOCUS does not define on 1 of the usage lines" in note
    assert said([credit, corrected], "ChargeClass") == []
    (note,) = said([credit, {"EffectiveCost": 0.5}], "ChargeClass")
    assert "is empty on 1 of the credits" in note
