"""The shipped prices against prices of single sizes that AWS published (us-east-1, Linux)."""

from __future__ import annotations

import pytest

from burn_aws.prices.fallback import SOURCE, fallback, size_factor, table
from burn_aws.prices.unpriced import unpriced
from tests.servers.aws_inventory import inventory, node

PUBLISHED = {
    "t3.nano": 0.0052,
    "t3.small": 0.0208,
    "t3a.2xlarge": 0.3008,
    "t4g.micro": 0.0084,
    "m5.24xlarge": 4.608,
    "m6g.medium": 0.0385,
    "m6i.32xlarge": 6.144,
    "m7i.48xlarge": 9.6768,
    "m7g.16xlarge": 2.6112,
    "m8g.xlarge": 0.17952,
    "c5.9xlarge": 1.53,
    "c6a.48xlarge": 7.344,
    "c7g.medium": 0.0363,
    "c7i-flex.2xlarge": 0.33915,
    "r5b.12xlarge": 3.576,
    "r6i.8xlarge": 2.016,
    "r7a.xlarge": 0.3043,
    "i3en.3xlarge": 1.356,
    "i4i.large": 0.172,
}
GPUS = {
    "g5.xlarge": (1, 1.006),
    "g5.16xlarge": (1, 4.096),
    "g5.48xlarge": (8, 16.288),
    "g6.4xlarge": (1, 1.3232),
    "g6.24xlarge": (4, 6.6752),
    "g6e.12xlarge": (4, 10.49264),
    "g5g.16xlarge": (2, 2.744),
    "g4dn.xlarge": (1, 0.526),
    "g4dn.12xlarge": (4, 3.912),
    "g4dn.16xlarge": (1, 4.352),
}


def price(instance_type: str, gpus: int = 0, system: str = "linux") -> float:
    asset = node("aws:///us-east-1a/i-1", instance_type, gpu_count=float(gpus), os=system)
    frame = fallback(unpriced(inventory(asset))).frame
    assert set(frame["source"].dropna()) <= {SOURCE}
    return float(frame["price"].iloc[0])


@pytest.mark.parametrize("instance_type", sorted(PUBLISHED))
def test_sizes_follow_from_the_family(instance_type: str) -> None:
    assert price(instance_type) == pytest.approx(PUBLISHED[instance_type], rel=0.01)


@pytest.mark.parametrize("instance_type", sorted(GPUS))
def test_devices_come_on_top(instance_type: str) -> None:
    gpus, published = GPUS[instance_type]
    assert price(instance_type, gpus) == pytest.approx(published, rel=0.001)


def test_windows_adds_its_licence() -> None:
    assert price("m5.large", system="windows") == pytest.approx(0.188)


@pytest.mark.parametrize(
    "instance_type", ["m5.metal", "p5.48xlarge", "m5.", "large", "", "m99.large"]
)
def test_what_is_not_listed_has_no_price(instance_type: str) -> None:
    found = price(instance_type)
    assert found != found, "NaN, never a guess"


def test_factors_are_the_documented_ones() -> None:
    documented = {"nano": 0.25, "small": 1, "large": 4, "xlarge": 8, "9xlarge": 72, "48xlarge": 384}
    assert {size: size_factor(size) for size in documented} == documented
    assert size_factor("metal-24xl") is None


def test_the_table_is_clean() -> None:
    rates = table()
    assert rates.index.is_unique
    assert (rates["rate"] > 0).all()
