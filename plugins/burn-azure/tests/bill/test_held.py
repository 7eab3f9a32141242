"""What cost details and FOCUS say of reservations and savings plans."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from burn.api import BillRequest, Scope, Window, schemas
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from tests.lab import azure_line

VM = "/subscriptions/S/resourceGroups/MC_shop_prod_eastus/providers/Microsoft.Compute/virtualMachines/a"
LINE = azure_line.LINE | {"Date": "10/25/2026", "ResourceId": VM}
RESERVED = "/providers/Microsoft.Capacity/reservationOrders/o/reservations/R-1"
PLAN = "/providers/Microsoft.BillingBenefits/savingsPlanOrders/o/savingsPlans/P-1"


def said(folder: Path, **datasets: list[Mapping[str, str]]) -> pd.DataFrame:
    for name, lines in datasets.items():
        pd.DataFrame([LINE | line for line in lines]).fillna("").to_csv(
            folder / f"{name}.csv", index=False
        )
    settings = AzureSettings(
        bill=str(folder / "actual.csv"),
        amortized_bill=str(folder / "amortized.csv"),
        price_list="off",
        node_resource_groups=("MC_shop_prod_eastus",),
    )
    bill = AzureProvider(settings).bill(
        BillRequest(
            scope=Scope(), window=Window.month(2026, 10), identities=schemas.IDENTITY.empty()
        )
    )
    assert bill.commitments is not None
    return bill.commitments.set_index("commitment_discount_id")


def test_a_term_is_on_the_purchase_and_a_size_on_the_usage(tmp_path: Path) -> None:
    """A term of a month is a subscription's; no export has an end."""
    reserved = {"BenefitId": RESERVED, "PricingModel": "Reservation", "BenefitName": "steady"}
    plan = {"BenefitId": PLAN, "PricingModel": "SavingsPlan"}
    bought = {"ChargeType": "Purchase", "ResourceId": ""}
    size = {"AdditionalInfo": '{"ServiceType": "Standard_D4s_v5"}'}
    found = said(
        tmp_path,
        actual=[reserved | bought | {"Term": "12"}, plan | bought | {"Term": "1"}, reserved | size],
        amortized=[reserved | size, plan | size],
    )
    held = found.loc["r-1"]
    assert held[["name", "bound", "family", "months"]].tolist() == [
        "steady",
        "family",
        "Standard_D4s_v5",
        12.0,
    ]
    assert found.loc["p-1", ["bound", "family"]].tolist() == ["any", ""]
    assert pd.isna(found.loc["p-1", "months"])
    assert found["end"].isna().all()


def test_a_bill_without_commitments_says_nothing(tmp_path: Path) -> None:
    plain = [{"PricingModel": "OnDemand"}]
    assert said(tmp_path, actual=plain, amortized=plain).empty
