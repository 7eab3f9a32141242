"""List prices: the shipped table against published machine prices, and the Catalog's look-alikes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest

from burn.api import ListedRequest, PriceRequest, Scope, SoldMachine, Window, schemas
from burn_gcp.bill.charges.classes import described
from burn_gcp.bill.charges.on_demand import Component, bill_rates
from burn_gcp.client.catalog import list_prices
from burn_gcp.client.session import GcpSession
from burn_gcp.prices.components import component_rates
from burn_gcp.prices.machines import GPUS, billed_size, component_of
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings
from tests.servers.gcp import Answer, serving

PUBLISHED = {
    ("n1-standard-4", 4, 15): 0.1900,
    ("n2-standard-2", 2, 8): 0.0971,
    ("n2d-standard-4", 4, 16): 0.1690,
    ("e2-standard-2", 2, 8): 0.0670,
    ("e2-medium", 2, 4): 0.0335,
    ("t2d-standard-1", 1, 4): 0.0422,
    ("c2-standard-60", 60, 240): 3.1321,
    ("c2d-standard-112", 112, 448): 5.0836,
    ("g2-standard-4", 4, 16): 0.1468 + 0.5600,
}
"""Machine type, vCPUs, GiB → dollars an hour in us-central1; see docs/reference/gcp-bill.md."""


@pytest.mark.parametrize(("machine", "hourly"), list(PUBLISHED.items()))
def test_the_table_adds_up_to_published_machine_prices(
    machine: tuple[str, int, int], hourly: float
) -> None:
    name, cores, gib = machine
    rate = component_rates(GcpSettings(price_list="off"))
    size = billed_size(pd.Series([name]), pd.Series([float(cores)]), pd.Series([float(gib)])).iloc[
        0
    ]
    family = pd.Series([size["family"]])
    total = 0.0
    for part, amount in (("core", size["cores"]), ("ram", size["gib"])):
        found = rate(Component(str(component_of(family, part)[0]), "us-central1"))
        assert found is not None
        total += found * amount
    if size["family"] == "g2":
        total += rate(Component(GPUS["g2"], "us-central1")) or 0.0
    assert total == pytest.approx(hourly, rel=1e-3, abs=6e-5)


def test_a_guess_by_the_other_nodes_cores_has_no_gpu_in_it() -> None:
    """The report without a bill says so of every node whose `gpu_rate` is 0."""
    window = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))
    nodes = pd.DataFrame(
        {
            "asset_id": ["node/a", "node/b"],
            "kind": "node",
            "day": window.start,
            "name": ["a", "b"],
            "provider_id": ["gce://p/us-central1-a/a", "gce://p/us-central1-a/b"],
            "region": "us-central1",
            "instance_type": ["n2-standard-2", "x9-highgpu-8g"],
            "cpu_cores": [2.0, 16.0],
            "memory_gib": [8.0, 128.0],
            "gpu_count": [0.0, 8.0],
            "hours": 24.0,
        }
    )
    inventory = schemas.INVENTORY.validate(schemas.INVENTORY.fill(nodes), author="test")
    request = PriceRequest(scope=Scope(), window=window, inventory=inventory)
    prices = GcpProvider(GcpSettings(price_list="off")).price(request)
    known, guessed = prices.itertuples()
    published = PUBLISHED["n2-standard-2", 2, 8]
    assert known.list_cost == pytest.approx(24 * published, rel=1e-3)
    assert guessed.list_cost == pytest.approx(24 * published / 2 * 16, rel=1e-3)
    assert guessed.price_source.startswith("fallback: mean core-hour")
    assert guessed.gpu_rate == 0


@pytest.mark.parametrize(
    ("machine", "component"),
    [
        ("n2-custom-4-16384", "custom n2 core"),
        ("n2-custom-4-65536-ext", "extended custom n2 core"),
        ("custom-2-7680", "custom core"),
        ("e2-custom-2-4096", "e2 core"),
        ("a2-ultragpu-1g", "a2 core"),
        ("m1-ultramem-40", "memory-optimized core"),
        ("m2-ultramem-208", "m2 core"),
        ("", " core"),
    ],
)
def test_a_type_is_of_its_own_component_or_of_none_that_has_a_price(
    machine: str, component: str
) -> None:
    size = billed_size(pd.Series([machine]), pd.Series([4.0]), pd.Series([15.5]))
    assert component_of(size["family"], "core").tolist() == [component]


def look_alikes(method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> Answer:
    """SKUs of one component, the dearer ones first."""
    names = {
        "N2 Custom Extended Instance Ram running in Iowa": 9550,
        "N2 Custom Instance Ram running in Iowa": 4449,
        "N2 Instance Ram running in Iowa": 4237,
        "Memory Optimized Upgrade Premium for Memory-optimized Instance Core running in Iowa": 10,
    }
    skus = [
        {
            "description": name,
            "category": {"usageType": "OnDemand"},
            "serviceRegions": ["us-central1"],
            "pricingInfo": [
                {
                    "pricingExpression": {
                        "tieredRates": [{"unitPrice": {"units": "0", "nanos": rate * 1000}}]
                    }
                }
            ],
        }
        for name, rate in names.items()
    ]
    return 200, {"skus": skus if "6F81-5844-456A" in path else []}


def test_custom_and_extended_skus_are_not_taken_for_the_plain_ones() -> None:
    with serving(look_alikes) as url:
        found = list_prices(GcpSession(GcpSettings(endpoint_url=url)), "USD")
    prices = {one.name: rate for one, rate in found["OnDemand"].items()}
    assert prices["n2 ram"] == pytest.approx(0.004237)
    assert prices["custom n2 ram"] == pytest.approx(0.004449)
    assert prices["extended custom n2 ram"] == pytest.approx(0.009550)
    assert "memory-optimized core" not in prices


def ways(method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> Answer:
    """N2 in all ways, N1 on demand and as spot; a core of N2's commitment beside no memory of C2's."""
    listed = [
        ("N2 Instance Core running in Iowa", "OnDemand", 30),
        ("N2 Instance Ram running in Iowa", "OnDemand", 4),
        ("Spot Preemptible N2 Instance Core running in Iowa", "Preemptible", 10),
        ("Spot Preemptible N2 Instance Ram running in Iowa", "Preemptible", 1),
        ("Commitment v1: N2 Cpu in Iowa for 1 Year", "Commit1Yr", 20),
        ("Commitment v1: N2 Ram in Iowa for 1 Year", "Commit1Yr", 3),
        ("Commitment v1: N2 Cpu in Iowa for 3 Year", "Commit3Yr", 15),
        ("Commitment v1: N2 Ram in Iowa for 3 Year", "Commit3Yr", 2),
        ("Compute optimized Core running in Iowa", "OnDemand", 40),
        ("Compute optimized Ram running in Iowa", "OnDemand", 5),
        ("Commitment: Compute optimized Core running in Iowa for 1 Year", "Commit1Yr", 25),
        ("N2 Custom Instance Core running in Iowa", "OnDemand", 32),
        ("N2 Custom Instance Ram running in Iowa", "OnDemand", 5),
    ]
    skus = [
        {
            "description": name,
            "category": {"usageType": usage},
            "serviceRegions": ["us-central1"],
            "pricingInfo": [
                {
                    "pricingExpression": {
                        "tieredRates": [{"unitPrice": {"units": "0", "nanos": rate * 10**6}}]
                    }
                }
            ],
        }
        for name, usage, rate in listed
    ]
    return 200, {"skus": skus if "6F81-5844-456A" in path else []}


def test_the_catalog_says_what_spot_and_commitments_cost() -> None:
    """n2-standard-4 has 4 cores and 16 GiB; custom types have no commitment of their own, C2's memory none."""
    names = ("n2-standard-4", "n2-custom-4-16384", "c2-standard-4", "c3-standard-4-lssd", "odd")
    asked = [SoldMachine(name, "us-central1", 0.0) for name in names]
    asked.append(SoldMachine("n2-standard-4", "us-central1", 1.0))  # with a GPU
    request = ListedRequest(machines=asked, currency="USD", day=date(2026, 11, 26))
    with serving(ways) as url:
        rows = GcpProvider(GcpSettings(endpoint_url=url)).listed(request).rows
    found = rows.fillna({"months": 0}).set_index(["covers", "months", "upfront"])
    assert found["rate"].to_dict() == pytest.approx(
        {
            ("spot", 0, ""): 0.056,
            ("family", 12, "none"): 0.128,
            ("family", 36, "none"): 0.092,
        }
    )
    assert set(found["machine"]) == {"n2-standard-4"}
    assert found["on_demand"].tolist() == pytest.approx([0.184] * 3)
    assert set(found["source"]) == {"Google Cloud Billing Catalog, 2026-11-26"}
    assert GcpProvider(GcpSettings(price_list="off")).listed(request).rows.empty


