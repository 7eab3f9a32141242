"""One line of an Azure cost export, written out: a day of a virtual machine, on demand."""

from __future__ import annotations

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
