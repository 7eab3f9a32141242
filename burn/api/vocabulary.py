"""The words that frames use: kinds of assets and cost, what a bill row is for, ledger groups."""

from __future__ import annotations

ASSET_KINDS = ("node", "volume", "load_balancer")
RESOURCES = ("cpu", "memory", "gpu", "storage", "load_balancer", "network")
COST_KINDS = ("unallocated", "direct", "idle", "system", "shared")
BASES = ("list", "effective", "billed")
CAPACITY_TYPES = ("on_demand", "spot", "")

# What a bill row is *for*. The provider names it; the ledger's driver follows from it.
MODELLED_CLASSES = ("node", "volume", "load_balancer")
UNMODELLED_CLASSES = (
    "control_plane",
    "extended_support",
    "data_transfer",
    "nat",
    "public_ip",
    "load_balancer_usage",
    "node_disk",
    "disk_performance",
    "snapshot",
    "license",
    "observability",
    "other",
)
COMMITMENT_CLASSES = ("unused_commitment", "commitment_fee")
RATE_CLASSES = ("negotiated", "sustained_use", "free_tier")
ACCOUNTING_CLASSES = (
    "credit",
    "refund",
    "adjustment",
    "tax",
    "support",
    "marketplace",
    "rounding",
    "unknown",
)
COST_CLASSES = (
    MODELLED_CLASSES + UNMODELLED_CLASSES + COMMITMENT_CLASSES + RATE_CLASSES + ACCOUNTING_CLASSES
)

LEDGER_GROUPS = ("report", "observation", "rate", "unmodelled", "waste", "outside", "accounting")

LEDGER: Schema[LedgerFrame] = Schema(
    "ledger",
    key=("group", "driver", "subject"),
    about="From the report to the bill: one row per driver and subject, amounts add up to what was billed.",
    columns=(
        Column("group", "string", one_of=LEDGER_GROUPS),
        Column("driver", "string"),
        Column("subject", "string", doc="asset, bill resource, commitment, or service"),
        Column("name", "string", doc="what a person calls the subject"),
        Column("amount", "float", unit="currency"),
        Column("lines", "int", doc="bill lines behind the amount"),
        Column("observed", "float", unit="`unit`", null=True, doc="observed quantity"),
        Column("billed", "float", unit="`unit`", null=True, doc="billed quantity"),
        Column("unit", "string"),
        Column("method", "string", doc="how the subject was tied to the cluster"),
        Column("confidence", "string", one_of=("high", "medium", "low")),
    ),
)
