"""Provider ids, volume handles and addresses → keys, in the forms that AKS writes."""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from burn.api import schemas
from burn_azure.identity import identify
from burn_azure.keys import arm_id_sql, computer_suffix, node_groups, resource_key, resource_key_sql

RG = "/subscriptions/0B1F/resourceGroups/MC_shop_prod_eastus"
SET = f"{RG}/providers/Microsoft.Compute/virtualMachineScaleSets/aks-blue-1-vmss"
DAY = pd.Timestamp("2026-10-01", tz="UTC")


def inventory(*assets: tuple[str, str]) -> Any:
    blank = {c.name: "" for c in schemas.INVENTORY.columns if c.kind == "string"}
    blank |= {c.name: 0.0 for c in schemas.INVENTORY.columns if c.kind == "float"}
    rows = [
        blank | {"asset_id": f"{kind}/{text}", "day": DAY, "kind": kind, "provider_id": text}
        for kind, text in assets
    ]
    return schemas.INVENTORY.validate(pd.DataFrame(rows), author="test")


def keys(*assets: tuple[str, str]) -> dict[str, list[str]]:
    found = identify(inventory(*assets))
    return found.groupby("asset_id")["resource_key"].apply(list).to_dict()


def test_an_instance_has_its_own_key_and_shares_its_scale_set() -> None:
    first, second = f"azure://{SET}/virtualMachines/7", f"azure://{SET}/virtualMachines/40"
    low = SET.lower()
    assert keys(("node", first), ("node", second)) == {
        f"node/{first}": [low, f"{low}/virtualmachines/000007", f"{low}/virtualmachines/7"],
        f"node/{second}": [low, f"{low}/virtualmachines/000014", f"{low}/virtualmachines/40"],
    }


def test_a_machine_of_its_own_a_disk_and_what_is_not_azures() -> None:
    machine = "azure:///subscriptions/0B1F/resourceGroups/x/providers/Microsoft.Compute/virtualMachines/VM-1"
    disk = f"{RG}/providers/Microsoft.Compute/disks/pvc-1"
    found = keys(
        ("node", machine),
        ("volume", disk),
        ("volume", "mc_x#account#share#"),
        ("node", "kind://a/b"),
    )
    assert found == {f"node/{machine}": [machine[8:].lower()], f"volume/{disk}": [disk.lower()]}


def test_public_and_private_addresses_share_the_two_balancers() -> None:
    node = f"azure://{SET}/virtualMachines/1"
    base = f"{RG}/providers/Microsoft.Network/loadBalancers/kubernetes".lower()
    found = keys(
        ("node", node), ("load_balancer", "20.1.2.3"), ("load_balancer", "20.1.2.4"),
        ("load_balancer", "10.0.0.4"), ("load_balancer", "gw.example.org"),
    )  # fmt: skip
    assert found["load_balancer/20.1.2.3"] == found["load_balancer/20.1.2.4"] == [base]
    assert found["load_balancer/10.0.0.4"] == [f"{base}-internal"]
    assert "load_balancer/gw.example.org" not in found


def test_a_node_that_aks_provisions_by_itself_is_a_machine_of_its_own() -> None:
    """Node auto-provisioning makes no scale set."""
    arm = f"{RG}/providers/Microsoft.Compute/virtualMachines/aks-default-x7k2p"
    assert keys(("node", f"azure://{arm}")) == {f"node/azure://{arm}": [arm.lower()]}
    assert node_groups([arm.lower()]) == (RG.lower(),)


def test_what_is_billed_by_what_is_stored_has_no_key() -> None:
    """Azure Files and NetApp handles name no resource with a line of its own."""
    assert keys(("volume", "mc_shop#f0a1b2c3#pvc-1###default"), ("volume", "csi-netapp-1")) == {}


def test_node_groups_are_aks_own() -> None:
    other = "/subscriptions/s/resourcegroups/apps/providers/microsoft.compute/virtualmachines/web-1"
    own = "/subscriptions/s/resourcegroups/nodes/providers/microsoft.compute/virtualmachinescalesets/aks-a-1-vmss/virtualmachines/3"
    assert node_groups([SET.lower(), other, own]) == (
        RG.lower(),
        "/subscriptions/s/resourcegroups/nodes",
    )


@pytest.mark.parametrize(
    ("resource", "vm", "key"),
    [
        (SET, "aks-blue-1-vmss_7", f"{SET.lower()}/virtualmachines/7"),
        (SET, "aks-blue-1-vmss00000C", f"{SET.lower()}/virtualmachines/00000c"),
        (SET, "", SET.lower()),
        (f"{RG}/providers/Microsoft.Compute/virtualMachines/a/", "a", f"{RG}/providers/microsoft.compute/virtualmachines/a".lower()),
        ("", "", ""),
    ],
)  # fmt: skip
def test_the_bills_side_of_a_key(resource: str, vm: str, key: str) -> None:
    sql = resource_key_sql("r", "v")
    rows = f"SELECT {arm_id_sql('given')} AS r, v FROM (SELECT ? AS given, ? AS v)"
    found = duckdb.execute(f"SELECT {sql} FROM ({rows})", [resource, vm]).fetchone()
    assert found == (key,)


@settings(max_examples=50, deadline=None, derandomize=True, database=None)
@given(number=st.integers(0, 36**6 - 1), upper=st.booleans())
def test_computer_names_and_ids_meet(number: int, upper: bool) -> None:
    assert int(computer_suffix(str(number)), 36) == number
    text = f"azure://{SET}/virtualMachines/{number}"
    assert resource_key(text.upper() if upper else text) == text[8:].lower()
