"""One line of an Azure cost export, written out: a day of a virtual machine, on demand; and bills of such lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from burn.api import Bill, BillRequest, Scope, Window, schemas
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings

OCTOBER = Window.month(2026, 10)
NODES_GROUP = "MC_shop_prod_eastus"

LINE = {
    "Date": "2026-10-25",
    "SubscriptionId": "S",
    "ResourceId": "/subscriptions/S/resourceGroups/x/providers/Microsoft.Compute/virtualMachines/a",
    "BillingCurrency": "EUR",
    "MeterCategory": "Virtual Machines",
    "MeterSubCategory": "Dsv5",
    "MeterName": "D4s v5",
    "ResourceLocation": "eastus",
    "UnitOfMeasure": "1 Hour",
    "Quantity": "24",
    "EffectivePrice": "0.18",
    "PayGPrice": "0.2",
    "UnitPrice": "0.19",
    "CostInBillingCurrency": "4.32",
    "ChargeType": "Usage",
    "PricingModel": "OnDemand",
    "ReservationId": "",
    "BenefitId": "",
    "PublisherType": "Azure",
    "Tags": "",
    "AdditionalInfo": "",
    "ExchangeRatePricingToBilling": "1",
    "ServiceFamily": "",
}


def read(
    folder: Path,
    lines: Sequence[Mapping[str, str]],
    *,
    name: str = "actual.csv",
    cluster: str = "",
    window: Window = OCTOBER,
    identities: pd.DataFrame | None = None,
    **settings: Any,
) -> Bill:
    """The bill of a CSV with these lines; no price list is asked."""
    pd.DataFrame(lines).to_csv(folder / name, index=False)
    mine = AzureSettings(bill=str(folder / name), price_list="off", **settings)
    known = schemas.IDENTITY.empty() if identities is None else identities
    asked = BillRequest(
        scope=Scope(cluster=cluster),
        window=window,
        identities=schemas.IDENTITY.validate(known, author="test"),
    )
    return AzureProvider(mine).bill(asked)
