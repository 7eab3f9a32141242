"""A resource with the cluster's tag on some of its lines; and another cluster's, with the same tag."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.lab import azure_line

BUS = "/subscriptions/S/resourceGroups/x/providers/Microsoft.ServiceBus/namespaces/bus"
LINE = {
    "Date": "2026-10-05",
    "SubscriptionId": "S",
    "ResourceId": BUS,
    "BillingCurrency": "USD",
    "MeterCategory": "Service Bus",
    "MeterSubCategory": "",
    "MeterName": "Standard Base Unit",
    "ResourceLocation": "eastus",
    "UnitOfMeasure": "1/Hour",
    "Quantity": "1",
    "EffectivePrice": "0.25",
    "CostInBillingCurrency": "0.25",
    "ChargeType": "Usage",
    "PricingModel": "OnDemand",
    "ReservationId": "",
    "BenefitId": "",
    "PublisherType": "Azure",
    "Tags": "",
}
TAGGED = LINE | {"Tags": '{"kubernetes-cluster-name": "shop"}', "MeterName": "Standard Messages"}
OTHER = LINE | {"ResourceId": BUS + "2"}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([TAGGED, OTHER], []),
        ([TAGGED, LINE, OTHER], ["1 lines (0.25) lack the cluster's tag"]),
        ([LINE, OTHER], []),
    ],
)
def test_lines_without_the_tag_that_others_have(
    tmp_path: Path, lines: list[dict[str, str]], told: list[str]
) -> None:
    notes = azure_line.read(tmp_path, lines, cluster="shop").notes
    assert [
        note[: len("1 lines (0.25) lack the cluster's tag")] for note in notes if "lack the" in note
    ] == told


def test_a_cluster_of_the_same_name_is_another_ones(tmp_path: Path) -> None:
    """The node costs 4 and its control plane 2; another `prod`, of group x, has a plane and a disk."""
    own = "/subscriptions/S/resourceGroups/MC_shop_prod_eastus/providers/Microsoft.Compute"
    node = f"{own}/virtualMachineScaleSets/aks-a-1-vmss"
    plane = "/subscriptions/S/resourceGroups/{}/providers/Microsoft.ContainerService/managedClusters/prod"
    disk = own.replace("shop", "x") + "/disks/pvc-1"
    tags = {"Tags": '{"aks-managed-cluster-name": "prod"}'}
    lines = [
        LINE | {"ResourceId": node, "MeterCategory": "Virtual Machines", **cost(4.0)},
        *(LINE | {"ResourceId": plane.format(group), **cost(2.0)} for group in ("shop", "x")),
        LINE | {"ResourceId": disk, "MeterCategory": "Storage", **cost(1.0), **tags},
        LINE | tags | cost(0.5),
    ]
    seen = pd.DataFrame(
        {"asset_id": ["node/a"], "resource_key": [node.lower()], "method": ["provider id"]}
    )
    rows = azure_line.read(tmp_path, lines, cluster="prod", identities=seen).rows
    inside = rows[rows["in_cluster"]].groupby("match_method")["billed_cost"].sum().to_dict()
    assert inside == {"resource id": 4.0, "managed cluster id": 2.0, "cluster tag": 0.5}


def cost(amount: float) -> dict[str, str]:
    return {"CostInBillingCurrency": str(amount), "EffectivePrice": str(amount)}
