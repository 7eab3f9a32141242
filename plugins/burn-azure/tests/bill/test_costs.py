"""Rules by charge type, price and currency, on lines small enough to work out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from burn.api import Bill, BillRequest, DataError, Scope, Window, schemas
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from tests.lab import azure_line

VM = "/subscriptions/S/resourceGroups/MC_shop_prod_eastus/providers/Microsoft.Compute/virtualMachines/a"
LINE = azure_line.LINE | {"Date": "10/25/2026", "ResourceId": VM}


def read(tmp_path: Path, *lines: Mapping[str, str], name: str = "actual.csv") -> Bill:
    mine = [LINE | line for line in lines]
    group = (azure_line.NODES_GROUP,)
    return azure_line.read(tmp_path, mine, name=name, node_resource_groups=group)


def row(tmp_path: Path, **line: str) -> dict[str, object]:
    found = read(tmp_path, line)
    assert len(found.rows) == 1
    return dict(found.rows.iloc[0])


def test_list_contracted_and_effective_are_prices_times_quantity(tmp_path: Path) -> None:
    found = row(tmp_path)
    assert found["list_cost"] == pytest.approx(4.8)
    assert found["contracted_cost"] == pytest.approx(4.56)
    assert found["effective_cost"] == found["billed_cost"] == 4.32
    assert (found["x_cost_class"], found["quantity"]) == ("node", 24)


def test_prices_are_in_the_pricing_currency(tmp_path: Path) -> None:
    found = row(tmp_path, ExchangeRatePricingToBilling="0.9", CostInBillingCurrency="3.888")
    assert found["list_cost"] == pytest.approx(4.8 * 0.9)
    assert found["billing_currency"] == "EUR"


def test_a_block_price_is_told_by_the_lines_own_cost(tmp_path: Path) -> None:
    block = {"UnitOfMeasure": "100 Hours", "EffectivePrice": "18", "PayGPrice": "20"}
    found = row(tmp_path, **block)
    assert found["list_cost"] == pytest.approx(4.8)
    assert found["quantity"] == 24
    found = row(tmp_path, UnitOfMeasure="100 Hours")
    assert found["list_cost"] == pytest.approx(4.8)


def test_scientific_amounts_lose_nothing(tmp_path: Path) -> None:
    found = row(tmp_path, CostInBillingCurrency="1.5E-05")
    assert found["billed_cost"] == pytest.approx(1.5e-5)


@pytest.mark.parametrize(
    ("charge", "more", "kind", "category"),
    [
        ("Tax", {}, "tax", "Tax"),
        ("Refund", {}, "refund", "Adjustment"),
        ("Credit", {}, "credit", "Credit"),
        ("Adjustment", {}, "adjustment", "Adjustment"),
        ("RoundingAdjustment", {}, "rounding", "Adjustment"),
        ("OrbitSurcharge", {}, "unknown", "Adjustment"),
        ("Usage", {"PublisherType": "Marketplace"}, "marketplace", "Usage"),
        ("Purchase", {"ServiceFamily": "Azure Support"}, "support", "Purchase"),
    ],
)
def test_accounting_is_at_what_was_billed(
    tmp_path: Path, charge: str, more: dict[str, str], kind: str, category: str
) -> None:
    found = row(tmp_path, ChargeType=charge, **more)
    assert (found["x_cost_class"], found["charge_category"]) == (kind, category)
    assert {found[cost] for cost in ("list_cost", "effective_cost", "billed_cost")} == {4.32}


def test_a_purchase_of_commitment_is_cash_and_nothing_else(tmp_path: Path) -> None:
    held = "/providers/microsoft.capacity/reservationOrders/O/reservations/AB-1"
    found = row(tmp_path, ChargeType="Purchase", BenefitId=held, PricingModel="Reservation")
    assert found["x_cost_class"] == "commitment_fee"
    assert (found["effective_cost"], found["list_cost"], found["billed_cost"]) == (0, 0, 4.32)
    assert found["commitment_discount_id"] == "ab-1"


def test_unused_commitment_is_amortised_cost_without_cash(tmp_path: Path) -> None:
    used = {"PricingModel": "Reservation", "ReservationId": "ab-1"}
    spare = used | {"ChargeType": "UnusedReservation", "ResourceId": ""}
    found = read(tmp_path, used, spare, name="amortized.csv").rows.set_index("x_cost_class")
    assert found.loc["unused_commitment", "effective_cost"] == 4.32
    assert found.loc["node", "pricing_category"] == "Committed"
    assert found.loc["node", "list_cost"] == pytest.approx(4.8)
    assert set(found["commitment_discount_id"]) == {"ab-1"}


@pytest.mark.parametrize(
    ("category", "meter", "resource", "kind"),
    [
        ("Virtual Machines Licenses", "4 vCPU VM License", VM, "license"),
        ("Storage", "P10 LRS Disk", "disks/a_OsDisk_1_ff", "node_disk"),
        ("Storage", "P10 LRS Disk", "disks/pvc-12", "volume"),
        ("Storage", "Premium LRS Provisioned IOPS", "disks/pvc-12", "disk_performance"),
        ("Storage", "P10 LRS Disk Mount", "disks/pvc-12", "disk_performance"),
        ("Storage", "Ultra LRS Reservation per vCPU Provisioned", VM, "disk_performance"),
        ("Virtual Machines", "D4s v5", "capacityReservationGroups/g/capacityReservations/r", "other"),
        ("Storage", "LRS Snapshots", "snapshots/s", "snapshot"),
        ("Load Balancer", "Standard Data Processed", "loadBalancers/k", "load_balancer_usage"),
        ("Load Balancer", "Standard Included LB Rules", "loadBalancers/k", "load_balancer"),
        ("Load Balancer", "Standard Overage LB Rules", "loadBalancers/k", "load_balancer_rules"),
        ("Load Balancer", "Gateway Chain", "loadBalancers/k", "load_balancer_rules"),
        ("Virtual Network", "Standard IPv4 Static Public IP", "publicIPAddresses/i", "public_ip"),
        ("Virtual Network", "Intra-Region Ingress Peering", "virtualNetworks/v", "data_transfer"),
        ("NAT Gateway", "Standard Gateway", "natGateways/n", "nat"),
        ("Bandwidth", "Standard Data Transfer Out", "virtualMachines/a", "data_transfer"),
        ("Log Analytics", "Pay-as-you-go Data Ingestion", "workspaces/w", "observability"),
        ("Azure Kubernetes Service", "Standard Uptime SLA", "managedClusters/c", "control_plane"),
        ("Azure Kubernetes Service", "Standard Long Term Support", "managedClusters/c", "extended_support"),
        ("Key Vault", "Operations", "vaults/v", "other"),
    ],
)  # fmt: skip
def test_what_a_charge_is_for(
    tmp_path: Path, category: str, meter: str, resource: str, kind: str
) -> None:
    arm = resource if resource == VM else f"{VM.rpartition('/virtualMachines')[0]}/{resource}"
    found = row(tmp_path, MeterCategory=category, MeterName=meter, ResourceId=arm)
    assert found["x_cost_class"] == kind
    assert (found["quantity"] != 0) == (kind in ("node", "volume", "load_balancer"))
    assert found["match_method"] == "node resource group"


def test_disks_are_counted_in_hours_of_the_month(tmp_path: Path) -> None:
    disk = VM.replace("virtualMachines/a", "disks/pvc-1")
    tier = {"MeterCategory": "Storage", "MeterName": "P10 LRS Disk", "ResourceId": disk}
    found = row(tmp_path, **tier, UnitOfMeasure="1/Month", Quantity="0.5")
    assert found["quantity"] == pytest.approx(0.5 * 744)
    sized = tier | {"MeterName": "Premium LRS Provisioned Capacity", "UnitOfMeasure": "1 GiB/Hour"}
    assert row(tmp_path, **sized, Quantity="2400")["quantity"] == 2400


@pytest.mark.parametrize(
    ("charge", "kind"),
    [
        ("UnusedReservation", "reservation"),
        ("UnusedSavingsPlan", "savings plan"),
        ("UnusedBenefit", "savings plan"),
    ],
)
def test_every_name_of_unused_commitment(tmp_path: Path, charge: str, kind: str) -> None:
    """Savings plans were documented as UnusedBenefit before they were UnusedSavingsPlan."""
    line = {"ChargeType": charge, "ResourceId": "", "ReservationId": "ab-1"}
    (found,) = read(tmp_path, line, name="amortized.csv").rows.to_dict("records")
    assert (found["x_cost_class"], found["effective_cost"]) == ("unused_commitment", 4.32)
    assert found["commitment_discount_type"] == kind


def test_a_purchase_is_a_commitments_by_its_pricing_model_too(tmp_path: Path) -> None:
    """Older exports name only the order of a savings plan."""
    found = row(tmp_path, ChargeType="Purchase", PricingModel="SavingsPlan", ResourceId="")
    assert found["x_cost_class"] == "commitment_fee"
    assert (found["effective_cost"], found["billed_cost"]) == (0, 4.32)


@pytest.mark.parametrize(
    ("benefit", "kind"),
    [
        ("/providers/Microsoft.BillingBenefits/savingsPlanOrders/o/savingsPlans/p", "savings plan"),
        ("/providers/Microsoft.Capacity/reservationOrders/o/reservations/r", "reservation"),
    ],
)
def test_covered_usage_names_its_contracted_price_on_demand(
    tmp_path: Path, benefit: str, kind: str
) -> None:
    """24 h: 4.80 at list price, 4.56 as agreed, 2.40 under the commitment."""
    covered = {"PricingModel": "Reservation", "BenefitId": benefit, "CostInBillingCurrency": "2.4"}
    (found,) = read(tmp_path, covered, name="amortized.csv").rows.to_dict("records")
    assert found["x_public_cost"] - found["list_cost"] == pytest.approx(2.4 - 4.56)
    assert found["effective_cost"] - found["x_public_cost"] == pytest.approx(4.56 - 4.8)
    assert found["commitment_discount_type"] == kind


@pytest.mark.parametrize("price", ["", "0", "0.1"])
def test_a_contracted_price_that_is_none_says_nothing(tmp_path: Path, price: str) -> None:
    covered = {"PricingModel": "Reservation", "ReservationId": "r", "UnitPrice": price}
    covered["CostInBillingCurrency"] = "2.4"
    (found,) = read(tmp_path, covered, name="amortized.csv").rows.to_dict("records")
    assert found["x_public_cost"] == found["effective_cost"] == 2.4


SIZE = '{"ServiceType": "Standard_D4s_v5"}'


def test_a_spot_meters_list_price_is_the_public_spot_price(tmp_path: Path) -> None:
    """24 h: 4.80 on demand, 1.20 at the public spot price, 1.08 as agreed."""
    other = {"AdditionalInfo": SIZE, "ResourceId": VM.replace("MC_", "x_")}
    spot = {"PricingModel": "Spot", "PayGPrice": "0.05", "CostInBillingCurrency": "1.08"}
    rows = read(tmp_path, other, spot | {"AdditionalInfo": SIZE}).rows
    (found,) = rows[rows["in_cluster"]].to_dict("records")
    assert found["list_cost"] == pytest.approx(4.8)
    assert found["x_public_cost"] == pytest.approx(1.2)
    assert found["effective_cost"] == pytest.approx(1.08)


FOCUS = {
    "BilledCost": "0", "EffectiveCost": "2.4", "ListCost": "0", "ContractedCost": "0",
    "BillingCurrency": "USD", "ChargeCategory": "Usage", "ChargeClass": "",
    "ChargePeriodStart": "2026-10-25T00:00Z", "ChargePeriodEnd": "2026-10-26T00:00Z",
    "CommitmentDiscountId": "r", "CommitmentDiscountStatus": "Used",
    "CommitmentDiscountType": "Reservation", "ConsumedQuantity": "24",
    "PricingCategory": "Committed", "RegionId": "eastus", "ResourceId": VM,
    "ServiceName": "Virtual Machines", "SubAccountId": "/subscriptions/s", "Tags": "",
    "x_SkuDetails": SIZE, "x_SkuMeterCategory": "Virtual Machines",
    "x_SkuMeterName": "D4s v5", "x_SkuMeterSubcategory": "Dsv5",
    "x_PricingUnitDescription": "1 Hour", "x_PublisherCategory": "Cloud Provider",
}  # fmt: skip


def test_a_focus_price_of_0_is_no_price(tmp_path: Path) -> None:
    """Customer agreements have ListCost and ContractedCost 0 on reservation usage."""
    other = {"PricingCategory": "Standard", "CommitmentDiscountId": "", "ListCost": "4.8"}
    other |= {"ResourceId": VM.replace("MC_", "x_"), "EffectiveCost": "4.56", "BilledCost": "4.56"}
    pd.DataFrame([FOCUS, FOCUS | other]).to_csv(tmp_path / "focus.csv", index=False)
    settings = AzureSettings(
        bill=str(tmp_path / "focus.csv"), node_resource_groups=("MC_shop_prod_eastus",)
    )
    rows = (
        AzureProvider(settings)
        .bill(
            BillRequest(
                scope=Scope(), window=Window.month(2026, 10), identities=schemas.IDENTITY.empty()
            )
        )
        .rows
    )
    (found,) = rows[rows["in_cluster"]].to_dict("records")
    assert found["list_cost"] == pytest.approx(4.8)
    assert found["x_public_cost"] == found["effective_cost"] == 2.4


def test_several_currencies_unreadable_dates_and_no_lines_are_errors(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="several currencies: EUR, USD"):
        read(tmp_path, {}, {"BillingCurrency": "USD"})
    with pytest.raises(DataError, match=r"`Date` holds a value that is no time .*5\. Oktober"):
        read(tmp_path, {}, {"Date": "5. Oktober"})
    with pytest.raises(DataError, match="no line in"):
        read(tmp_path, {"Date": "2026-08-01"})


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    pd.DataFrame([LINE]).drop(columns="MeterCategory").to_csv(tmp_path / "x.csv", index=False)
    provider = AzureProvider(AzureSettings(bill=str(tmp_path / "x.csv"), price_list="off"))
    with pytest.raises(DataError, match="lacks `meterCategory`"):
        provider.bill(
            BillRequest(
                scope=Scope(), window=Window.month(2026, 10), identities=schemas.IDENTITY.empty()
            )
        )
