"""Tags that say what a disk or a public IP is used by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.lab import azure_line

GROUP = "/subscriptions/S/resourceGroups/MC_shop_prod_eastus/providers"
DISK = f"{GROUP}/Microsoft.Compute/disks"
ADDRESS = f"{GROUP}/Microsoft.Network/publicIPAddresses"
BALANCER = f"{GROUP}/Microsoft.Network/loadBalancers"
VOLUME = {"kubernetes.io-created-for-pv-name": "pvc-1"}
CLAIM = VOLUME | {
    "kubernetes.io-created-for-pvc-name": "data",
    "kubernetes.io-created-for-pvc-namespace": "shop",
}
CASES = [
    (f"{DISK}/a", VOLUME, "PersistentVolume/pvc-1"),
    (f"{DISK}/b", CLAIM, "PersistentVolumeClaim/shop/data"),
    (f"{DISK}/c", {"team": "shop"}, ""),
    (f"{ADDRESS}/a", {"k8s-azure-service": "shop/web"}, "Service/shop/web"),
    (f"{ADDRESS}/b", {"k8s-azure-service": "shop/a,shop/b"}, "Service/*/*"),
    (f"{ADDRESS}/c", {"service": "shop/web"}, "Service/shop/web"),
    (f"{BALANCER}/kubernetes", {}, "Node/*"),
    (f"{BALANCER}/second", {}, "Node/*"),
    (f"{BALANCER}/kubernetes-internal", {}, ""),
]


@pytest.mark.parametrize("brackets", ["{}", ""])
def test_tags_say_what_a_resource_is_used_by(tmp_path: Path, brackets: str) -> None:
    lines = [
        {
            "Date": "2026-10-05",
            "SubscriptionId": "S",
            "ResourceId": resource,
            "BillingCurrency": "USD",
            "MeterCategory": "Storage" if "disks" in resource else "Virtual Network",
            "MeterSubCategory": "",
            "MeterName": "P10 LRS Disk"
            if "disks" in resource
            else "Standard IPv4 Static Public IP",
            "ResourceLocation": "eastus",
            "UnitOfMeasure": "1/Month",
            "Quantity": "0.03",
            "EffectivePrice": "20",
            "CostInBillingCurrency": "0.6",
            "ChargeType": "Usage",
            "PricingModel": "OnDemand",
            "ReservationId": "",
            "BenefitId": "",
            "PublisherType": "Azure",
            "Tags": json.dumps(tags) if brackets else json.dumps(tags).strip("{}"),
        }
        for resource, tags, _ in CASES
    ]
    rows = azure_line.read(tmp_path, lines, node_resource_groups=(azure_line.NODES_GROUP,)).rows
    said = rows.set_index("resource_key")["x_tied_to"].to_dict()
    assert said == {resource.lower(): tied for resource, _, tied in CASES}
