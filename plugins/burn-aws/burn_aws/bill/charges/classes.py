"""What a charge is for: usage type, operation and product → `x_cost_class`, as data.

Usage types carry a region prefix outside us-east-1 (`USE2-`, `EUC1-`, `CNN1-`, `UGW1-`, …); the
patterns skip it. First match wins. The regular expressions mean the same to RE2 and to Java.
"""

from __future__ import annotations

from dataclasses import dataclass

from burn.api.bills.queries.rows import BY_ID
from burn_aws.bill.charges.costs import RULES

FARGATE = "Fargate-.*(vCPU-Hours|GB-Hours)"
NODE = "(^|-)(BoxUsage|SpotUsage|DedicatedUsage|HostBoxUsage|HostUsage|ReservedHostUsage|HeavyUsage|SchedUsage)(:|$)"
TRANSFER = (
    "DataTransfer|DataXfer|-AWS-(In|Out)|VPCPeering|TransitGateway-Bytes|VpcEndpoint-Bytes"
    "|(^|-)(In|Out)-[A-Z]?Bytes"
)


@dataclass(frozen=True, slots=True)
class Usage:
    """A class, for products (empty: any) whose usage type matches (empty: any)."""

    name: str
    products: tuple[str, ...] = ()
    pattern: str = ""


USAGES = (
    Usage("license", (), "[Ll]icense|Windows-OS-Hours"),
    Usage("extended_support", ("AmazonEKS",), "[Ee]xtended"),
    Usage("node_disk", ("AmazonEKS",), "Fargate-EphemeralStorage"),
    Usage("node", ("AmazonEKS",), FARGATE),
    Usage("control_plane", ("AmazonEKS",)),
    Usage("nat", (), "NatGateway"),
    Usage("public_ip", (), "PublicIPv4:|ElasticIP:"),
    Usage("snapshot", (), "EBS:(Snapshot|FastSnapshot|directAPI)"),
    Usage("disk_performance", (), "EBS:(VolumeP-|VolumeIO|IOOptimized|VolumeInit)"),
    Usage("volume", (), "EBS:VolumeUsage"),
    Usage("data_transfer", (), TRANSFER),
    Usage("data_transfer", ("AWSDataTransfer",)),
    Usage("load_balancer_usage", ("AWSELB", "AmazonEC2"), "TS-LoadBalancerUsage|LCUUsage"),
    Usage("load_balancer", ("AWSELB", "AmazonEC2"), "(^|-)LoadBalancerUsage$"),
    Usage("load_balancer_usage", ("AWSELB",)),
    Usage("node", ("AmazonEC2",), NODE),
    Usage("observability", ("AmazonCloudWatch", "AmazonPrometheus", "AmazonGrafana", "AWSXRay")),
)


def usage_class() -> str:
    """The class of usage, as SQL over product_code and usage_type."""
    arms = []
    for usage in USAGES:
        tests = []
        if usage.products:
            tests.append(f"product_code IN ({', '.join(repr(name) for name in usage.products)})")
        if usage.pattern:
            tests.append(f"REGEXP_MATCHES(usage_type, '{usage.pattern}')")
        arms.append(f"WHEN {' AND '.join(tests)} THEN '{usage.name}'")
    return f"CASE {' '.join(arms)} ELSE 'other' END"


def line_class(family: str) -> str:
    """The class that a line's type, seller or product decides; NULL for plain usage."""
    # Software by the hour of an observed asset is that asset's cost, as a licence is.
    hourly = "line_type IN ('Usage', 'Usage/Used', 'DiscountedUsage', 'SavingsPlanCoveredUsage')"
    seller = (
        f"WHEN billing_entity LIKE '%Marketplace%' AND place = '{BY_ID}' AND {hourly} THEN 'license' "
        "WHEN billing_entity LIKE '%Marketplace%' THEN 'marketplace' "
        "WHEN REGEXP_MATCHES(product_code, '[Ss]upport') THEN 'support' "
    )
    fee = "CASE WHEN effective_cost <> 0 THEN 'unused_commitment' ELSE 'commitment_fee' END"
    if family == "focus":
        return (
            "CASE WHEN line_type = 'Tax' THEN 'tax' WHEN line_type = 'Credit' THEN 'credit' "
            "WHEN line_type LIKE '%/Correction' THEN "
            "CASE WHEN billed_cost < 0 THEN 'refund' ELSE 'adjustment' END "
            "WHEN line_type = 'Adjustment' THEN 'adjustment' "
            "WHEN line_type = 'Usage/Unused' THEN 'unused_commitment' "
            "WHEN line_type = 'Purchase' AND (commitment <> '' OR pricing = 'Committed') "
            f"THEN 'commitment_fee' {seller}"
            "WHEN line_type IN ('Usage', 'Usage/Used', 'Purchase') THEN NULL ELSE 'unknown' END"
        )
    arms = [
        f"WHEN line_type = '{kind}' THEN '{rule.cost_class}'"
        for kind, rule in RULES.items()
        if rule.cost_class
    ]
    return (
        f"CASE {' '.join(arms)} WHEN line_type IN ('RIFee', 'SavingsPlanRecurringFee') THEN {fee} "
        f"WHEN line_type = 'Fee' AND commitment <> '' THEN {fee} {seller}"
        f"WHEN line_type IN ({', '.join(repr(kind) for kind in RULES)}) THEN NULL "
        "ELSE 'unknown' END"
    )


def quantity(detail: bool) -> str:
    """The amount in the unit of the report's prices, as SQL over usage, cost_class, day.

    Nodes and balancers in hours, Fargate pods in vCPU-hours (their memory has no amount of its
    own), volumes in GiB-hours: AWS counts GB-months, a month having the hours it has.

    Args:
        detail: also for root volumes, which may turn out to be a claim's (see `key_matching`).
    """
    disks = "'volume', 'node_disk'" if detail else "'volume'"
    return (
        "CASE WHEN cost_class = 'node' AND usage_type LIKE '%Fargate%' THEN "
        "CASE WHEN usage_type LIKE '%vCPU%' THEN usage ELSE 0 END "
        "WHEN cost_class IN ('node', 'load_balancer') THEN usage "
        f"WHEN cost_class IN ({disks}) THEN usage * hours_in_month ELSE 0 END"
    )
