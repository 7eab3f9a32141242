"""What pays for machines at nothing, and what is charged by their hour, worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from burn.api import Bill
from burn_azure.keys import resource_key
from tests.lab import azure_line

GROUP = "/subscriptions/S/resourceGroups/MC_shop_prod_eastus/providers/Microsoft.Compute"
HOST = "/subscriptions/S/resourceGroups/hosts/providers/Microsoft.Compute/hostGroups/g/hosts/h1"
NODES = {name: f"{GROUP}/virtualMachines/{name}" for name in ("a", "b")}
LINE = azure_line.LINE | {
    "BillingCurrency": "USD",
    "EffectivePrice": "0",
    "UnitPrice": "0.2",
}


def line(resource: str, hours: str, cost: str, **more: str) -> dict[str, str]:
    named = {"ResourceId": resource, "Quantity": hours, "CostInBillingCurrency": cost}
    return LINE | named | more


GUESTS = [line(NODES["a"], "24", "0"), line(NODES["b"], "8", "0")]
WHOLE = line(HOST, "24", "96", MeterSubCategory="DSv5 Dedicated Host", MeterName="DSv5-Type1")


def read(folder: Path, lines: list[Mapping[str, str]], **settings: object) -> Bill:
    identities = pd.DataFrame(
        [
            {"asset_id": f"node/{n}", "resource_key": resource_key(k), "method": "id"}
            for n, k in NODES.items()
        ]
    )
    return azure_line.read(folder, lines, identities=identities, **settings)


def effective(bill: Bill) -> dict[tuple[str, str], float]:
    rows = bill.rows.assign(name=bill.rows["resource_key"].str.rpartition("/")[2])
    sums = rows.groupby(["name", "x_cost_class"])["effective_cost"].sum()
    return {key: float(cost) for key, cost in sums.items() if cost}


def test_the_clusters_host_is_its_nodes_cost(tmp_path: Path) -> None:
    """By their hours: 24 and 8 of 32."""
    bill = read(tmp_path, [*GUESTS, WHOLE], cluster_resources=(HOST,))
    assert effective(bill) == pytest.approx({("a", "node"): 72.0, ("b", "node"): 24.0})
    hours = bill.rows.groupby("resource_key")["quantity"].sum().tolist()
    assert sorted(hours) == [8.0, 24.0]
    assert bill.control.lines == int(bill.rows["x_lines"].sum()) == 3


def test_a_host_that_carries_no_node_is_no_dead_node(tmp_path: Path) -> None:
    busy = [line(NODES["a"], "24", "4.8")]
    bill = read(tmp_path, [*busy, WHOLE], cluster_resources=(HOST,))
    assert effective(bill) == pytest.approx({("a", "node"): 4.8, ("h1", "other"): 96.0})


def test_hosts_outside_the_cluster_are_named(tmp_path: Path) -> None:
    (note,) = [n for n in read(tmp_path, [*GUESTS, WHOLE]).notes if "Dedicated Hosts" in n]
    assert note.startswith("2 nodes are on the bill at nothing")
    assert "/hosts/h1 (96.00)" in note


def test_software_by_the_hour_of_a_node_is_the_nodes(tmp_path: Path) -> None:
    sold = {"PublisherType": "Marketplace", "MeterCategory": "SaaS", "MeterName": "1 vCPU"}
    node = line(NODES["a"], "24", "4.8")
    hourly = line(NODES["a"], "24", "1.2", **sold)
    contract = line("", "1", "300", ChargeType="Purchase", **sold)
    bill = read(tmp_path, [node, hourly, contract])
    assert effective(bill) == pytest.approx(
        {("a", "node"): 4.8, ("a", "license"): 1.2, ("", "marketplace"): 300.0}
    )


def test_usage_under_a_reservation_whose_purchase_is_on_no_line_says_so(tmp_path: Path) -> None:
    """Cash alone: the usage is at nothing, and what paid for it was bought elsewhere or before."""
    held = {"PricingModel": "Reservation", "ReservationId": "r-1"}
    bill = read(tmp_path, [line(NODES["a"], "24", "0", **held), line(NODES["b"], "8", "1.6")])
    assert effective(bill) == pytest.approx({("b", "node"): 1.6})
    assert any("shows no cost of its own" in note for note in bill.notes)
