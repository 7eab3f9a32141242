"""Purchases: billed whole on their date, spread over a short service period in effective cost."""

from __future__ import annotations

from pathlib import Path

import pytest

from burn.api import Bill, Window
from tests.lab import azure_line

DAILY = {"ServicePeriodStartDate": "", "ServicePeriodEndDate": "", "Frequency": "UsageBased"}
COSTS = ("billed_cost", "effective_cost")
WINDOWS = [Window.month(2026, month) for month in (9, 10, 11, 12)]


def read(tmp_path: Path, window: Window, **line: str) -> Bill:
    common = {"SubscriptionId": "S", "BillingCurrency": "EUR", "MeterCategory": "Storage"}
    common |= {"ResourceId": "", "MeterSubCategory": "", "MeterName": "m", "UnitOfMeasure": "1"}
    common |= {"ResourceLocation": "eastus", "Quantity": "1", "EffectivePrice": "0"}
    common |= {"PayGPrice": "0", "UnitPrice": "0", "PricingModel": "OnDemand", "BenefitId": ""}
    common |= {"ReservationId": "", "PublisherType": "Azure", "Tags": "", "AdditionalInfo": ""}
    usage = DAILY | {"CostInBillingCurrency": "0", "ChargeType": "Usage"}
    days = [usage | {"Date": f"{month:02d}/15/2026"} for month in (9, 10, 11, 12)]
    rows = [common | day for day in days] + [common | line]
    return azure_line.read(tmp_path, rows, window=window)


PURCHASE = {"Date": "10/20/2026", "ChargeType": "Purchase", "CostInBillingCurrency": "300"}
YEAR = {"ServicePeriodStartDate": "10/20/2026", "ServicePeriodEndDate": "10/19/2027"}
MONTH = {"ServicePeriodStartDate": "10/20/2026", "ServicePeriodEndDate": "11/18/2026"}
AHEAD = {"ServicePeriodStartDate": "11/01/2026", "ServicePeriodEndDate": "11/30/2026"}


@pytest.mark.parametrize(
    ("line", "billed", "effective"),
    [
        ({**YEAR, "Frequency": "OneTime"}, [0, 300, 0, 0], [0, 300, 0, 0]),
        ({**YEAR, "Frequency": "OneTime", "ReservationId": "r"}, [0, 300, 0, 0], [0, 0, 0, 0]),
        ({**MONTH, "Frequency": "Recurring"}, [0, 300, 0, 0], [0, 120, 180, 0]),
        ({**AHEAD, "Frequency": "Recurring"}, [0, 300, 0, 0], [0, 0, 300, 0]),
        ({**YEAR, "Frequency": "Recurring", "PublisherType": "Marketplace"}, *[[0, 300, 0, 0]] * 2),
    ],
    ids=["a year", "a reservation", "a month", "paid ahead", "marketplace"],
)
def test_a_purchase_is_billed_on_its_date(
    tmp_path: Path, line: dict[str, str], billed: list[float], effective: list[float]
) -> None:
    """300 on 20 October; of its 30 days to 18 November 12 are October's."""
    found = [read(tmp_path, window, **PURCHASE, **line) for window in WINDOWS]
    sums = [[one.rows[cost].sum() for one in found] for cost in COSTS]
    assert sums == [pytest.approx(billed), pytest.approx(effective)]
    assert [float(one.control.billed) for one in found] == pytest.approx(billed)
