"""Load balancers, by the addresses of Services, Ingresses and Gateways."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from burn.builtin.metrics.common import shares

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.common.grid import Matrix
    from burn.builtin.metrics.kubernetes.lists import Listed
    from burn.builtin.metrics.kubernetes.lives import Lives

Object = dict[str, Any]
_FIELDS = {"IPAddress": "ip", "Hostname": "hostname"}
"""Types of a Gateway's addresses that are addresses; controllers have further ones, of names."""


def balancers_of(found: Listed, lives: Lives) -> tuple[pd.DataFrame, Matrix]:
    """One asset per address and who shares it; where a Service has it, no other does.

    What reaches a controller's pods through their Service is that Service's balancer, and what
    stands at an address inside the cluster is none. A balancer that several Ingresses (or
    Services) share is an asset of each of them.
    """
    import numpy as np
    import pandas as pd

    services = found["services"]
    public = [service for service in services if service["spec"].get("type") == "LoadBalancer"]
    owners = (
        ("Service", [(each, _given(each)) for each in public]),
        ("Ingress", [(each, _given(each)) for each in found["ingresses"]]),
        ("Gateway", [(each, _of_gateway(each)) for each in found.get("gateways") or ()]),
    )
    pairs: dict[tuple[str, str, str, str], Object] = {}
    taken: set[str] = set()
    for kind, each in owners:
        pairs |= {
            (address, kind, owner["metadata"]["namespace"], owner["metadata"]["name"]): owner
            for owner, entries in each
            for address in _addresses(entries)
            if address not in taken
        }
        taken |= {text for _, entries in each for entry in entries for text in entry.values()}
        if kind == "Service":
            taken |= _inside(services, found["nodes"])
    keys = sorted(pairs)
    owned = pd.DataFrame(keys, columns=["provider_id", "owner_kind", "namespace", "owner_name"])
    there = lives.matrix([pairs[key] for key in keys])
    return shares.balancers(owned.astype("str"), np.asarray(there))


def _given(owner: Object) -> list[dict[str, str]]:
    found = ((owner.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ()
    return [{k: str(entry[k]) for k in ("hostname", "ip") if entry.get(k)} for entry in found]


def _of_gateway(owner: Object) -> list[dict[str, str]]:
    found = (owner.get("status") or {}).get("addresses") or ()
    typed = [(entry.get("type") or "IPAddress", str(entry.get("value") or "")) for entry in found]
    return [{_FIELDS[kind]: value} for kind, value in typed if value and kind in _FIELDS]


def _inside(services: Iterable[Object], nodes: Iterable[Object]) -> set[str]:
    """Addresses of nodes, and of Services in the cluster: a mesh's Gateway has such a one."""
    out = set()
    for service in services:
        name, space = service["metadata"]["name"], service["metadata"]["namespace"]
        out |= {f"{name}.{space}.svc", f"{name}.{space}.svc.cluster.local"}
        out |= {service["spec"].get("clusterIP") or "", *(service["spec"].get("clusterIPs") or ())}
    for node in nodes:
        out |= {entry["address"] for entry in (node.get("status") or {}).get("addresses") or ()}
    return out


def _addresses(entries: Iterable[dict[str, str]]) -> list[str]:
    """A hostname stands for the IPs beside it, IPv4 for IPv6: they are one balancer's."""
    hosts = [entry["hostname"] for entry in entries if "hostname" in entry]
    ips = [entry["ip"] for entry in entries if "ip" in entry]
    return hosts or [ip for ip in ips if ":" not in ip] or ips
