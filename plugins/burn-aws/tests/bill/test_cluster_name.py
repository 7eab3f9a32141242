"""A run that names no cluster reads the name off its nodes, or says what it cannot know."""

from __future__ import annotations

from pathlib import Path

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
