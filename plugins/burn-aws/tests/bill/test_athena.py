"""The same text through Athena: parsed, translated back, executed, equal in every cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from burn.api import Bill, Window
from burn.api.bills.engine.source import Source
from burn.api.bills.queries.keyset import MAX_TEXT
from burn.api.bills.queries.span import months
from burn_aws.bill.lines.partitions import partition_predicate
from burn_aws.bill.lines.table import Table
from burn_aws.bill.lines.tags import Tags
from burn_aws.bill.query import bill_query
from burn_aws.scope import AwsScope

PROD = AwsScope(cluster="prod", cluster_resources=("nat-0a*",))
SP = "arn:aws:savingsplans::1:savingsplan/sp-1"
LB = "arn:aws:elasticloadbalancing:us-east-2:1:loadbalancer/app/web/50dc6c495c0c9188"


def world() -> list[dict[str, Any]]:
    """One of most things, in every way a line can be the cluster's."""
    node = {"line_item_unblended_cost": 0.1, "pricing_public_on_demand_cost": 0.12}
    disk = {"line_item_usage_type": "EBS:VolumeUsage.gp3", "line_item_unblended_cost": 0.03}
    tagged = {"eks:cluster-name": "prod", "Name": "a"}
    return [
        node,
        {**node, "line_item_resource_id": "i-0002", "tags": tagged},
        {
            **node,
            "line_item_resource_id": "i-0003",
            "tags": {"kubernetes.io/cluster/prod": "owned"},
        },
        {**node, "line_item_resource_id": "i-0004", "tags": {"team": "x"}},
        {**disk, "line_item_resource_id": "vol-1", "tags": tagged},
        {**disk, "line_item_resource_id": "vol-2", "tags": {**tagged, "CSIVolumeName": "pvc"}},
        {**disk, "line_item_resource_id": "vol-3", "tags": tagged},
        {"line_item_resource_id": LB, "line_item_product_code": "AWSELB"},
        {
            "line_item_resource_id": "arn:aws:ec2:r:1:natgateway/nat-0ab",
            "line_item_unblended_cost": 2.0,
        },
        {
            "line_item_line_item_type": "SavingsPlanCoveredUsage",
            "line_item_unblended_cost": 0.1,
            "savings_plan_savings_plan_effective_cost": 0.07,
            "savings_plan_savings_plan_a_r_n": SP,
        },
        {"line_item_line_item_type": "SavingsPlanNegation", "line_item_unblended_cost": -0.1},
        {"line_item_line_item_type": "EdpDiscount", "line_item_unblended_cost": -0.02},
        {"line_item_line_item_type": "Tax", "line_item_unblended_cost": 1.0},
    ]


KEYS = ["i-0001", "vol-3", "loadbalancer/app/web"]


def equal(one: Bill, other: Bill) -> None:
    pd.testing.assert_frame_equal(one.rows, other.rows)
    assert one.control == other.control
    assert one.notes == other.notes


@pytest.mark.parametrize("form", ["athena", "csv", "json"])
def test_formats_agree(bill: Callable[..., Bill], form: str) -> None:
    equal(bill(world(), scope=PROD, keys=KEYS), bill(world(), form=form, scope=PROD, keys=KEYS))


@pytest.mark.parametrize("form", ["cur2", "athena", "csv", "json"])
def test_athena_agrees(bill: Callable[..., Bill], form: str, athena: type[Any]) -> None:
    here = bill(world(), form=form, scope=PROD, keys=KEYS, node_disks=["vol-1"])
    there = bill(world(), form=form, scope=PROD, keys=KEYS, node_disks=["vol-1"], engine=athena)
    equal(here, there)


def test_more_keys_than_the_text_can_hold(bill: Callable[..., Bill], athena: type[Any]) -> None:
    many = [*KEYS, *(f"i-{n:017x}" for n in range(MAX_TEXT // 30))]
    here = bill(world(), scope=PROD, keys=many, node_disks=["vol-1"])
    there = bill(world(), scope=PROD, keys=many, node_disks=["vol-1"], engine=athena)
    equal(here, there)


def test_no_keys_at_all(bill: Callable[..., Bill], athena: type[Any]) -> None:
    equal(bill(world(), scope=PROD), bill(world(), scope=PROD, engine=athena))


def test_row_order_does_not_matter(bill: Callable[..., Bill]) -> None:
    equal(
        bill(world(), scope=PROD, keys=KEYS),
        bill(list(reversed(world())), scope=PROD, keys=KEYS),
    )


def test_months_reach_one_beyond_the_window() -> None:
    assert months(Window.month(2026, 10)) == ["2026-09", "2026-10", "2026-11"]
    year_end = Window.parse("2026-12-20..2027-01-03", now=Window.month(2026, 10).start)
    assert months(year_end) == ["2026-11", "2026-12", "2027-01", "2027-02"]


@pytest.mark.parametrize(
    ("partitions", "expected"),
    [
        (("billing_period",), "\"billing_period\" AS VARCHAR) IN ('2026-09', '2026-10'"),
        (("year", "month"), "\"month\" AS VARCHAR) IN ('09', '9')"),
        ((), "TRUE"),
    ],
)
def test_partition_predicate(
    source: Callable[..., Source], partitions: tuple[str, ...], expected: str
) -> None:
    made = source([{}])
    columns = {**made.columns, **dict.fromkeys(partitions, "varchar")}
    table = Table.of(Source(made.engine, made.relation, columns, partitions))
    found = partition_predicate(table, months(Window.month(2026, 10)))
    assert expected in found


def test_athena_text_never_indexes_a_map(source: Callable[..., Source]) -> None:
    """Athena fails on map['missing']; ELEMENT_AT gives NULL."""
    from burn.api.bills.engine.dialect import to_dialect

    tags = Tags(Table.of(source(world())))
    sql = to_dialect(bill_query(tags, PROD, Window.month(2026, 10), "burn_keys"), "athena")
    assert "ELEMENT_AT(tag_map," in sql
    assert "tag_map[" not in sql
