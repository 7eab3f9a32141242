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


@pytest.mark.parametrize(
    ("group", "planes"), [("MC_shop_prod_eastus", 2.0), ("nodes-of-prod", 4.0)]
)
def test_a_cluster_of_the_same_name_is_another_ones(
    tmp_path: Path, group: str, planes: float
) -> None:
    """The node costs 4 and its control plane 2; another `prod`, of group x, has a plane and a disk.

    A node group with a name of its own does not say whose it is, but it lies in the cluster's subscription:
    a third `prod`, of subscription T, has a plane, too.
    """
    own = f"/subscriptions/S/resourceGroups/{group}/providers/Microsoft.Compute"
    node = f"{own}/virtualMachineScaleSets/aks-a-1-vmss"
    plane = "/subscriptions/S/resourceGroups/{}/providers/Microsoft.ContainerService/managedClusters/prod"
    third = plane.format("shop").replace("/S/", "/T/")
    disk = own.replace(group, "MC_x_prod_eastus") + "/disks/pvc-1"
    tags = {"Tags": '{"aks-managed-cluster-name": "prod"}'}
    lines = [
        LINE | {"ResourceId": node, "MeterCategory": "Virtual Machines", **cost(4.0)},
        *(LINE | {"ResourceId": plane.format(group), **cost(2.0)} for group in ("shop", "x")),
        LINE | {"ResourceId": third, **cost(2.0)},
        LINE | {"ResourceId": disk, "MeterCategory": "Storage", **cost(1.0), **tags},
        LINE | tags | cost(0.5),
    ]
    seen = pd.DataFrame(
        {"asset_id": ["node/a"], "resource_key": [node.lower()], "method": ["provider id"]}
    )
    bill = azure_line.read(tmp_path, lines, cluster="prod", identities=seen)
    rows = bill.rows
    inside = rows[rows["in_cluster"]].groupby("match_method")["billed_cost"].sum().to_dict()
    assert inside == {"resource id": 4.0, "managed cluster id": planes, "cluster tag": 0.5}
    told = [note for note in bill.notes if "managed clusters have the cluster's name" in note]
    assert len(told) == (planes > 2)


def cost(amount: float) -> dict[str, str]:
    return {"CostInBillingCurrency": str(amount), "EffectivePrice": str(amount)}
