"""A bill in several places: accounts are added, one account in two places is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from burn.api import BillRequest, DataError, Scope, UsageError, Window, schemas
from burn_aws.provider import AwsProvider
from burn_aws.settings import AwsSettings

DAY = Window.month(2026, 10)
HEADER = (
    "bill_billing_period_start_date,line_item_usage_account_id,line_item_line_item_type,"
    "line_item_product_code,line_item_usage_type,line_item_resource_id,line_item_usage_amount,"
    "line_item_currency_code,line_item_unblended_cost,line_item_usage_start_date,"
    "line_item_usage_end_date\n"
)


def place(folder: Path, account: str, cost: str, month: str = "2026-10") -> str:
    path = folder / f"BILLING_PERIOD={month}"
    path.mkdir(parents=True)
    line = (
        f"{month}-01T00:00:00Z,{account},Usage,AmazonEC2,BoxUsage:m5.large,i-{account},1,USD,"
        f"{cost},{month}-05T03:00:00Z,{month}-05T04:00:00Z\n"
    )
    (path / "cur.csv").write_text(HEADER + line)
    return str(folder)


def billed(bill: str | tuple[str, ...]) -> tuple[int, str]:
    provider = AwsProvider(AwsSettings(bill=bill, price_list="off"))
    control = provider.bill(
        BillRequest(scope=Scope(), window=DAY, identities=schemas.IDENTITY.empty())
    ).control
    return control.lines, f"{control.billed:.2f}"


def test_disjoint_accounts_are_added(tmp_path: Path) -> None:
    first, second = place(tmp_path / "a", "111", "1.25"), place(tmp_path / "b", "222", "2.50")
    assert billed((first, second)) == billed(f"{first}, {second}") == (2, "3.75")
    old = place(tmp_path / "c", "333", "9", "2025-01")
    assert billed((first, old)) == (1, "1.25")


def test_an_account_in_two_places_is_refused(tmp_path: Path) -> None:
    first, second = place(tmp_path / "a", "111", "1.25"), place(tmp_path / "b", "111", "2.50")
    with pytest.raises(DataError, match=r"111 in 2026-10 is in .*a and in .*b"):
        billed((first, second))


def test_a_table_is_read_alone(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="read alone"):
        billed(("athena://db/table", place(tmp_path / "a", "111", "1")))
