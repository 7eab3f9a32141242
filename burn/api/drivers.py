"""Every driver the ledger can name: its group, why it exists, what a reader can do.

Words for an engineer and a finance partner at once, of no cloud. A driver of the groups `rate`, `unmodelled`
and `accounting` is a cost class too: a bill row of `x_cost_class` NAME lands in it (see `burn.api.vocabulary`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Driver:
    """One named reason why two figures differ.

    Attributes:
        name: stable; what the ledger's `driver` column and `burn explain` take.
        group: one of `burn.api.schemas.LEDGER_GROUPS`.
        title: two or three words for a table.
        why, advice: a sentence each: why money sits here, and what a reader can do about it.
    """

    name: str
    group: str
    title: str
    why: str
    advice: str


GROUP_TITLES = {
    "report": "Kubernetes report",
    "observation": "What was seen",
    "rate": "What was paid per unit",
    "unmodelled": "What no report models",
    "waste": "Paid for, not used",
    "outside": "Outside the cluster",
    "accounting": "How it was invoiced",
    "invoice": "On to the invoice",
}

_ALL = (
    Driver(
        "report",
        "report",
        "Report",
        "Observed hours of nodes, volumes and load balancers at list price.",
        "This is where a Kubernetes cost report ends; read on for what was charged.",
    ),
    Driver(
        "uptime",
        "observation",
        "Uptime",
        "The bill counts more or fewer hours than the metrics saw: start-up, shutdown, metrics gaps.",
        "Check metrics gaps first; short-lived nodes are billed before they join the cluster.",
    ),
    Driver(
        "unseen",
        "observation",
        "Unseen",
        "On the bill and tied to the cluster, yet never in the metrics: dead nodes, orphaned disks.",
        "Find out what each is, who uses it, and why it is not in the metrics.",
    ),
    Driver(
        "unbilled",
        "observation",
        "Unbilled",
        "Seen in the cluster, not on this bill: late data, another account, or hardware of your own.",
        "Rerun when the bill is final; if it stays, add the account that pays for these assets.",
    ),
    Driver(
        "list_price",
        "rate",
        "List price",
        "The bill's list price per unit differs from the one the report assumed.",
        "Let burn learn prices from the bill, or correct the price file for these types.",
    ),
    Driver(
        "spot",
        "rate",
        "Spot",
        "Interruptible capacity costs less than the list price the report assumes.",
        "Keep it: this discount is earned. Charge teams at effective cost so that they see it.",
    ),
    Driver(
        "commitment",
        "rate",
        "Commitments",
        "Usage covered by a savings plan, reservation or committed use is charged at its lower rate.",
        "Compare with unused commitment before you buy more.",
    ),
    Driver(
        "negotiated",
        "rate",
        "Negotiated",
        "Your agreement with the provider lowers public rates.",
        "Check the rate against the contract; restate chargeback at effective cost.",
    ),
    Driver(
        "sustained_use",
        "rate",
        "Sustained use",
        "The provider lowers the rate by itself for machines that run most of the month.",
        "Nothing to do; commitments may replace this discount.",
    ),
    Driver(
        "free_tier",
        "rate",
        "Free tier",
        "The first units of the month are free of charge.",
        "Nothing to do; do not plan on it as usage grows.",
    ),
    Driver(
        "control_plane",
        "unmodelled",
        "Control plane",
        "The managed Kubernetes control plane is charged by cluster and hour.",
        "Merge small clusters; share the fee among namespaces by policy.",
    ),
    Driver(
        "extended_support",
        "unmodelled",
        "Extended support",
        "The cluster runs a Kubernetes version past standard support, at a surcharge by the hour.",
        "Upgrade the cluster to a version in standard support.",
    ),
    Driver(
        "data_transfer",
        "unmodelled",
        "Data transfer",
        "Bytes that left a zone, a region or the cloud are charged on the resource that sent them.",
        "Keep chatty services in one zone; put a cache or an endpoint before the largest senders.",
    ),
    Driver(
        "nat",
        "unmodelled",
        "NAT",
        "Network address translation charges by gateway hour and by byte.",
        "Reach the provider's own services through private endpoints, and pull images through a cache.",
    ),
    Driver(
        "public_ip",
        "unmodelled",
        "Public IPs",
        "Each public IPv4 address is charged by the hour, in use or idle.",
        "Release idle addresses; put services behind one balancer or use IPv6.",
    ),
    Driver(
        "load_balancer_usage",
        "unmodelled",
        "Balancer usage",
        "Load balancers charge for traffic and connections on top of their hours.",
        "Look at the busiest balancer; share one between small services.",
    ),
    Driver(
        "load_balancer_rules",
        "unmodelled",
        "Balancer rules",
        "Rules of a load balancer beyond those that its hours include are charged by the hour.",
        "Each port of a Service is a rule: drop ports that nobody calls, or use one ingress.",
    ),
    Driver(
        "node_disk",
        "unmodelled",
        "Node disks",
        "Boot and local disks of nodes are charged apart from the machine.",
        "Shrink the node image's disk or choose a cheaper disk type.",
    ),
    Driver(
        "disk_performance",
        "unmodelled",
        "Disk performance",
        "Provisioned operations and throughput are charged on top of a disk's size.",
        "Lower provisioned performance to what the disk's metrics show.",
    ),
    Driver(
        "snapshot",
        "unmodelled",
        "Snapshots",
        "Backups of volumes are stored and charged after the volume is gone.",
        "Set an expiry on snapshots; ask whose backups those without a volume are.",
    ),
    Driver(
        "license",
        "unmodelled",
        "Licences",
        "Software licences are charged by the hour or core on top of the machine.",
        "Move workloads that do not need the licence to unlicensed nodes.",
    ),
    Driver(
        "observability",
        "unmodelled",
        "Observability",
        "Logs, metrics and traces of the cluster are charged by volume.",
        "Drop noisy logs and unused metrics at the source; shorten retention.",
    ),
    Driver(
        "other",
        "unmodelled",
        "Other charges",
        "Charges on cluster resources that fit no other driver.",
        "Look at the lines with `burn explain other`.",
    ),
    Driver(
        "unused_commitment",
        "waste",
        "Unused commitment",
        "Committed spend that no usage took up; the cluster bears the share it takes of the commitment.",
        "Move steady workloads under the commitment, or let it run out at the next renewal.",
    ),
    Driver(
        "outside",
        "outside",
        "Outside",
        "Charges in the same scope that are not the cluster's, by service.",
        "Narrow the scope if this is another team's; tie it to the cluster by tags if it is yours.",
    ),
    Driver(
        "amortisation",
        "accounting",
        "Amortisation",
        "Fees are invoiced when they fall due, and spread over the usage they cover.",
        "Compare cash with cash: use the billed basis to match an invoice, effective for chargeback.",
    ),
    Driver(
        "credit",
        "accounting",
        "Credits",
        "Promotional or programme credits lower this invoice, not the price of the usage.",
        "Watch the expiry date; budget without them.",
    ),
    Driver(
        "refund",
        "accounting",
        "Refunds",
        "Money given back for an earlier charge.",
        "Assign it to the month and team of the original charge.",
    ),
    Driver(
        "adjustment",
        "accounting",
        "Adjustments",
        "Corrections the provider made to earlier charges.",
        "Ask the provider for the reason if the amount is material.",
    ),
    Driver(
        "tax",
        "accounting",
        "Tax",
        "Tax on the invoice; no Kubernetes report has it.",
        "Compare spend before tax with the report.",
    ),
    Driver(
        "support",
        "accounting",
        "Support",
        "The provider's support plan, often a percentage of spend.",
        "Share it by cost, or check that the plan's level is needed.",
    ),
    Driver(
        "marketplace",
        "accounting",
        "Marketplace",
        "Third-party products bought through the provider's marketplace.",
        "Send it to the product's owner.",
    ),
    Driver(
        "rounding",
        "accounting",
        "Rounding",
        "The invoice rounds sums that the bill's lines do not.",
        "Nothing to do while it stays within cents.",
    ),
    Driver(
        "unknown",
        "accounting",
        "Unknown type",
        "Bill lines of a type burn has no rule for, kept at what was billed.",
        "Report the line type, so that it gets a rule.",
    ),
    Driver(
        "other_time",
        "invoice",
        "Other time",
        "On the invoices of the window's months, for time outside the window.",
        "Choose a whole billing month as window; what is left came late, and is of another month.",
    ),
    Driver(
        "other_invoices",
        "invoice",
        "Other invoices",
        "Of the window, but on the invoices of months other than its own: late usage, or refunds.",
        "Look for it on that month's invoice; `burn explain invoice` says which.",
    ),
)

DRIVERS: dict[str, Driver] = {driver.name: driver for driver in _ALL}
"""By name, in the order a ledger is read."""

WORKED_OUT = ("list_price", "spot", "commitment", "amortisation")
"""Drivers of those groups that are no cost class: the ledger works them out, no bill row says them."""
