"""A customer agreement priced in US dollars and billed in euros, worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from burn.api import Bill, DataError
from tests.lab import azure_line

VM = "/subscriptions/s/resourceGroups/MC_shop_prod_eastus/providers/Microsoft.Compute/virtualMachines/a"
RATE = Decimal("0.85")
LINE = {
    "date": "10/25/2026", "subscriptionId": "s", "ResourceId": VM, "resourceLocation": "eastus",
    "meterCategory": "Virtual Machines", "meterSubCategory": "Dsv5 Series", "meterName": "D4s v5",
    "unitOfMeasure": "1 Hour", "quantity": "100", "chargeType": "Usage", "pricingModel": "OnDemand",
    "publisherType": "Azure", "reservationId": "", "benefitId": "", "tags": "", "additionalInfo": "",
    "billingCurrency": "EUR", "pricingCurrency": "USD", "exchangeRatePricingToBilling": str(RATE),
    "PayGPrice": "0.40", "unitPrice": "0.36", "effectivePrice": "0.30",
    "costInBillingCurrency": "25.50", "costInPricingCurrency": "30.00", "costInUsd": "30.00",
}  # fmt: skip


def bill(folder: Path, left: tuple[str, ...] = (), **change: str) -> Bill:
    line = {name: value for name, value in (LINE | change).items() if name not in left}
    return azure_line.read(folder, [line], node_resource_groups=(azure_line.NODES_GROUP,))


def test_all_costs_are_in_the_billing_currency(tmp_path: Path) -> None:
    """100 h: $40.00, $36.00 and $30.00 at 0.85."""
    found = bill(tmp_path)
    (row,) = found.rows.to_dict("records")
    assert (found.control.billed, found.control.currency) == (Decimal("25.5"), "EUR")
    assert row["billing_currency"] == "EUR"
    assert row["list_cost"] == pytest.approx(34.00, abs=1e-9)
    assert row["contracted_cost"] == pytest.approx(30.60, abs=1e-9)
    assert row["effective_cost"] == row["billed_cost"] == 25.50


@pytest.mark.parametrize("change", [{"exchangeRatePricingToBilling": ""}, {}])
def test_prices_without_their_exchange_rate_are_an_error(
    tmp_path: Path, change: dict[str, str]
) -> None:
    left = () if change else ("exchangeRatePricingToBilling",)
    with pytest.raises(DataError, match=r"priced in USD, billed in EUR .*exchangeRatePricingTo"):
        bill(tmp_path, left, **change)


def test_one_currency_needs_no_rate(tmp_path: Path) -> None:
    found = bill(tmp_path, ("exchangeRatePricingToBilling",), pricingCurrency="EUR")
    assert found.rows["list_cost"].tolist() == [pytest.approx(40.0)]
