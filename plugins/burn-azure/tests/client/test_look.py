"""`burn init` lists the exports of the nodes' subscription; actual and amortised cost are one bill."""

from __future__ import annotations

from typing import Any

import pytest

from burn.api import AccessError, Around, UsageError
from burn_azure.look import look
from burn_azure.settings import AzureSettings
from tests.servers.azure import azure

SUB = "/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590"
NODES = Around(provider_ids=(f"azure://{SUB}/resourceGroups/mc_x/providers/y/virtualMachines/0",))
FOLDER = "abfss://exports@bills.dfs.core.windows.net"


def export(name: str, kind: str, folder: str = "/daily/") -> dict[str, Any]:
    account = f"{SUB}/resourceGroups/r/providers/Microsoft.Storage/storageAccounts/bills"
    place = {"resourceId": account, "container": "exports", "rootFolderPath": folder}
    return {
        "id": f"{SUB}/providers/Microsoft.CostManagement/exports/{name}",
        "name": name,
        "type": "Microsoft.CostManagement/exports",
        "properties": {
            "deliveryInfo": {"destination": place},
            "definition": {"type": kind, "timeframe": "MonthToDate"},
        },
    }


def test_actual_and_amortised_are_one_bill() -> None:
    with azure() as fake:
        fake.exports = [
            export("prices", "PriceSheet"),
            export("amo", "AmortizedCost"),
            export("act", "ActualCost"),
            export("focus", "FocusCost", ""),
        ]
        found = list(look(AzureSettings(management_url=fake.url), NODES))
        assert fake.calls[0].startswith(f"GET {SUB}/providers/Microsoft.CostManagement/exports")
    assert [dict(one.settings) for one in found] == [
        {"bill": f"{FOLDER}/daily/act", "amortized_bill": f"{FOLDER}/daily/amo"},
        {"bill": f"{FOLDER}/focus"},
    ]


def test_without_an_export_it_says_what_to_create() -> None:
    with azure() as fake, pytest.raises(AccessError, match="has no export") as refused:
        list(look(AzureSettings(management_url=fake.url), NODES))
    assert f"provider.azure.scope={SUB}" in (refused.value.hint or "")


def test_without_a_subscription_it_asks_for_one() -> None:
    with pytest.raises(UsageError, match="no subscription is known"):
        list(look(AzureSettings(), Around()))
