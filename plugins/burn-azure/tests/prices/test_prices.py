"""Retail prices over HTTP, the labelled fallback, and what has no price."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from burn.api import AccessError, DataError, ListedRequest, SoldMachine, schemas
from burn_azure.client.retail import RetailPrices
from burn_azure.prices.fallback import SOURCE
from burn_azure.prices.frame import price_frame
from burn_azure.prices.unpriced import unpriced
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from tests.servers.azure import azure

RG = "/subscriptions/S/resourceGroups/MC_a_b_eastus/providers/Microsoft.Compute"
DAY = pd.Timestamp("2026-10-01", tz="UTC")


def inventory(**facts: Any) -> Any:
    blank = {c.name: "" for c in schemas.INVENTORY.columns if c.kind == "string"}
    blank |= {c.name: 0.0 for c in schemas.INVENTORY.columns if c.kind == "float"}
    row = blank | {"asset_id": "x", "day": DAY, "hours": 24.0, "region": "eastus"} | facts
    return schemas.INVENTORY.validate(pd.DataFrame([row]), author="test")


def node(size: str, **more: Any) -> Any:
    arm = f"azure://{RG}/virtualMachineScaleSets/aks-a-1-vmss/virtualMachines/0"
    return inventory(kind="node", provider_id=arm, instance_type=size, **more)


def disk(gib: float, storage_class: str) -> Any:
    handle = f"{RG}/disks/pvc-1"
    return inventory(
        kind="volume", provider_id=handle, instance_type=storage_class, storage_gib=gib
    )


def test_a_virtual_node_is_no_machine_and_has_no_price() -> None:
    """Its pods are container instances, on the bill by what they ask for."""
    found = price_frame(unpriced(inventory(kind="node", name="virtual-node-aci-linux")))
    assert found[["list_cost", "price_source"]].to_numpy().tolist() == [
        [0.0, "none: not priced by asset"]
    ]
    with pytest.raises(DataError, match="is no Azure VM"):
        price_frame(unpriced(inventory(kind="node", name="kind-worker")))


def test_lists_say_what_spot_and_commitments_cost() -> None:
    """D4s v5 at 0.192: reservations at 0.6 and 0.4 of it for all their hours, plans at 0.7 and 0.5."""
    asked = [
        SoldMachine("Standard_D4s_v5", "eastus", 0.0),
        SoldMachine("Standard_No", "eastus", 0.0),
    ]
    request = ListedRequest(machines=asked, currency="USD", day=date(2026, 11, 26))
    with azure() as fake:
        provider = AzureProvider(AzureSettings(retail_url=fake.retail))
        rows = provider.listed(request).rows
        assert provider.listed(request).rows.equals(rows)
        assert (
            len(fake.calls) == 4
        )  # usual prices on two pages, reservations; usual ones of the other
    assert set(rows["machine"]) == {"Standard_D4s_v5"}
    assert set(rows["source"]) == {"Azure retail prices, 2026-11-26"}
    found = rows.fillna({"months": 0}).set_index(["covers", "months", "upfront"])["rate"] / 0.192
    assert found.to_dict() == pytest.approx(
        {
            ("spot", 0, ""): 1 / 3,
            ("any", 12, "none"): 0.7,
            ("any", 36, "none"): 0.5,
            ("family", 12, "none"): 0.6,
            ("family", 36, "none"): 0.4,
        }
    )
    off = AzureProvider(AzureSettings(price_list="off", retail_url="http://127.0.0.1:9/api"))
    assert off.listed(request).rows.empty
    with pytest.raises(AccessError, match="cannot be reached"):
        AzureProvider(AzureSettings(retail_url="http://127.0.0.1:9/api")).listed(request)


def test_the_plain_linux_price_is_found_over_pages() -> None:
    with azure() as fake:
        retail = RetailPrices(fake.retail, "USD")
        assert retail.price("vm", "Standard_D4s_v5", "eastus", "linux") == 0.192
        assert retail.price("vm", "Standard_D4s_v5", "eastus", "windows") == 0.384
        assert len(fake.calls) == 2  # two pages, asked once
        assert retail.price("vm", "Standard_Nope", "eastus", "linux") is None
        assert retail.price("disk", "P10", "eastus", "linux") == 10.0
        assert retail.price("balancer", "", "eastus", "linux") == 0.0225  # listed under Global
        found = price_frame(unpriced(node("Standard_D4s_v5")), retail=retail.price)
    assert found["price_source"].tolist() == ["price list"]
    assert found["list_cost"].tolist() == pytest.approx([24 * 0.192])


@pytest.mark.parametrize(
    ("gib", "storage_class", "product", "unit"),
    [
        (100, "managed-csi-premium", "P10", "hours"),
        (129, "managed-premium", "P15", "hours"),
        (4, "managed-csi", "E1", "hours"),
        (128, "azuredisk-hdd", "S10", "hours"),
        (100, "premium-v2", "premium", "GiB-hours"),
        (100, "ultra-disk", "ultra", "GiB-hours"),
    ],
)
def test_a_disk_pays_for_its_tier_or_its_size(
    gib: float, storage_class: str, product: str, unit: str
) -> None:
    found = unpriced(disk(gib, storage_class)).iloc[0]
    assert (found["product"], found["unit"]) == (product, unit)
    assert found["quantity"] == (24 if unit == "hours" else 24 * gib)


@pytest.mark.parametrize(
    ("asset", "cost"),
    [
        (node("Standard_D8s_v5"), 24 * 8 * 0.048),
        (node("Standard_E4as_v5"), 24 * 4 * 0.0565),
        (disk(100, "managed-csi-premium"), 24 * 19.71 / 744),
    ],
)
def test_the_fallback_is_by_family_and_labelled(asset: Any, cost: float) -> None:
    found = price_frame(unpriced(asset))
    assert found["price_source"].tolist() == [SOURCE]
    assert found["list_cost"].tolist() == pytest.approx([cost])


def test_an_api_out_of_reach_is_said_in_the_label() -> None:
    retail = RetailPrices("http://127.0.0.1:9/api", "USD")
    found = price_frame(unpriced(node("Standard_D8s_v5")), retail=retail.price)
    assert "retail prices out of reach" in found["price_source"].iloc[0]
    with pytest.raises(AccessError, match="cannot be reached"):
        retail.check()


@pytest.mark.parametrize(
    ("asset", "currency"),
    [
        (node("Standard_NC24ads_A100_v4"), "USD"),
        (node("Standard_D4ads_v5"), "USD"),
        (node("Standard_B2s"), "USD"),
        (node("Standard_D8s_v5", os="windows"), "USD"),
        (node("Standard_D8s_v5"), "EUR"),
        (inventory(kind="node", provider_id="kind://x", instance_type="m"), "USD"),
    ],
)
def test_what_has_no_price_is_an_error(asset: Any, currency: str) -> None:
    with pytest.raises(DataError, match=r"no price|no Azure VM"):
        price_frame(unpriced(asset), currency=currency)


def test_file_shares_cost_nothing_by_asset() -> None:
    found = price_frame(
        unpriced(inventory(kind="volume", provider_id="mc#account#share#", storage_gib=5.0))
    )
    assert found["list_cost"].tolist() == [0]
    assert found["price_source"].iloc[0].startswith("none")
