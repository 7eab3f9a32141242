"""A run that names no cluster reads the name off its nodes, or says what it cannot know."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import burn_aws
from burn.api import Bill, BillRequest, IdentifyRequest, LinesRequest, Scope, Window
from burn.snapshot import read_days
from burn_aws.bill.cluster.name import named
from burn_aws.provider import AwsProvider
from burn_aws.scope import AwsScope
from burn_aws.settings import AwsSettings

SAMPLE = Path(burn_aws.__file__).parent / "sample"
MONTH = Window.month(2026, 10)


def bill(scope: Scope, provider: AwsProvider) -> Bill:
    inventory = read_days(SAMPLE / "metrics", None, next(iter(MONTH.days()))).inventory
    return provider.bill(
        BillRequest(
            scope=scope,
            window=MONTH,
            identities=provider.identify(IdentifyRequest(inventory=inventory)),
        )
    )


@pytest.fixture
def provider() -> AwsProvider:
    return AwsProvider(AwsSettings(bill=str(SAMPLE / "bill"), price_list="off"))


def test_the_name_on_the_nodes_is_taken_and_said(provider: AwsProvider) -> None:
    told, unsaid = bill(Scope(cluster="shop-prod"), provider), bill(Scope(), provider)
    assert unsaid.rows.equals(told.rows)
    assert "cluster tag" in set(unsaid.rows["match_method"])
    assert [n for n in unsaid.notes if "`shop-prod` is what its nodes' tags say" in n]
    assert not [n for n in told.notes if "cluster" in n]


def test_a_wrong_name_is_not_corrected(provider: AwsProvider) -> None:
    assert set(bill(Scope(cluster="shop"), provider).rows["match_method"]) == {"resource id", ""}


def test_nothing_is_guessed_from_no_tag_or_two() -> None:
    nobody, note = named(AwsScope(), [])
    assert nobody.cluster is None
    assert "--cluster" in note
    several, note = named(AwsScope(), ["blue", "green"])
    assert several.cluster is None
    assert "blue, green" in note


def test_lines_of_some_usage_types_only(provider: AwsProvider) -> None:
    rows = bill(Scope(cluster="shop-prod"), provider).rows
    moved = rows[(rows["x_cost_class"] == "data_transfer") & rows["in_cluster"]]
    key, sku = moved["resource_key"].iloc[0], moved["sku"].iloc[0]

    def types(skus: list[str]) -> set[str]:
        found = provider.lines(
            LinesRequest(
                scope=Scope(cluster="shop-prod"), window=MONTH, subjects=[key], skus=skus, limit=500
            )
        )
        return set(found["line_item_usage_type"])

    assert types([sku]) == {sku}
    assert types([]) > {sku}


PROD = AwsScope(cluster="prod")


def test_a_cluster_of_the_same_name_elsewhere_is_another_one(
    bill: Callable[..., Bill], form: str
) -> None:
    """Tags hold the name alone: 0.10 of node and 0.10 of control plane are ours, 0.22 the other's."""
    arn = "arn:aws:eks:{}:012345678901:cluster/prod"
    tags = {"kubernetes.io/cluster/prod": "owned"}
    there = {"product_region_code": "eu-west-1"}

    def plane(region: str) -> dict[str, Any]:
        return {
            "line_item_product_code": "AmazonEKS",
            "line_item_usage_type": "AmazonEKS-Hours:perCluster",
            "line_item_resource_id": arn.format(region),
            "line_item_unblended_cost": 0.10,
            "product_region_code": region,
        }

    mine = {"line_item_unblended_cost": 0.10, "tags": tags}
    theirs = {
        "line_item_resource_id": "i-0002",
        "line_item_unblended_cost": 0.12,
        "tags": tags,
        **there,
    }
    lines = [mine, plane("us-east-2"), theirs, plane("eu-west-1")]
    found = bill(lines, form=form, scope=PROD, keys=["i-0001"])
    inside = found.rows[found.rows["in_cluster"]]
    assert inside["effective_cost"].sum() == pytest.approx(0.20)
    assert found.rows["effective_cost"].sum() == pytest.approx(0.42)
    (said,) = (note for note in found.notes if "several places" in note)
    assert "in 012345678901/eu-west-1 it is outside (0.22)" in said
    # The other of kops: 0.12 of a machine and 0.03 of its disk; a local zone is of its region.
    disk = {"line_item_resource_id": "vol-2", "line_item_usage_type": "EBS:VolumeUsage.gp3"}
    disk = theirs | disk | {"line_item_unblended_cost": 0.03}
    near = mine | {"line_item_resource_id": "i-0003", "product_region_code": "us-east-2-chi-1"}
    kops = bill([mine, near, theirs, disk], form=form, scope=PROD, keys=["i-0001"])
    inside = kops.rows[kops.rows["in_cluster"]]
    assert inside["effective_cost"].sum() == pytest.approx(0.20)
    assert any("eu-west-1 it is outside (0.15)" in note for note in kops.notes)
    meant = AwsScope(cluster="prod", cluster_tags=("kubernetes.io/cluster/prod=owned",))
    stated = bill([mine, near, theirs, disk], form=form, scope=meant, keys=["i-0001"])
    assert stated.rows.loc[stated.rows["in_cluster"], "effective_cost"].sum() == pytest.approx(0.35)
    # No node that the metrics show is on the bill: which one is meant, nobody can tell.
    blind = bill(lines, form=form, scope=PROD, keys=[])
    assert blind.rows.loc[blind.rows["in_cluster"], "effective_cost"].sum() == pytest.approx(0.42)
    assert any("added up" in note for note in blind.notes)


def test_a_balancer_of_the_same_name_elsewhere_is_another_one(bill: Callable[..., Bill]) -> None:
    """Its hostname has no id: of two called `edge` (0.54 and 0.60), it is the one beside the node."""
    arn = "arn:aws:elasticloadbalancing:{}:012345678901:loadbalancer/app/edge/{}"

    def balancer(region: str, number: int, cost: float) -> dict[str, Any]:
        return {
            "line_item_product_code": "AWSELB",
            "line_item_usage_type": "USE2-LoadBalancerUsage",
            "line_item_resource_id": arn.format(region, number),
            "line_item_unblended_cost": cost,
            "product_region_code": region,
        }

    lines = [
        {"line_item_unblended_cost": 0.10},
        balancer("us-east-2", 1, 0.54),
        balancer("eu-west-1", 2, 0.60),
    ]
    found = bill(lines, keys=["i-0001", "loadbalancer/app/edge"])
    inside = found.rows[found.rows["in_cluster"]]
    assert inside["effective_cost"].sum() == pytest.approx(0.64)
    assert any(
        "are outside (0.60): loadbalancer/app/edge in 012345678901/eu-west-1" in note
        for note in found.notes
    )
