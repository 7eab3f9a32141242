"""docs/reference/aws-bill.md names every line type, class and tag the code knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from burn_aws.bill.charges.classes import USAGES
from burn_aws.bill.charges.costs import RULES
from burn_aws.bill.cluster.match import BY_ARN, BY_ID, BY_TAG, CLUSTER_TAGS

PAGE = (Path(__file__).parents[4] / "docs/reference/aws-bill.md").read_text()


@pytest.mark.parametrize("kind", RULES)
def test_line_types(kind: str) -> None:
    assert f"\n| {kind}" in PAGE


@pytest.mark.parametrize("name", sorted({usage.name for usage in USAGES}))
def test_classes(name: str) -> None:
    assert f"\n| `{name}` |" in PAGE


@pytest.mark.parametrize("word", [*CLUSTER_TAGS, BY_ID, BY_ARN, BY_TAG])
def test_what_makes_a_line_the_clusters(word: str) -> None:
    assert word in PAGE
