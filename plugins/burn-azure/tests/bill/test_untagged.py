"""A resource with the cluster's tag on some of its lines."""

from __future__ import annotations

from pathlib import Path

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
