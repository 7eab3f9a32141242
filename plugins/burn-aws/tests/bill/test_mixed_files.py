"""Files of one place that differ in their columns: read right, or refused by name; so the doctor.

Each file holds one instance hour or two; the right sums are in the tests.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from burn.api import Bill, Check, CheckRequest, DataError, IdentityFrame, Scope, Window, schemas
from burn.validation.rows_accounted import require_accounted
from burn_aws.client.session import AwsSession
from burn_aws.provider import AwsProvider
from burn_aws.reader import BillReader
from burn_aws.settings import AwsSettings

Line = dict[str, Any]
OCTOBER = Window.month(2026, 10)
SECTIONS = ("line_item", "bill", "product")


def at(month: int, day_and_hour: str) -> datetime:
    return datetime.fromisoformat(f"2026-{month:02}-{day_and_hour}")


def cur(cost: float | None = 1.0, month: int = 10, **more: Any) -> Line:
    return {
        "bill_billing_period_start_date": at(month, "01T00"),
        "line_item_usage_account_id": "012345678901",
        "line_item_line_item_type": "Usage",
        "line_item_product_code": "AmazonEC2",
        "line_item_usage_type": "BoxUsage:m5.large",
        "line_item_resource_id": f"i-{month}",
        "line_item_usage_amount": 1.0,
        "line_item_currency_code": "USD",
        "line_item_unblended_cost": cost,
        "line_item_usage_start_date": at(month, "05T03"),
        "line_item_usage_end_date": at(month, "05T04"),
        **more,
    }


def focus(cost: float | None = 1.0, month: int = 10, **more: Any) -> Line:
    return {
        "BillingPeriodStart": at(month, "01T00"),
        "SubAccountId": "012345678901",
        "ChargeCategory": "Usage",
        "ServiceName": "Amazon Elastic Compute Cloud",
        "ResourceId": "i-1",
        "PricingQuantity": 1.0,
        "BillingCurrency": "USD",
        **dict.fromkeys(("BilledCost", "EffectiveCost", "ListCost"), cost),
        "ChargePeriodStart": at(month, "05T03"),
        "ChargePeriodEnd": at(month, "05T04"),
        **more,
    }


def parquet(path: Path, *lines: Line) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(list(lines)), path)


def text(path: Path, *lines: Line) -> None:
    """A legacy CSV: `lineItem/UnblendedCost`, dates with T and Z."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([legacy(name) for name in lines[0]])
        writer.writerows([cell(value) for value in line.values()] for line in lines)


def legacy(name: str) -> str:
    section = next((s for s in SECTIONS if name.startswith(f"{s}_")), None)
    if section is None:
        return name
    first, *others = section.split("_")
    words = name.removeprefix(f"{section}_").split("_")
    return f"{first}{''.join(map(str.title, others))}/{''.join(map(str.title, words))}"


def cell(value: Any) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else str(value or "")


def read(folder: Path, window: Window = OCTOBER) -> Bill:
    """As a run reads it, with the check that a run makes."""
    settings = AwsSettings(bill=str(folder), price_list="off", describe=False)
    bill = BillReader(settings, AwsSession(settings)).bill(Scope(), window, nobody())
    require_accounted(bill.control, "burn-aws")
    assert [check.detail for check in checks(folder) if not check.ok] == []
    return bill


def checks(folder: Path) -> list[Check]:
    settings = AwsSettings(bill=str(folder), price_list="off", describe=False)
    return list(AwsProvider(settings).check(CheckRequest()))


def nobody() -> IdentityFrame:
    """No asset."""
    columns = {column.name: pd.Series(dtype="str") for column in schemas.IDENTITY.columns}
    return schemas.IDENTITY.validate(pd.DataFrame(columns), author="test")


def billed(bill: Bill) -> float:
    assert bill.rows["billed_cost"].sum() == pytest.approx(float(bill.control.billed))
    return round(float(bill.control.billed), 6)


def refused(folder: Path, *words: str) -> None:
    with pytest.raises(DataError) as error:
        read(folder)
    for word in words:
        assert re.search(re.escape(word), error.value.message), error.value.message
    assert error.value.message in [check.detail for check in checks(folder) if not check.ok]


def without(line: Mapping[str, Any], *names: str) -> Line:
    return {name: value for name, value in line.items() if name not in names}


COST = "line_item_unblended_cost"


def test_a_required_column_is_required_of_each_file(tmp_path: Path) -> None:
    parquet(tmp_path / "a.parquet", cur())
    parquet(tmp_path / "b.parquet", without(cur(2.0), COST))
    refused(tmp_path, "b.parquet", f"lacks `{COST}`")


def test_a_legacy_month_beside_a_parquet_month(tmp_path: Path) -> None:
    """September's spelling does not decide October's."""
    text(tmp_path / "09" / "a.csv", cur(7.0, month=9))
    parquet(tmp_path / "10" / "b.parquet", cur(2.5))
    bill = read(tmp_path)
    assert billed(bill) == 2.5
    fates = {(one.file, one.fate, float(one.amount)) for one in bill.control.accounted}
    assert fates == {("09/a.csv", "other period", 7.0), ("10/b.parquet", "window", 2.5)}


