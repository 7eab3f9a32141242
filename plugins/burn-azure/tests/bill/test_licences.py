"""Hybrid benefit and Windows licence meters, on lines small enough to work out by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.lab import azure_line

GROUP = "/subscriptions/s/resourceGroups/MC_shop_prod_eastus/providers/Microsoft.Compute"
HOURS = 24
BASE, WINDOWS, LICENCE = 0.2, 0.384, 0.184
"""A 4-core size: its base rate, its rate with Windows, and the licence alone."""


def line(vm: str, price: float, **more: str) -> dict[str, str]:
    cost = f"{HOURS * price:f}"
    return {
        "date": "2026-10-05", "subscriptionId": "s", "billingCurrency": "USD",
        "ResourceId": f"{GROUP}/virtualMachines/{vm}", "resourceLocation": "eastus",
        "meterCategory": "Virtual Machines", "meterSubCategory": "Dsv5 Series",
        "meterName": "D4s v5", "productName": "Virtual Machines Dsv5 Series - D4s v5",
        "serviceFamily": "Compute", "consumedService": "Microsoft.Compute",
        "unitOfMeasure": "1 Hour", "quantity": str(HOURS), "effectivePrice": str(price),
        "PayGPrice": str(price), "unitPrice": str(price), "costInBillingCurrency": cost,
        "chargeType": "Usage", "pricingModel": "OnDemand", "publisherType": "Azure",
        "reservationId": "", "benefitId": "", "tags": "",
        "additionalInfo": '{"ServiceType": "Standard_D4s_v5"}', "invoiceId": "1",
    } | more  # fmt: skip


@pytest.fixture
def rows(tmp_path: Path) -> pd.DataFrame:
    """A machine with hybrid benefit, one that pays for Windows, one with a licence meter beside it."""
    windows = {"meterSubCategory": "Dsv5 Series Windows"}
    meter = {"meterCategory": "Virtual Machines Licenses", "meterSubCategory": "Windows Server"}
    meter |= {"meterName": "4 vCPU VM License", "additionalInfo": ""}
    ahb = {"additionalInfo": '{"ServiceType": "Standard_D4s_v5", "AHB": "True"}'}
    lines = [
        line("hybrid", BASE, **ahb),
        line("windows", WINDOWS, **windows),
        line("split", BASE),
        line("split", LICENCE, **meter),
    ]
    bill = azure_line.read(tmp_path, lines, node_resource_groups=(azure_line.NODES_GROUP,))
    assert float(bill.control.billed) == pytest.approx(HOURS * (2 * BASE + WINDOWS + LICENCE))
    vm = bill.rows["resource_key"].str.rpartition("/")[2]
    return bill.rows.assign(vm=vm).set_index(["vm", "x_cost_class"]).sort_index()


def test_hybrid_benefit_is_usage_at_the_base_rate(rows: pd.DataFrame) -> None:
    """The licence is brought along, so its list price is not on the bill: nothing was saved here."""
    (found,) = rows.loc["hybrid"].to_dict("records")
    assert found["list_cost"] == pytest.approx(4.8)
    assert found["effective_cost"] == found["billed_cost"] == pytest.approx(4.8)


def test_windows_in_the_price_of_the_size_is_the_nodes(rows: pd.DataFrame) -> None:
    found = rows.loc[("windows", "node")]
    assert float(found["list_cost"]) == pytest.approx(HOURS * WINDOWS)
    assert found["quantity"] == HOURS


def test_a_licence_meter_is_a_licence_and_no_hours_of_the_node(rows: pd.DataFrame) -> None:
    split = rows.loc["split"]
    assert split.loc["license", "effective_cost"] == pytest.approx(HOURS * LICENCE)
    assert split.loc["license", "quantity"] == 0
    assert split.loc["node", "quantity"] == HOURS
    assert split.loc["node", "effective_cost"] == pytest.approx(4.8)
