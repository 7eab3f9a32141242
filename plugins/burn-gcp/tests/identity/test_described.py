"""Which listed things are the cluster's: addresses, networks, families, users."""

from __future__ import annotations

from typing import Any

from burn_gcp.client.compute import Kind, Listing
from burn_gcp.described import described, projects_of
from tests.servers.gcp_compute import ROOT, forwarding

PLACE = f"{ROOT}projects/p/regions/r-1"


def rules(*items: dict[str, Any], project: str = "p", kind: Kind = "forwardingRules") -> Listing:
    return Listing(project, kind, items)


def internal(number: int, network: str, **more: Any) -> dict[str, Any]:
    scheme = {"loadBalancingScheme": "INTERNAL", "network": f"{ROOT}projects/p/global/{network}"}
    return forwarding(PLACE, number, "10.0.0.9", **scheme, **more)


def test_projects_are_those_of_nodes_and_disks() -> None:
    keys = ["p/z/instance/a", "q/r/disk/b", "address/1.2.3.4", "forwardingrule/x"]
    assert projects_of(keys) == ["p", "q"]


def test_all_rules_of_an_address_are_its_balancers() -> None:
    found = described(
        [
            rules(
                forwarding(PLACE, 1, "34.1.1.1"), forwarding(PLACE, 2, "34.1.1.1", IPProtocol="UDP")
            )
        ],
        ["address/34.1.1.1", "address/34.1.1.2"],
    )
    assert found.aliases == {f"forwardingrule/a{n:031x}": "address/34.1.1.1" for n in (1, 2)}
    assert not found.notes


def test_a_stated_rule_stays_as_stated() -> None:
    name = f"forwardingrule/a{1:031x}"
    found = described(
        [rules(forwarding(PLACE, 1, "34.1.1.1"))], ["address/34.1.1.1", "address/34.9.9.9", name]
    )
    assert not found.aliases


def test_a_range_of_ipv6_is_its_first_address() -> None:
    found = described(
        [rules(forwarding(PLACE, 1, "2600:1901:0:94b6:0:0:0:0/96"))], ["address/2600:1901:0:94b6::"]
    )
    assert list(found.aliases.values()) == ["address/2600:1901:0:94b6::"]


def test_an_internal_address_of_two_networks_goes_to_the_rule_that_gke_made() -> None:
    mine, other = internal(1, "a"), internal(2, "b", description="")
    assert list(described([rules(mine, other)], ["address/10.0.0.9"]).aliases) == [
        f"forwardingrule/a{1:031x}"
    ]
    both = described([rules(mine, internal(2, "b"))], ["address/10.0.0.9"])
    assert not both.aliases
    assert "10.0.0.9" in both.notes[0]


def test_disks_and_addresses_by_who_uses_them() -> None:
    zone = f"{ROOT}projects/p/zones/z-1"
    disks = rules(
        {"name": "boot-7", "zone": zone, "users": [f"{zone}/instances/n1"]},
        {"name": "pvc-1", "zone": zone, "users": [f"{zone}/instances/n1"]},
        {"name": "other", "zone": zone, "users": [f"{zone}/instances/n9"]},
        {"name": "free", "zone": zone},
        {"name": "twin", "region": PLACE, "users": [f"{zone}/instances/n1"]},
        kind="disks",
    )
    addresses = rules(
        {"name": "web", "region": PLACE, "users": [f"{PLACE}/forwardingRules/a{1:031x}"]},
        {"name": "world", "users": [f"{ROOT}projects/p/global/forwardingRules/a{1:031x}"]},
        {"name": "nat", "region": PLACE, "users": [f"{PLACE}/routers/nat"]},
        kind="addresses",
    )
    found = described(
        [rules(forwarding(PLACE, 1, "34.1.1.1")), disks, addresses],
        ["p/z-1/instance/n1", "p/z-1/disk/pvc-1", "address/34.1.1.1"],
    )
    assert found.disks == ("p/r-1/disk/twin", "p/z-1/disk/boot-7")
    assert found.addresses == ("p//address/world", "p/global/address/world", "p/r-1/address/web")
