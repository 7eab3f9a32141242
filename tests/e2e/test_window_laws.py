"""Windows add up, and their invoices are the month's, whatever is charged once, late or elsewhere.

The samples' bills with three charges more, in each cloud's own terms: 100.00 for a year from
10 October; 12.00 for September, on October's invoice; 7.00 for October, on November's.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from burn.api import Bill, BillRequest, Scope, Window, schemas
from burn.validation.invoices import require_invoices
from burn.validation.rows_accounted import require_accounted
from burn_aws.provider import AwsProvider
from burn_aws.settings import AwsSettings
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings

PLUGINS = Path(__file__).parents[2] / "plugins"
OCTOBER = Window.month(2026, 10)
YEAR, LATE, NEXT = Decimal(100), Decimal(12), Decimal(7)


def at(month: int, day: int, hour: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


HALVES = (Window(at(10, 1), at(10, 14)), Window(at(10, 14), at(11, 1)))
Row = dict[str, Any]


def _aws(source: Path, target: Path) -> AwsProvider:
    (file,) = source.rglob("*.parquet")
    table = pq.ParquetFile(file).read()
    plain = next(r for r in table.to_pylist() if r["line_item_line_item_type"] == "Refund")

    def line(cost: Decimal, start: datetime, end: datetime, **named: Any) -> Row:
        money = {n: float(cost) for n in plain if n.endswith("_unblended_cost")}
        times = {"line_item_usage_start_date": start, "line_item_usage_end_date": end}
        return plain | money | times | {"identity_line_item_id": f"x{cost}"} | named

    fee = {"line_item_line_item_type": "SavingsPlanUpfrontFee", "bill_invoice_id": "INV-FEE"}
    later = {"bill_billing_period_start_date": at(11, 1), "bill_invoice_id": "INV-NEXT"}
    lines = [
        line(YEAR, at(10, 10), at(10, 10, year=2027), **fee),
        line(LATE, at(9, 30), at(9, 30, 1)),
        line(NEXT, at(10, 20), at(10, 20, 1), **later),
    ]
    _parquet(table, lines, target)
    return AwsProvider(AwsSettings(bill=str(target), price_list="off"))


def _gcp(source: Path, target: Path) -> GcpProvider:
    (file,) = source.rglob("*.parquet")
    table = pq.ParquetFile(file).read()
    plain = table.slice(0, 1).to_pylist()[0] | {
        "credits": [],
        "labels": [],
        "cost_type": "adjustment",
    }

    def line(cost: Decimal, start: datetime, end: datetime, month: str = "202610") -> Row:
        times = {"usage_start_time": start, "usage_end_time": end}
        return plain | times | {"cost": type(plain["cost"])(cost), "invoice": {"month": month}}

    lines = [
        line(YEAR, at(10, 10), at(10, 10, year=2027)),
        line(LATE, at(9, 30), at(9, 30, 1)),
        line(NEXT, at(10, 20), at(10, 20, 1), "202611"),
    ]
    _parquet(table, lines, target)
    return GcpProvider(GcpSettings(bill=str(target), price_list="off"))


def _azure(source: Path, target: Path) -> AzureProvider:
    def line(cost: Decimal, day: str, period: str, end: str = "", **named: str) -> Row:
        times = {"date": day, "servicePeriodStartDate": day, "servicePeriodEndDate": end or day}
        return (
            times | {"costInBillingCurrency": str(cost), "billingPeriodStartDate": period} | named
        )

    bought = {"chargeType": "Purchase", "frequency": "OneTime", "invoiceId": "T-FEE"}
    lines = [
        line(YEAR, "10/10/2026", "10/01/2026", "10/09/2027", **bought),
        line(LATE, "09/30/2026", "10/01/2026"),
        line(NEXT, "10/20/2026", "11/01/2026", invoiceId="T-NEXT"),
    ]
    for file in source.rglob("*.csv.gz"):
        frame = pd.read_csv(file, dtype=str, keep_default_na=False)
        extra = pd.DataFrame(
            [{**frame.iloc[0], "ResourceId": "", "tags": "", **one} for one in lines]
        )
        folder = target / file.relative_to(source).parts[0]
        folder.mkdir(parents=True)
        with gzip.open(folder / "part.csv.gz", "wt") as sink:
            pd.concat([frame, extra[frame.columns]]).to_csv(sink, index=False)
    return AzureProvider(AzureSettings(bill=str(target), price_list="off"))


def _parquet(table: pa.Table, lines: list[Row], target: Path) -> None:
    target.mkdir()
    more = pa.Table.from_pylist(lines, table.schema)
    pq.write_table(pa.concat_tables([table, more]), target / "bill.parquet")


MAKERS: dict[str, Callable[[Path, Path], Any]] = {"aws": _aws, "gcp": _gcp, "azure": _azure}
PLAIN = {
    "aws": lambda bill: AwsProvider(AwsSettings(bill=str(bill), price_list="off")),
    "gcp": lambda bill: GcpProvider(GcpSettings(bill=str(bill), price_list="off")),
    "azure": lambda bill: AzureProvider(AzureSettings(bill=str(bill), price_list="off")),
}


def read(provider: Any, window: Window) -> Bill:
    bill: Bill = provider.bill(
        BillRequest(
            scope=Scope(cluster="shop-prod"), window=window, identities=schemas.IDENTITY.empty()
        )
    )
    require_accounted(bill.control, "test")
    require_invoices(bill.control, "test")
    assert bill.rows["billed_cost"].sum() == pytest.approx(float(bill.control.billed), abs=0.001)
    return bill


def invoiced(bill: Bill) -> dict[str, Decimal]:
    """What the invoices of each month say."""
    sums: dict[str, Decimal] = {}
    for one in bill.control.invoices:
        sums[one.month] = sums.get(one.month, Decimal(0)) + one.amount
    return {month: amount.quantize(Decimal("0.0001")) for month, amount in sums.items()}


@pytest.mark.parametrize("cloud", MAKERS)
def test_what_is_charged_once_late_or_on_another_invoice(cloud: str, tmp_path: Path) -> None:
    source = PLUGINS / f"burn-{cloud}/burn_{cloud}/sample/bill"
    before, half = (read(PLAIN[cloud](source), window) for window in (OCTOBER, HALVES[0]))
    provider = MAKERS[cloud](source, tmp_path / "bill")
    whole, first, second = (read(provider, window) for window in (OCTOBER, *HALVES))
    # Windows add up, and the fee is in the half that holds the 10th.
    assert whole.control.billed == pytest.approx(before.control.billed + YEAR + NEXT)
    assert first.control.billed + second.control.billed == pytest.approx(whole.control.billed)
    assert first.control.billed == pytest.approx(half.control.billed + YEAR)
    # Each window walks to the same invoices.
    october = invoiced(before)["2026-10"] + YEAR + LATE
    assert invoiced(whole) == {"2026-10": october, "2026-11": NEXT}
    assert invoiced(first) == invoiced(second) == invoiced(whole)
    inside = {one.month: Decimal(0) for one in whole.control.invoices}
    for one in whole.control.invoices:
        inside[one.month] += one.inside
    assert inside["2026-11"] == NEXT
