"""Values that lines lack: refused where none can be read without, else said, with what it costs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from burn.api import Bill, DataError, Window
from burn.api.bills.engine.duck import DuckDbEngine
from burn.api.bills.files.scratch import Scratch
from burn_aws.bill.lines.layouts import recognise
from burn_aws.bill.read import read_bill
from burn_aws.scope import AwsScope

PROD = AwsScope(cluster="prod")
OWNED = {"kubernetes.io/cluster/prod": "owned"}
PLAN = {
    "line_item_line_item_type": "SavingsPlanRecurringFee",
    "savings_plan_savings_plan_a_r_n": "arn:aws:savingsplans::0:savingsplan/a",
    "savings_plan_total_commitment_to_date": 2.0,
    "savings_plan_used_commitment": 1.5,
}
RESERVED = {
    "line_item_line_item_type": "DiscountedUsage",
    "line_item_net_unblended_cost": 0.0,
    "pricing_public_on_demand_cost": 0.096,
    "reservation_reservation_a_r_n": "arn:aws:ec2:us-east-2:0:reserved-instances/r",
    "reservation_effective_cost": 0.05,
    "reservation_net_effective_cost": 0.04,
}


def about(bill: Bill, column: str) -> list[str]:
    return [note for note in bill.notes if f"`{column}`" in note]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (PLAN, "savings_plan_savings_plan_a_r_n"),
        (PLAN, "savings_plan_used_commitment"),
        (RESERVED, "reservation_reservation_a_r_n"),
        (RESERVED, "reservation_net_effective_cost"),
        (RESERVED, "pricing_public_on_demand_cost"),
        ({"bill_billing_entity": "AWS"}, "bill_billing_entity"),
        (
            {
                "line_item_unblended_cost": 1.0,
                "line_item_net_unblended_cost": 0.9,
                "discount_total_discount": -0.1,
            },
            "line_item_net_unblended_cost",
        ),
    ],
)
def test_a_value_that_a_figure_needs(
    bill: Callable[..., Bill], line: dict[str, Any], column: str
) -> None:
    assert about(bill([line, line]), column) == []
    notes = about(bill([line, line | {column: None}]), column)
    assert notes
    assert all("1 " in note for note in notes)


@pytest.mark.parametrize(
    "column", ["line_item_line_item_type", "line_item_usage_amount", "line_item_product_code"]
)
def test_a_value_that_no_line_can_be_read_without(
    bill: Callable[..., Bill], form: str, column: str
) -> None:
    with pytest.raises(DataError, match=f"`{column}` is empty on 1 of the"):
        bill([{}, {column: None}], form=form)


def test_usage_without_the_resource_that_its_kind_names(bill: Callable[..., Bill]) -> None:
    """Data transfer never names one here: that is as AWS has it."""
    node = {"line_item_unblended_cost": 0.5}
    traffic = {
        "line_item_unblended_cost": 2.0,
        "line_item_usage_type": "USE2-DataTransfer-Out-Bytes",
        "line_item_resource_id": "",
    }
    assert about(bill([node, traffic]), "line_item_resource_id") == []
    (note,) = about(
        bill([node, node | {"line_item_resource_id": ""}, traffic]), "line_item_resource_id"
    )
    assert "names no resource on 1 usage lines (0.50)" in note
    odd = node | {"line_item_resource_id": "n/a?"}
    assert about(bill([node, odd, traffic]), "line_item_resource_id") == [note]
    assert "USE2-BoxUsage:m5.large" in note


def test_a_tag_that_some_lines_of_a_resource_lack(bill: Callable[..., Bill], form: str) -> None:
    disk = {
        "line_item_resource_id": "vol-1",
        "line_item_usage_type": "USE2-EBS:VolumeUsage.gp3",
        "line_item_unblended_cost": 0.25,
    }
    other = disk | {"line_item_resource_id": "vol-2"}
    tagged = disk | {"tags": OWNED}
    assert not [n for n in bill([tagged, other], form=form, scope=PROD).notes if "tag" in n]
    (note,) = [n for n in bill([tagged, disk, other], form=form, scope=PROD).notes if "tag" in n]
    assert note.startswith("1 lines (0.25) lack the cluster's tag")
    (note,) = [n for n in bill([disk, other], form=form, scope=PROD).notes if "tag" in n]
    assert "no line has a tag that names the cluster" in note


def test_nodes_without_the_tag_that_others_have(bill: Callable[..., Bill]) -> None:
    disk = {
        "line_item_resource_id": "vol-1",
        "line_item_usage_type": "USE2-EBS:VolumeUsage.gp3",
        "line_item_unblended_cost": 0.25,
        "tags": OWNED,
    }
    bare = {
        "line_item_usage_type": "USE2-BoxUsage:m5.large",
        "line_item_resource_id": "i-0001",
        "line_item_usage_amount": 1.0,
        "line_item_unblended_cost": 0.5,
    }
    tagged = bare | {"line_item_resource_id": "i-0002", "tags": OWNED}

    def said(*lines: dict[str, Any]) -> list[str]:
        found = bill(lines, scope=PROD, keys=["i-0001", "i-0002"]).notes
        return [note for note in found if "tag" in note]

    assert said(disk, tagged, tagged | {"line_item_resource_id": "i-0001"}) == []
    assert said(tagged) == []  # all that has the tag is in the metrics, too
    (note,) = said(bare)
    assert note.startswith("no line has a tag that names the cluster")
    (note,) = said(disk, tagged, bare)
    assert note.startswith("1 of 2 nodes have no tag of the cluster on the bill")
    eks = {"tags": {"aws:eks:cluster-name": "prod"}}
    (note,) = said(disk | eks, tagged | eks)
    assert note.startswith("no line of the cluster has `kubernetes.io/cluster/prod`")


def test_a_column_that_one_file_of_a_month_lacks(tmp_path: Path, bill: Callable[..., Bill]) -> None:
    bill([{"product_region": "us-east-2", "line_item_unblended_cost": 1.0}])
    whole = pq.read_table(tmp_path / "cur2.parquet")
    pq.write_table(whole, tmp_path / "a.parquet")
    later = pa.array(["i-0002"])
    at = whole.column_names.index("line_item_resource_id")
    part = whole.set_column(at, "line_item_resource_id", later).drop_columns(["product_region"])
    pq.write_table(part, tmp_path / "b.parquet")
    paths = [tmp_path / name for name in ("a.parquet", "b.parquet")]
    source = DuckDbEngine(Scratch()).open(paths, ["two"], recognise)
    notes = read_bill(source, AwsScope(), Window.month(2026, 10), []).notes
    assert (
        "b.parquet lacks `product_region`, which other files of 2026-10 have: its lines are read"
        " without" in notes
    )
