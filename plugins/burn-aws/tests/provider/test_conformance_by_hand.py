"""The kit on a bill of seven lines, whose ledger a person can add up."""

from __future__ import annotations

import csv
import gzip
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from burn.api import Scope, Window, schemas
from burn.testing import NO_CREDENTIALS, BillingProviderConformance, ProviderCase, files_below
from burn_aws.provider import AwsProvider
from burn_aws.settings import AwsSettings

NODE = "i-0123456789abcdef0"
PLAN = "arn:aws:savingsplans::123456789012:savingsplan/00000000-0000-4000-8000-000000000000"
EC2, S3 = "AmazonEC2", "AmazonS3"
COLUMNS = (
    *("line_item_usage_start_date", "line_item_usage_end_date", "line_item_line_item_type"),
    *("line_item_product_code", "line_item_usage_type", "line_item_operation"),
    *("line_item_resource_id", "line_item_usage_amount", "line_item_unblended_cost"),
    *("pricing_public_on_demand_cost", "savings_plan_savings_plan_effective_cost"),
    *("savings_plan_savings_plan_a_r_n", "savings_plan_total_commitment_to_date"),
    *("savings_plan_used_commitment", "bill_billing_period_start_date"),
    *("line_item_usage_account_id", "line_item_currency_code", "bill_billing_entity"),
    *("resource_tags_user_kubernetes_io_cluster_shop",),
)


def line(
    day: int,
    kind: str,
    code: str,
    usage_type: str,
    amount: float,
    cash: float,
    *,
    resource: str = "",
    public: str = "",
    covered: str = "",
    plan: str = "",
    total: str = "",
    used: str = "",
) -> list[object]:
    """A whole day's line."""
    period = f"2026-10-{day:02} 00:00:00", f"2026-10-{day + 1:02} 00:00:00"
    what = (kind, code, usage_type, "RunInstances", resource, amount, cash, public, covered)
    rest = ("2026-10-01 00:00:00", "123456789012", "USD", "AWS", "owned" if resource else "")
    return [*period, *what, plan, total, used, *rest]


# The node: seen 20 h on the first day and 24 h on the second; billed 24 h on both at 0.10.
#   report     44 h × 0.10 = 4.40, the price as the bill teaches it
#   uptime     4 h × 0.10 = 0.40, billed and not seen
# On the second day a savings plan pays 1.68 for its 24 h instead of 2.40.
#   commitment 1.68 − 2.40 = −0.72
# 2.00 were committed, 1.68 of that used, all of it by the cluster.
#   unused_commitment 2.00 − 1.68 = 0.32
# Cash and amortised cost of the second day: (2.40 − 1.68) + (−2.40 − 0) + (2.00 − 0.32) = 0.
LINES = (
    line(1, "Usage", EC2, "BoxUsage:m5.large", 24, 2.40, resource=NODE, public="2.40"),
    line(
        2, "SavingsPlanCoveredUsage", EC2, "BoxUsage:m5.large", 24, 2.40,
        resource=NODE, public="2.40", covered="1.68", plan=PLAN,
    ),
    line(2, "SavingsPlanNegation", "ComputeSavingsPlans", "", 0, -2.40, plan=PLAN),
    line(
        2, "SavingsPlanRecurringFee", "ComputeSavingsPlans", "", 0, 2.00,
        plan=PLAN, total="2.00", used="1.68",
    ),
    line(1, "Usage", EC2, "DataTransfer-Out-Bytes", 5, 0.50, resource=NODE, public="0.50"),
    line(1, "Usage", S3, "TimedStorage-ByteHrs", 100, 3.00, public="3.00"),
    line(2, "Tax", EC2, "", 0, 0.70),
)  # fmt: skip
LEDGER = {
    "report": 4.40,
    "uptime": 0.40,
    "commitment": -0.72,
    "data_transfer": 0.50,
    "unused_commitment": 0.32,
    "outside": 3.00,
    "tax": 0.70,
}  # 8.60, as the invoice: 2.40 + 2.40 − 2.40 + 2.00 + 0.50 + 3.00 + 0.70


def inventory() -> pd.DataFrame:
    base = {
        "asset_id": f"node/aws:///us-east-1a/{NODE}", "kind": "node", "name": "node-1",
        "provider_id": f"aws:///us-east-1a/{NODE}", "cluster": "shop", "region": "us-east-1",
        "zone": "us-east-1a", "instance_type": "m5.large", "cpu_cores": 2.0, "memory_gib": 8.0,
        "cpu_allocatable": 2.0, "memory_allocatable": 8.0, "capacity_type": "on_demand",
    }  # fmt: skip
    days = [
        base | {"day": pd.Timestamp(f"2026-10-0{day}", tz="UTC"), "hours": hours}
        for day, hours in ((1, 20.0), (2, 24.0))
    ]
    frame = pd.DataFrame(days)
    for column in schemas.INVENTORY.columns:
        if column.name not in frame and not column.null:
            frame[column.name] = {"string": "", "bool": False}.get(column.kind, 0)
        elif column.name not in frame:
            frame[column.name] = None
    return frame


class TestByHand(BillingProviderConformance):
    plugin = "aws"
    about = "CUR, seven lines by hand"
    gaps = NO_CREDENTIALS

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> ProviderCase:
        folder = tmp_path_factory.mktemp("hand") / "bill"
        (folder / "BILLING_PERIOD=2026-10").mkdir(parents=True)
        with gzip.open(folder / "BILLING_PERIOD=2026-10/bill.csv.gz", "wt", newline="") as file:
            csv.writer(file).writerows([COLUMNS, *LINES])
        short = Path(shutil.copytree(folder, folder.parent / "short"))
        (file,) = short.rglob("*.gz")
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        mine = AwsSettings(bill=str(folder), price_list="off")
        return ProviderCase(
            provider=AwsProvider(mine),
            inventory=schemas.INVENTORY.validate(inventory(), author="hand"),
            window=Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 3, tzinfo=UTC)),
            scope=Scope(cluster="shop"),
            truncated=lambda: AwsProvider(replace(mine, bill=str(short))),
            files=files_below(folder),
            amount="line_item_unblended_cost",
            again=lambda: AwsProvider(mine),
            ledger=LEDGER,
        )
