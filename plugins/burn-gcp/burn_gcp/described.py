"""What the Compute API's listings say about the cluster. Pure: listings and keys in, keys out.

    forwarding rule with a Service's address        the Service's balancer: its lines are the asset's
    disk attached to a node, no volume's            a node's disk, whatever its name
    address used by such a rule or a node           the cluster's

Listings are of today: what has been deleted since the window is not in them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from burn_gcp.client.compute import Listing
from burn_gcp.keys import ADDRESS, RULE

_PATH = re.compile(r"projects/([^/]+)/(?:(?:zones|regions)/([^/]+)|global)/([a-zA-Z]+)/([^/]+)$")
_OWNED = re.compile(r"^([^/]+)/[^/]+/(?:instance|disk)/")
_GKE = "kubernetes.io/"
"""What GKE writes into the description of a rule of its own."""


@dataclass(frozen=True, slots=True)
class Described:
    """Bill resources that the account itself says are the cluster's.

    Attributes:
        aliases: key of a forwarding rule on the bill → key of the balancer that it serves.
        disks: keys of disks attached to nodes that are no observed volume.
        addresses: keys of addresses.
        notes: what a reader must know about them.
    """

    aliases: Mapping[str, str] = field(default_factory=dict)
    disks: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def projects_of(keys: Collection[str]) -> list[str]:
    """The projects of the cluster's nodes and disks: GKE makes its balancers there."""
    return sorted({found[1] for key in keys if (found := _OWNED.match(key))})


def described(listings: Sequence[Listing], keys: Collection[str]) -> Described:
    """What of these listings is the cluster's.

    Args:
        listings: of the projects in question.
        keys: of observed assets.
    """
    known = set(keys)
    aliases, doubtful = _rules(list(_things(listings, "forwardingRules")), known)
    disks = {
        f"{project}/{_last(item.get('zone') or item.get('region'))}/disk/{item['name']}"
        for project, item in _things(listings, "disks")
        if any(user in known for user in _users(item))
    }
    ours = known | set(aliases)
    addresses = {
        f"{project}/{place}/address/{item['name']}"
        for project, item in _things(listings, "addresses")
        if any(user in ours for user in _users(item))
        # The bill names no region, or `global`, for a global one.
        for place in ([_last(item["region"])] if item.get("region") else ["", "global"])
    }
    missing = sorted({f"{one.project}/{scope}" for one in listings for scope in one.missing})
    notes = [
        f"{len(doubtful)} addresses are served in several networks, and what serves the cluster is"
        f" not to be told: {', '.join(doubtful[:3])}; state it in provider.gcp.forwarding_rules"
    ] * bool(doubtful)
    if missing:
        notes.append(f"the Compute API had no answer from {', '.join(missing[:5])}")
    return Described(
        aliases, tuple(sorted(disks - known)), tuple(sorted(addresses - known)), tuple(notes)
    )


def _rules(
    rules: list[tuple[str, dict[str, Any]]], known: set[str]
) -> tuple[dict[str, str], list[str]]:
    """Rules by the balancer's key, and addresses that several networks have."""
    balancers = {
        _address(key.removeprefix(f"{ADDRESS}/")): key
        for key in known
        if key.startswith(f"{ADDRESS}/")
    }
    serving: dict[str, list[tuple[str, bool, str]]] = {}
    for project, rule in rules:
        ip = _address(str(rule.get("IPAddress", "")))
        if ip in balancers:
            # External addresses are unique; internal ones only within a network.
            network = str(rule.get("network") or "") if _internal(rule) else ""
            place = f"{project} {network}" if network else ""
            own = _GKE in str(rule.get("description", ""))
            serving.setdefault(ip, []).append((place, own, f"{RULE}/{rule['name']}"))
    aliases: dict[str, str] = {}
    doubtful = []
    for ip, found in sorted(serving.items()):
        chosen = found
        if len({place for place, _, _ in found}) > 1:
            chosen = [one for one in found if one[1]]
        if len({place for place, _, _ in chosen}) == 1:
            stated = {key for _, _, key in chosen} & known
            aliases.update({key: balancers[ip] for _, _, key in chosen if key not in stated})
        else:
            doubtful.append(ip)
    return aliases, doubtful


def _things(listings: Sequence[Listing], kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in listings:
        if one.kind == kind:
            yield from ((one.project, item) for item in one.items)


def _users(item: Mapping[str, Any]) -> Iterator[str]:
    """The keys of what uses a disk or an address."""
    for url in item.get("users", ()):
        if found := _PATH.search(url):
            project, place, kind, name = found.groups()
            if kind == "forwardingRules":
                yield f"{RULE}/{name}"
            elif kind == "instances":
                yield f"{project}/{place}/instance/{name}"


def _internal(rule: Mapping[str, Any]) -> bool:
    return str(rule.get("loadBalancingScheme", "")).startswith("INTERNAL")


def _last(url: Any) -> str:
    return str(url or "").rsplit("/", 1)[-1]


def _address(text: str) -> str:
    """One spelling of an address; a rule of IPv6 has its whole range."""
    from ipaddress import ip_address

    try:
        return str(ip_address(text.partition("/")[0]))
    except ValueError:
        return text
