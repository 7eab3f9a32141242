"""What a charge is for: service and SKU description → `x_cost_class`, component and pool, as data.

SKU descriptions are Google's own (Cloud Billing Catalog). First match wins. A component names
what a rate is of, in a region: `n2 core`, `n2 ram`; commitments are bought of the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from burn_gcp.bill.charges.pods import pod_skus

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Sku:
    """A class, for services and SKUs whose descriptions match (empty: any)."""

    name: str
    service: str = ""
    sku: str = ""


FEE = "(?i)^commitment"
COMPUTE = "(?i)^compute engine$"
TPU = r"(?i)\btpu\b"
SKUS = (
    Sku("unused_commitment", "", FEE),
    Sku("license", "", r"(?i)\blicen[cs](?:e|es|ing)\b"),
    Sku("adjustment", "^Invoice$", ""),
    Sku("support", "(?i)support$|^support|customer care", ""),
    Sku("extended_support", "Kubernetes Engine", "(?i)extended"),
    Sku("node", "Kubernetes Engine", "^Autopilot .*Pod (?:mCPU|CPU|Memory|GPU)"),
    Sku("node_disk", "Kubernetes Engine", "^Autopilot .*Pod (?:Ephemeral|Local)"),
    Sku("control_plane", "Kubernetes Engine"),
    Sku("nat", "", "(?i)cloud nat|nat gateway"),
    Sku("public_ip", "", "(?i)(?:static|external|ephemeral) ip(?: charge|v4)?|ip address"),
    Sku("snapshot", "", "(?i)snapshot|machine image"),
    Sku("disk_performance", "", "(?i)(?:provisioned )?(?:iops|throughput)(?: |$)"),
    Sku("load_balancer", "", "(?i)forwarding rule"),
    Sku("load_balancer_usage", "", "(?i)load balanc|data processing charge|proxy instance"),
    Sku("data_transfer", "", "(?i)egress|ingress|data transfer|network.*(?:inter|intra)"),
    Sku("node_disk", COMPUTE, "(?i)local storage|local ssd"),
    Sku("volume", COMPUTE, "(?i)pd capacity|hyperdisk.*capacity|regional.*pd"),
    Sku(
        "node",
        COMPUTE,
        r"(?i)instance (?:core|ram)|running in|attached to .*\bvms\b|\bgpu\b|nvidia|\btpu|sole tenancy"
        r"|with burstable cpu|confidential",
    ),
    Sku("node", TPU, r"(?i)\btpu"),
    Sku("observability", "(?i)logging|monitoring|trace|prometheus"),
)
SPOT = r"(?i)\b(?:spot|preemptible)\b"
"""In front of a SKU's name, or after it: `GPU attached to Spot Preemptible VMs running in Warsaw`."""
EXTRA = r"(?i)\bpremium\b|\bsurcharge\b|\bconfidential\b"
"""Charged on top of a core or GiB that has its own line: M2's upgrade, sole tenancy, Confidential VM."""
CORE, RAM = "(?i) core(?: |$)| cpu(?: |$)|instance running in|burstable", "(?i) ram(?: |$)"


def described(skus: pd.DataFrame) -> pd.DataFrame:
    """What distinct SKUs are.

    Args:
        skus: columns service, sku; each pair once.

    Returns:
        The same with cost_class, spot, part (core, ram or empty) and component; pod_key and
        per_unit of Autopilot pods, see `burn_gcp.bill.charges.pods`.
    """
    import numpy as np

    service, sku = skus["service"], skus["sku"]

    def matches(rule: Sku) -> pd.Series[bool]:
        here = service.str.contains(rule.service, regex=True)
        return here & sku.str.contains(rule.sku, regex=True)

    names = np.select([matches(rule) for rule in SKUS], [rule.name for rule in SKUS], "other")
    out = skus.assign(cost_class=names)
    out["spot"] = sku.str.contains(SPOT, regex=True)
    core, ram = sku.str.contains(CORE, regex=True), sku.str.contains(RAM, regex=True)
    extra = sku.str.contains(EXTRA, regex=True)
    out["part"] = np.select([extra, ram, core], ["", "ram", "core"], "")
    out["component"] = component(sku)
    pods = pod_skus(sku)
    out["spot"] |= pods["spot"]
    out["part"] = pods["part"].where(pods["part"] != "", out["part"])
    return out.assign(pod_key=pods["pod_key"], per_unit=pods["per_unit"])


def component(sku: pd.Series[str]) -> pd.Series[str]:
    """`n2 core` of `Spot Preemptible N2 Custom Instance Core running in Iowa`, of its fee too.

    One thing has several names: a GPU with and without its maker, a Local SSD on its usage and on
    its commitment, spot before a name and after it.
    """
    name = sku.str.lower().str.replace(r"^commitment v\d+: ", "", regex=True)
    for told, kept in _SPELLINGS:
        name = name.str.replace(told, kept, regex=True)
    name = name.str.replace(r"\s+", " ", regex=True).str.strip()
    pods = pod_skus(sku)["component"]
    return pods.where(pods != "", name)


_SPELLINGS = (
    (r"^(?:spot )?(?:preemptible )?", ""),
    (r" attached to (?:spot )?(?:preemptible )?vms\b", ""),
    (r" (?:running )?in .*$| for \d+ years?$", ""),
    (r"^ssd backed local storage", "local ssd"),
    (r"\b(?:instance|predefined|custom|extended|nvidia|tesla)\b", " "),
    (r"\bcpu\b", "core"),
    (r"^(?!sole tenancy premium)(.*)\bsole tenancy +(?=(?:core|ram)\b)", r"\1"),
    (r"^\s*n1 ", ""),
)
"""What is taken out of a description, or written another way, in this order."""
