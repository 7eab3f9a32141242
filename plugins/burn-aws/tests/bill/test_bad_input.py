"""Bills that are not what they must be: each has one clear message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from burn.api import Bill, DataError
from burn_aws.bill.lines.formats import detect

CUR = [
    *("line_item_line_item_type", "line_item_usage_start_date", "line_item_usage_end_date"),
    *("bill_billing_period_start_date", "line_item_usage_account_id", "line_item_product_code"),
    *("line_item_usage_type", "line_item_resource_id", "line_item_usage_amount"),
    *("line_item_currency_code", "line_item_unblended_cost"),
]
FOCUS = [
    *("ChargeCategory", "ChargePeriodStart", "ChargePeriodEnd", "BillingPeriodStart"),
    *("SubAccountId", "ResourceId", "PricingQuantity", "BillingCurrency", "BilledCost"),
    *("EffectiveCost", "ListCost", "ServiceName"),
]


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        (CUR, "legacy CUR"),
        ([*CUR, "resource_tags"], "CUR 2.0"),
        ([*CUR, "product", "billing_period"], "CUR 2.0"),
        ([*CUR, "resource_tags_user_name", "year", "month"], "legacy CUR"),
        (FOCUS, "FOCUS 1.0"),
        ([*FOCUS, "InvoiceId", "PricingCurrency", "x_Discounts"], "FOCUS 1.2"),
    ],
)
def test_formats_are_told_by_columns(columns: Sequence[str], name: str) -> None:
    assert detect(columns).name == name


def test_missing_columns_are_named_with_the_nearest() -> None:
    columns = [c for c in CUR if c != "line_item_resource_id"] + ["line_item_resource_ids"]
    with pytest.raises(DataError, match=r"legacy CUR but lacks `line_item_resource_id`") as error:
        detect(columns)
    assert "nearest: `line_item_resource_ids`" in error.value.message


def test_a_table_that_is_no_bill() -> None:
    with pytest.raises(DataError, match="lacks"):
        detect(["name", "age"])


def test_mixed_currencies(bill: Callable[..., Bill], form: str) -> None:
    lines: list[dict[str, Any]] = [{}, {"line_item_currency_code": "CNY"}]
    with pytest.raises(DataError, match="several currencies: CNY, USD"):
        bill(lines, form=form)


def test_commitment_lines_without_their_cost(bill: Callable[..., Bill], form: str) -> None:
    with pytest.raises(DataError, match="1 lines of 2026-10 are covered by a commitment"):
        bill([{"line_item_line_item_type": "DiscountedUsage"}], form=form)


def test_a_month_read_twice(bill: Callable[..., Bill], form: str) -> None:
    """Two versions of October: the newer has one more instance and other line ids."""
    month = [
        {
            "line_item_resource_id": f"i-{n}",
            "line_item_usage_start_date": datetime.fromisoformat("2026-10-01T00:00:00"),
            "line_item_unblended_cost": 0.096,
        }
        for n in range(15)
    ]
    assert bill(month, form=form).control.lines == 15
    with pytest.raises(DataError, match="the same lines twice: 15 of 31 lines"):
        bill([*month, *month, {**month[0], "line_item_resource_id": "i-99"}], form=form)


def test_truncated_parquet(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from burn.api.bills.engine.duck import DuckDbEngine
    from burn.api.bills.files.scratch import Scratch

    path = tmp_path / "month.parquet"
    pq.write_table(pa.table({name: ["x"] * 500 for name in CUR}), path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DataError, match="truncated"):
        DuckDbEngine(Scratch()).open([path], ["month"])
