"""What a charge is for: meter category, meter and resource → `x_cost_class`, as data.

Source: meter names of Azure's retail price sheet. First match wins.
"""

from __future__ import annotations

from dataclasses import dataclass

from burn.api.bills.queries.rows import BY_ID
from burn.api.bills.queries.sql import literal
from burn_azure.bill.charges.costs import BOUGHT
from burn_azure.bill.lines.facts import UNUSED

TAKEN = {
    "Tax": "tax",
    "Credit": "credit",
    "Refund": "refund",
    "Adjustment": "adjustment",
    "RoundingAdjustment": "rounding",
    **dict.fromkeys(UNUSED, "unused_commitment"),
}
KNOWN = ("Usage", "Purchase", *TAKEN)


@dataclass(frozen=True, slots=True)
class Usage:
    """A class, for meter categories (empty: any) whose text matches.

    `on` names what is matched, without case: meter (sub-category, meter and product) or key.
    """

    name: str
    categories: tuple[str, ...] = ()
    pattern: str = ""
    on: str = "meter"


_COMPUTE = ("Virtual Machines", "Azure Virtual Machines", "Virtual Machine Scale Sets")
_NETWORK = ("Virtual Network", "Virtual Network Manager", "Public IP Addresses")
USAGES = (
    Usage("license", ("Virtual Machines Licenses", "Azure Hybrid Benefit")),
    Usage("license", _COMPUTE, "software|licen[sc]e"),
    # Capacity that is kept and not used; what is used of it is on the machines' own lines.
    Usage("other", (), "/capacityreservations/[^/]+$", "key"),
    Usage("node", _COMPUTE),
    Usage("node", (), "/hostgroups/[^/]+/hosts/[^/]+$", "key"),
    Usage("extended_support", ("Azure Kubernetes Service",), "long.?term.?support"),
    Usage("control_plane", ("Azure Kubernetes Service",)),
    Usage("nat", ("NAT Gateway", "Azure NAT Gateway")),
    Usage("nat", _NETWORK, "nat gateway"),
    Usage("data_transfer", ("Bandwidth", "Virtual Network Peering")),
    Usage("data_transfer", _NETWORK, "peering|private link.*data|data processed"),
    Usage("public_ip", _NETWORK, "ip address|public ip|ipv4"),
    Usage("public_ip", _NETWORK, "/publicip(addresses|prefixes)/", "key"),
    Usage("load_balancer_usage", ("Load Balancer",), "data processed"),
    Usage("load_balancer_rules", ("Load Balancer",), r"\b(overage|chain)\b"),
    Usage("load_balancer", ("Load Balancer",)),
    Usage("snapshot", (), "/snapshots/", "key"),
    Usage("disk_performance", ("Storage",), "provisioned (iops|throughput)|disk operations|burst"),
    # Of a shared disk, and of a machine that may have Ultra disks: beside the size, in units of their own.
    Usage("disk_performance", ("Storage",), "disk mount|reservation per vcpu"),
    Usage("volume", ("Storage",), "/disks/", "key"),
    Usage("volume", ("Storage",), "managed disk|provisioned capacity|ultra disk"),
    Usage("observability", ("Log Analytics", "Azure Monitor", "Application Insights")),
    Usage("observability", ("Insight and Analytics", "Azure Grafana Service")),
)


def usage_class() -> str:
    """The class of usage, as SQL over category, subcategory, meter, product, resource_key."""
    words = {"meter": "subcategory || ' ' || meter || ' ' || product", "key": "resource_key"}
    arms = []
    for usage in USAGES:
        tests = []
        if usage.categories:
            names = ", ".join(literal(name.lower()) for name in usage.categories)
            tests.append(f"LOWER(category) IN ({names})")
        if usage.pattern:
            tests.append(f"REGEXP_MATCHES({words[usage.on]}, {literal(usage.pattern)}, 'i')")
        arms.append(f"WHEN {' AND '.join(tests)} THEN {literal(usage.name)}")
    return f"CASE {' '.join(arms)} ELSE 'other' END"


def line_class() -> str:
    """The class that the charge type, seller or product decides; NULL for plain usage."""
    arms = [f"WHEN charge = {literal(kind)} THEN {literal(name)}" for kind, name in TAKEN.items()]
    support = (
        "family ILIKE '%support%' OR category ILIKE '%support%' OR product ILIKE '%support plan%'"
    )
    known = ", ".join(map(literal, KNOWN))
    # Software by the hour of an observed machine is that machine's cost, as a licence is.
    sold = "(publisher ILIKE '%marketplace%' OR LOWER(publisher) = 'vendor')"
    return (
        f"CASE {' '.join(arms)} WHEN charge NOT IN ({known}) THEN 'unknown' "
        f"WHEN {BOUGHT} THEN 'commitment_fee' "
        f"WHEN {sold} AND charge = 'Usage' AND place = {literal(BY_ID)} THEN 'license' "
        f"WHEN {sold} THEN 'marketplace' "
        f"WHEN {support} AND NOT category ILIKE '%kubernetes%' THEN 'support' END"
    )


PER_GIB = "REGEXP_MATCHES(meter, 'provisioned capacity', 'i')"
"""Disks that are charged by the GiB (Premium SSD v2, Ultra); all others by tier."""


def quantity() -> str:
    """The amount in the unit of the report's prices, as SQL over quantity, cost_class, day.

    Nodes and balancers in hours. Disks of a tier in disk-hours: Azure counts them in months, a
    month having the hours it has. Disks charged by size in GiB-hours.
    """
    hours = f"CASE WHEN {PER_GIB} AND NOT unit ILIKE '%month%' THEN quantity "
    return (
        "CASE WHEN cost_class IN ('node', 'load_balancer') THEN quantity "
        f"WHEN cost_class = 'volume' THEN {hours}ELSE quantity * hours_in_month END ELSE 0 END"
    )
