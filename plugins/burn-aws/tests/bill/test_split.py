"""Split cost allocation data: pod lines beside the bill, never in a total."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from burn.api import Bill
from burn_aws.scope import AwsScope

POD = "arn:aws:eks:us-east-2:012345678901:pod/{}/{}/web-1/uid-1"


def pod(cluster: str, namespace: str, used: float, unused: float, **more: Any) -> dict[str, Any]:
    return {
        "line_item_product_code": "AmazonEKS",
        "line_item_operation": "EKSPod-EC2",
        "line_item_usage_type": "USE2-EKS-EC2-vCPU-Hours",
        "line_item_resource_id": POD.format(cluster, namespace),
        "split_line_item_parent_resource_id": "i-0001",
        "split_line_item_split_cost": used,
        "split_line_item_unused_cost": unused,
        "tags": {"aws:eks:cluster-name": cluster},
        **more,
    }


NODE = {"line_item_unblended_cost": 0.096}


def test_pod_lines_are_beside_the_bill(bill: Callable[..., Bill], form: str) -> None:
    lines = [
        NODE,
        pod("prod", "shop", 0.03, 0.01),
        pod("prod", "shop", 0.02, 0.0),
        pod("prod", "web", 0.016, 0.02),
        pod("dev", "shop", 5.0, 5.0),
    ]
    found = bill(lines, form=form, scope=AwsScope(cluster="prod"), keys=["i-0001"])
    assert (found.control.lines, float(found.control.billed)) == (1, 0.096)
    assert found.rows["resource_key"].tolist() == ["i-0001"]
    assert found.namespace_split is not None
    assert found.namespace_split.to_dict("list") == {
        "namespace": ["shop", "web"],
        "cost": [0.06, 0.036],
    }


def test_net_split_costs_go_first(bill: Callable[..., Bill], form: str) -> None:
    line = pod(
        "prod",
        "shop",
        0.03,
        0.01,
        split_line_item_net_split_cost=0.027,
        split_line_item_net_unused_cost=0.009,
    )
    found = bill([NODE, line], form=form, scope=AwsScope(cluster="prod"))
    assert found.namespace_split is not None
    assert found.namespace_split["cost"].tolist() == [0.036]


def test_no_split_no_frame(bill: Callable[..., Bill]) -> None:
    assert bill([NODE]).namespace_split is None
