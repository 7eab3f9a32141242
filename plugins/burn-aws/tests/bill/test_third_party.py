"""Bills other tools wrote: totals by line type tie out with the files' own sums."""

from __future__ import annotations

import csv
import gzip
import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from burn.api import Bill, Window
from burn.api.bills.engine.duck import DuckDbEngine
from burn.api.bills.files.scratch import Scratch
from burn_aws.bill.read import read_bill
from burn_aws.scope import AwsScope

CASES = Path(os.environ.get("BURN_CASES", Path(__file__).parents[5] / "shared" / "cases"))
NISE = CASES / "aws" / "nise" / "2026-10-cur-legacy.csv.gz"
SAMPLE = CASES / "focus" / "focus_1_0_sample.csv.gz"
pytestmark = pytest.mark.skipif(not CASES.exists(), reason="no third-party cases here")


def lines(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", newline="") as file:
        yield from csv.DictReader(file)


def read(path: Path, window: Window, keys: list[str]) -> Bill:
    engine = DuckDbEngine(Scratch())
    return read_bill(engine.open([path], [path.name]), AwsScope(), window, keys)


def test_nise_ties_out_by_line_type() -> None:
    billed: dict[str, Decimal] = defaultdict(Decimal)
    counted: Counter[str] = Counter()
    for line in lines(NISE):
        kind = line["lineItem/LineItemType"]
        billed[kind] += Decimal(line["lineItem/UnblendedCost"] or 0)
        counted[kind] += 1
    found = read(NISE, Window.month(2026, 10), ["i-0a1b2c3d455555555"])
    by_kind = found.rows.groupby("x_charge_kind")
    assert by_kind["x_lines"].sum().to_dict() == dict(counted)
    for kind, amount in billed.items():
        assert by_kind["billed_cost"].sum()[kind] == pytest.approx(float(amount), abs=1e-6)
    assert found.control.lines == sum(counted.values())
    assert abs(found.control.billed - sum(billed.values())) < Decimal("0.000001")


def test_nise_node_under_a_savings_plan() -> None:
    """0.096 on demand and list, 0.045 under the plan, every hour of 30 days."""
    rows = read(NISE, Window.month(2026, 10), ["i-0a1b2c3d455555555"]).rows
    node = rows[rows["resource_key"] == "i-0a1b2c3d455555555"]
    assert node["quantity"].sum() == 720
    sums = node[["list_cost", "x_public_cost", "effective_cost", "billed_cost"]].sum()
    assert sums.tolist() == pytest.approx([69.12, 32.4, 32.4, 69.12], abs=1e-9)


def test_focus_sample_ties_out() -> None:
    """AWS's rows of a file with four clouds in it, without AWS's own columns."""
    aws = [line for line in lines(SAMPLE) if line["ProviderName"] == "AWS"]
    found = read(SAMPLE, Window.month(2024, 9), [])
    for cost in ("BilledCost", "EffectiveCost", "ListCost"):
        expected = sum(Decimal(line[cost]) for line in aws)
        name = {"BilledCost": "billed", "EffectiveCost": "effective", "ListCost": "list"}[cost]
        plain = found.rows[~found.rows["x_cost_class"].isin(["credit", "tax", "refund"])]
        if len(plain) == len(found.rows) or name == "billed":
            total = found.rows[f"{name}_cost"].sum()
            assert total == pytest.approx(float(expected), abs=1e-9)
    assert found.control.lines == len(aws)
    assert found.rows["x_lines"].sum() == len(aws)