def test_the_bill_teaches_custom_rates_apart() -> None:
    names = ["N2 Instance Core running in Iowa", "N2 Custom Instance Core running in Iowa"]
    rows = described(pd.DataFrame({"service": "Compute Engine", "sku": names}))
    rows = rows.assign(usage=10.0, list_cost=[0.31611, 0.33191], is_fee=False, region="r")
    assert bill_rates(rows).to_dict() == pytest.approx(
        {("n2 core", "r"): 0.031611, ("custom n2 core", "r"): 0.033191}
    )


def test_a_premium_is_no_core_hour() -> None:
    """M2's cores are billed twice, as M1's and as a premium: the hours count once."""
    names = [
        "Memory-optimized Instance Core running in Iowa",
        "Memory Optimized Upgrade Premium for Memory-optimized Instance Core running in Iowa",
    ]
    rows = described(pd.DataFrame({"service": "Compute Engine", "sku": names}))
    assert rows["cost_class"].tolist() == ["node", "node"]
    assert rows["part"].tolist() == ["core", ""]


def test_a_contracts_adjustment_is_accounting() -> None:
    sku = pd.DataFrame({"service": ["Invoice"], "sku": ["Contract billing adjustment"]})
    assert described(sku)["cost_class"].tolist() == ["adjustment"]
