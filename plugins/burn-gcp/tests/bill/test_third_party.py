"""A standard export that koku-nise wrote: totals tie out with plain sums over its CSV."""

from __future__ import annotations

import ast
import csv
import gzip
import os
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from burn.api import BillRequest, Scope, Window, schemas
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings

ROOT = Path(__file__).parents[4]
CASES = Path(os.environ.get("BURN_CASES", ROOT.parent / "shared/cases"))
BILL = CASES / "gcp/nise/2026-10-bigquery-standard.csv.gz"
pytestmark = pytest.mark.skipif(not BILL.exists(), reason="third-party cases are not here")


def sums() -> tuple[int, Decimal, dict[str, Decimal]]:
    count, total = 0, Decimal(0)
    services: dict[str, Decimal] = defaultdict(Decimal)
    with gzip.open(BILL, "rt", encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            if not "2026-10" <= row["usage_start_time"] < "2026-11":
                continue
            found = ast.literal_eval(row["credits"] or "[]")
            off = sum((Decimal(str(one["amount"])) for one in found if one), Decimal(0))
            amount = Decimal(row["cost"] or 0) + off
            count, total = count + 1, total + amount
            services[row["service.description"]] += amount
    return count, total, dict(services)


def test_totals_tie_out() -> None:
    count, total, services = sums()
    provider = GcpProvider(GcpSettings(bill=str(BILL), price_list="off"))
    bill = provider.bill(
        BillRequest(
            scope=Scope(cluster="none"),
            window=Window.month(2026, 10),
            identities=schemas.IDENTITY.empty(),
        )
    )
    assert bill.control.lines == count == bill.rows["x_lines"].sum()
    assert bill.control.billed == total
    assert bill.control.currency == "EUR"
    assert bill.rows["billed_cost"].sum() == pytest.approx(float(total), abs=1e-6)
    found = bill.rows.groupby("service_name")["billed_cost"].sum().to_dict()
    assert found == pytest.approx({name: float(cost) for name, cost in services.items()})
