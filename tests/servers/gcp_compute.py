"""The Compute API's aggregated lists of forwarding rules, addresses and disks, page by page.

Wire format: compute/v1 `aggregatedList` (items by scope, `nextPageToken`, `warning`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.lab.gcp_names import PROJECT, address, node_name, region, resources, rule_name, zone
from tests.lab.things import World
from tests.servers.gcp import Answer, failure

ROOT = "https://www.googleapis.com/compute/v1/"


@dataclass
class Compute:
    """One project; call it as a route of `serving`.

    Attributes:
        items: kind → its things, each with a region or a zone, or global.
        page: how many things a page has at most.
        denied: kinds that may not be listed.
        busy: answers of this many requests that are refused first, by turns as 429 and as the 403
            that Compute Engine gives for the same.
        silent: a scope that does not answer.
        asked: the paths and page tokens that were asked for.
    """

    items: dict[str, list[dict[str, Any]]]
    page: int = 2
    denied: tuple[str, ...] = ()
    busy: int = 0
    silent: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __call__(
        self, method: str, path: str, query: dict[str, str], body: dict[str, Any]
    ) -> Answer | None:
        found = re.fullmatch(r"/compute/v1/projects/([^/]+)/aggregated/(\w+)", path)
        if not found or method != "GET":
            return None
        project, kind = found.groups()
        self.asked.append((kind, query.get("pageToken", "")))
        if self.busy:
            self.busy -= 1
            status = 429 if self.busy % 2 else 403
            return status, failure(status, "rateLimitExceeded", "Rate Limit Exceeded")
        if project != PROJECT:
            return 404, failure(404, "notFound", f"The resource 'projects/{project}' was not found")
        if kind in self.denied:
            text = f"Required 'compute.{kind}.list' permission for 'projects/{project}'"
            return 403, failure(403, "forbidden", text)
        return 200, self._page(kind, int(query.get("pageToken") or 0), query)

    def _page(self, kind: str, start: int, query: dict[str, str]) -> dict[str, Any]:
        size = min(self.page, int(query.get("maxResults", "500")))
        things = self.items.get(kind, [])
        nothing = {"warning": {"code": "NO_RESULTS_ON_PAGE", "message": "There are no results."}}
        scopes: dict[str, dict[str, Any]] = {"regions/africa-south1": nothing}
        for thing in things[start : start + size]:
            scopes.setdefault(_scope(thing), {}).setdefault(kind, []).append(thing)
        if self.silent:
            scopes[self.silent] = {"warning": {"code": "UNREACHABLE", "message": "unreachable"}}
        out: dict[str, Any] = {"kind": f"compute#{kind}AggregatedList", "items": scopes}
        if start + size < len(things):
            out["nextPageToken"] = str(start + size)
        return out


def _scope(thing: dict[str, Any]) -> str:
    for key in ("zone", "region"):
        if key in thing:
            return "/".join(thing[key].rsplit("/", 2)[-2:])
    return "global"


def compute_of(world: World) -> Compute:
    """What the lab's account has: rules of its balancers, addresses, and its nodes' boot disks."""
    place = f"{ROOT}projects/{PROJECT}/regions/{region(world)}"
    rules = [forwarding(place, n, address(n)) for n, _ in enumerate(world.balancers)]
    # Somebody else's, of another network: an address of a cluster's balancer is no proof there.
    rules.append(forwarding(place, 999, "34.200.0.1"))
    named = resources(world)
    disks = []
    for node in world.nodes:
        at = f"{ROOT}projects/{PROJECT}/zones/{zone(world, node.zone)}"
        user = f"{at}/instances/{node_name(world, node)}"
        disks.append({"name": named[node.root_volume][1], "zone": at, "users": [user]})
    return Compute({"forwardingRules": rules, "addresses": [], "disks": disks})


def forwarding(place: str, number: int, ip: str, **more: Any) -> dict[str, Any]:
    """A rule as GKE makes one for a Service."""
    return {
        "kind": "compute#forwardingRule",
        "name": rule_name(number),
        "description": f'{{"kubernetes.io/service-name":"shop/web-{number}"}}',
        "region": place,
        "IPAddress": ip,
        "IPProtocol": "TCP",
        "loadBalancingScheme": "EXTERNAL",
    } | more