def test_halves_of_a_month_in_two_spellings(tmp_path: Path) -> None:
    parquet(tmp_path / "a.parquet", cur(1.25))
    parquet(tmp_path / "b.parquet", {legacy(name): value for name, value in cur(2.0).items()})
    assert billed(read(tmp_path)) == 3.25


def test_two_columns_for_one_fact(tmp_path: Path) -> None:
    parquet(tmp_path / "a.parquet", {**cur(3.0), "lineItem/UnblendedCost": 0.0})
    refused(tmp_path, "a.parquet", "`lineItem/UnblendedCost`", f"`{COST}`")


def test_csv_beside_parquet_of_one_month(tmp_path: Path) -> None:
    text(tmp_path / "a.csv", cur())
    parquet(tmp_path / "b.parquet", cur())
    refused(tmp_path, "2026-10", "a.csv", "b.parquet")


def test_cur_beside_focus(tmp_path: Path) -> None:
    parquet(tmp_path / "a.parquet", cur())
    parquet(tmp_path / "b.parquet", focus())
    refused(tmp_path, "a.parquet (legacy CUR)", "b.parquet (FOCUS 1.0)")


def test_focus_1_0_then_1_2(tmp_path: Path) -> None:
    parquet(tmp_path / "a.parquet", focus(4.0, month=9))
    parquet(tmp_path / "b.parquet", focus(1.5, InvoiceId="I-1", PricingCurrency="USD"))
    assert billed(read(tmp_path)) == 1.5


def test_cur_2_then_legacy_finds_tags_in_both(tmp_path: Path) -> None:
    """A map in one half, a column of the tag in the other; both lines are the cluster's."""
    tags = pa.map_(pa.string(), pa.string())
    key = "eks_cluster_name"
    newer = pa.Table.from_pylist([cur(1.0)]).append_column(
        "resource_tags", pa.array([[(f"aws_{key}", "prod")]], tags)
    )
    pq.write_table(newer, tmp_path / "a.parquet")
    parquet(tmp_path / "b.parquet", cur(2.0, **{f"resource_tags_aws_{key}": "prod"}))
    settings = AwsSettings(
        bill=str(tmp_path), price_list="off", describe=False, cluster_name="prod"
    )
    bill = BillReader(settings, AwsSession(settings)).bill(Scope(), OCTOBER, nobody())
    assert bill.rows.loc[bill.rows["in_cluster"], "billed_cost"].sum() == pytest.approx(3.0)


@pytest.mark.parametrize("kind", ["parquet", "csv"])
@pytest.mark.parametrize(
    ("column", "nothing"),
    [(COST, None), ("line_item_usage_start_date", None), ("line_item_currency_code", "")],
)
def test_a_line_without_what_it_needs(tmp_path: Path, kind: str, column: str, nothing: Any) -> None:
    if kind == "parquet" and nothing == "":
        nothing = None
    lines = [cur(), cur(2.0, **{column: nothing}), cur(3.0, **{column: nothing})]
    if kind == "parquet":
        parquet(tmp_path / "a.parquet", *lines)
    else:
        text(tmp_path / "a.csv", *lines)
    own = column if kind == "parquet" else legacy(column)
    refused(tmp_path, f"a.{kind}", "2 lines have nothing", f"`{own}`")


def test_an_amount_that_is_no_number(tmp_path: Path) -> None:
    text(tmp_path / "a.csv", cur(), cur(**{COST: "n/a"}))
    refused(tmp_path, "a.csv", "1 line has `n/a`, which is no number", "`lineItem/UnblendedCost`")


def test_a_quantity_that_is_no_number(tmp_path: Path) -> None:
    text(tmp_path / "a.csv", cur(), cur(line_item_usage_amount="many"))
    words = ("a.csv", "1 line has `many`, which is no number", "`lineItem/UsageAmount`")
    refused(tmp_path, *words)


def test_a_pattern_in_a_name_is_a_name(tmp_path: Path) -> None:
    for name, cost in (("p1", 1.0), ("p2", 2.0), ("p[12]", 4.0), ("p*", 8.0), ("p?", 16.0)):
        parquet(tmp_path / f"{name}.parquet", cur(cost))
    assert billed(read(tmp_path)) == 31.0


def test_files_are_counted_one_by_one(tmp_path: Path) -> None:
    parquet(tmp_path / "a.parquet", cur(1.0), cur(0.5))
    parquet(tmp_path / "b.parquet", cur(2.0), cur(4.0, month=11))
    counted = [(o.file, o.month, o.rows, float(o.amount)) for o in read(tmp_path).control.files]
    assert counted == [
        ("a.parquet", "2026-10", 2, 1.5),
        ("b.parquet", "2026-10", 1, 2.0),
        ("b.parquet", "2026-11", 1, 4.0),
    ]


def test_decimals_beside_floats_and_text_keep_their_amounts(tmp_path: Path) -> None:
    """One month in floats, one in decimals, one in text: each type is read where it is."""
    parquet(tmp_path / "a.parquet", cur(0.1))
    exact = pa.Table.from_pylist([cur(0.2)])
    at = exact.schema.get_field_index(COST)
    exact = exact.set_column(at, COST, exact.column(at).cast(pa.decimal128(20, 10)))
    pq.write_table(exact, tmp_path / "b.parquet")
    text(tmp_path / "c.csv", cur(0.4, month=9))
    assert billed(read(tmp_path)) == 0.3
