"""What clouds list for a plan: types whose sizes and prices their vendors publish."""

from __future__ import annotations

import pytest

from burn.api import Machine
from burn.planning.families import family
from burn.validation.machines import machines_of
from burn_aws.hooks import burn_billing_providers as aws
from burn_azure.hooks import burn_billing_providers as azure
from burn_gcp.hooks import burn_billing_providers as gcp
from tests.lab.chosen import chosen

PUBLISHED = {
    # vCPUs, GiB, USD an hour: us-east-1, us-central1, eastus; Linux.
    "m6i.2xlarge": (8, 32, 0.384),
    "c5.4xlarge": (16, 32, 0.68),
    "r6g.large": (2, 16, 0.1008),
    "m7a.8xlarge": (32, 128, 1.85472),
    "n2-standard-8": (8, 32, 0.388472),
    "e2-highmem-4": (4, 32, 0.18078),
    "c2d-highcpu-16": (16, 32, 0.59969),
    "n1-highcpu-8": (8, 7.2, 0.283396),
    "Standard_D4s_v5": (4, 16, 0.192),
    "Standard_E8s_v4": (8, 64, 0.504),
    "Standard_F16s_v2": (16, 32, 0.677),
}
UNLIKE = (
    ("m6i.large", "m6id.large"),
    ("m6i.large", "m7i-flex.large"),
    ("n2-standard-4", "e2-standard-4"),
    ("Standard_D4s_v5", "Standard_D4s_v3"),
)


@pytest.fixture(scope="module")
def listed() -> dict[str, Machine]:
    providers = [chosen(offered()[0]) for offered in (aws, gcp, azure)]
    return {one.name: one for provider in providers for one in machines_of(provider)}


def test_sizes_and_prices_are_the_published_ones(listed: dict[str, Machine]) -> None:
    for name, (cores, gib, hourly) in PUBLISHED.items():
        one = listed[name]
        assert (one.cores, one.gib) == pytest.approx((cores, gib)), name
        assert one.hourly == pytest.approx(hourly, rel=0.01), name
        assert "fallback (20" in one.source


def test_what_differs_in_more_than_size_takes_no_ones_place(listed: dict[str, Machine]) -> None:
    for one, other in UNLIKE:
        assert listed[one].like != listed[other].like
    assert listed["m6g.large"].arch == listed["Standard_D4ps_v5"].arch == "arm64"
    assert not {"t3.large", "g5.xlarge", "c5n.large", "n1-standard-1"} & set(listed)
    # One price a core in a family is what a rate that was paid is applied by.
    by: dict[str, set[float]] = {}
    for one in listed.values():
        by.setdefault(family(one.name), set()).add(round(one.hourly / one.cores, 6))
    assert {name: rates for name, rates in by.items() if len(rates) > 1} == {}
