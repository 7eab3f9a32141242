"""The frames that cross plugin borders, as data. docs/reference/frames.md is generated from this.

Kinds: string, timestamp (UTC), float, int, bool. A column that is not `null` may hold none.
Money columns are in the run's one currency, float64; exact sums happen in the engine.
"""

from __future__ import annotations

from burn.api.frames import (
    AllocationFrame,
    BillFrame,
    IdentityFrame,
    InventoryFrame,
    LedgerFrame,
    MountsFrame,
    PodsFrame,
    PresenceFrame,
    PriceFrame,
    UsageFrame,
)
from burn.api.schema import Column, Schema

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

INVENTORY: Schema[InventoryFrame] = Schema(
    "inventory",
    key=("asset_id", "day"),
    about="Assets a metrics source saw, one row per asset and UTC day.",
    columns=(
        Column(
            "asset_id",
            "string",
            doc="`kind/` and the provider id, else the Kubernetes name; unique over clusters",
        ),
        Column("day", "timestamp", doc="UTC midnight"),
        Column("kind", "string", one_of=ASSET_KINDS),
        Column("cluster", "string", doc="empty when the source knows one cluster only"),
        Column("name", "string", doc="Kubernetes name: node, PersistentVolume or Service/Ingress"),
        Column(
            "provider_id",
            "string",
            doc="as Kubernetes has it: node providerID, volume handle, balancer hostname or IP; may be empty",
        ),
        Column("region", "string", focus="RegionId"),
        Column("zone", "string", focus="AvailabilityZone"),
        Column(
            "instance_type",
            "string",
            doc="nodes: well-known label; volumes: storage class; balancers: empty",
        ),
        Column(
            "capacity_type", "string", one_of=CAPACITY_TYPES, doc="nodes only; empty when unknown"
        ),
        Column("os", "string", doc="nodes: linux or windows; empty when unknown"),
        Column("arch", "string", doc="nodes: amd64 or arm64; empty when unknown"),
        Column("cpu_cores", "float", unit="cores", doc="node capacity"),
        Column("cpu_allocatable", "float", unit="cores"),
        Column("memory_gib", "float", unit="GiB", doc="node capacity"),
        Column("memory_allocatable", "float", unit="GiB"),
        Column(
            "gpu_count", "float", unit="devices", doc="physical devices, not time-sliced replicas"
        ),
        Column(
            "storage_gib",
            "float",
            unit="GiB",
            doc="volumes: capacity, averaged over the hours present",
        ),
        Column(
            "hours",
            "float",
            unit="hours",
            doc="observed hours on this day, integrated over scrapes",
        ),
        Column(
            "namespace",
            "string",
            doc="volumes: namespace of the claim; balancers: of the Service; nodes: empty",
        ),
        Column(
            "owner_name",
            "string",
            doc="volumes: claim name; balancers: Service or Ingress name; nodes: node pool if known",
        ),
        Column(
            "pod_uid",
            "string",
            doc="nodes: uid of the only pod seen on it this day (serverless nodes are billed by pod), else empty",
        ),
    ),
)

PRESENCE: Schema[PresenceFrame] = Schema(
    "presence",
    key=("asset_id", "hour"),
    about="How much of each hour each asset was there.",
    columns=(
        Column("asset_id", "string"),
        Column("hour", "timestamp", doc="start of the hour"),
        Column("hours", "float", unit="hours", doc="0 to 1"),
    ),
)

PODS: Schema[PodsFrame] = Schema(
    "pods",
    key=("pod_uid", "day"),
    about="Who each pod is, one row per pod uid and UTC day.",
    columns=(
        Column("pod_uid", "string"),
        Column("day", "timestamp"),
        Column("cluster", "string"),
        Column("namespace", "string"),
        Column("pod", "string"),
        Column(
            "workload_kind",
            "string",
            doc="Deployment, StatefulSet, DaemonSet, CronJob, Job, …; Pod when it has no owner",
        ),
        Column("workload", "string"),
        Column(
            "labels",
            "string",
            doc="JSON object, keys sorted; only Scope.label_keys; pod labels win over namespace labels",
        ),
    ),
)

USAGE: Schema[UsageFrame] = Schema(
    "usage",
    key=("pod_uid", "asset_id", "hour"),
    about="What each pod asked for and used, one row per pod, node and hour.",
    columns=(
        Column("pod_uid", "string"),
        Column("asset_id", "string", doc="the node"),
        Column("hour", "timestamp"),
        Column("hours", "float", unit="hours", doc="presence, 0 to 1"),
        Column("cpu_request", "float", unit="core-hours"),
        Column("cpu_used", "float", unit="core-hours"),
        Column("cpu_p95", "float", unit="cores", null=True, doc="95th percentile within the hour"),
        Column("memory_request", "float", unit="GiB-hours"),
        Column("memory_used", "float", unit="GiB-hours"),
        Column("memory_p95", "float", unit="GiB", null=True),
        Column("memory_max", "float", unit="GiB", null=True),
        Column(
            "gpu_request", "float", unit="device-hours", doc="fractions for time slices and MIG"
        ),
        Column("network_receive", "float", unit="GiB"),
        Column("network_transmit", "float", unit="GiB"),
    ),
)

MOUNTS: Schema[MountsFrame] = Schema(
    "mounts",
    key=("pod_uid", "asset_id", "day"),
    about="Which pod mounted which volume.",
    columns=(
        Column("pod_uid", "string"),
        Column("asset_id", "string", doc="the volume"),
        Column("day", "timestamp"),
    ),
)

IDENTITY: Schema[IdentityFrame] = Schema(
    "identity",
    key=("asset_id", "resource_key"),
    about="Which bill resources an asset is; one asset may have several, one resource only one asset.",
    columns=(
        Column("asset_id", "string"),
        Column("resource_key", "string", doc="the provider's normal form of a bill's resource id"),
        Column(
            "method",
            "string",
            doc="how it was matched: provider id, volume handle, hostname, pod uid, …",
        ),
    ),
)

PRICES: Schema[PriceFrame] = Schema(
    "prices",
    key=("asset_id", "day"),
    about="What a Kubernetes cost report would charge for each asset and day.",
    columns=(
        Column("asset_id", "string"),
        Column("day", "timestamp"),
        Column("quantity", "float", unit="`unit`", doc="observed amount"),
        Column(
            "unit", "string", doc="hours, GiB-hours or vCPU-hours; the bill counts in the same unit"
        ),
        Column("unit_price", "float", unit="currency per `unit`", focus="ListUnitPrice"),
        Column("list_cost", "float", unit="currency", focus="ListCost"),
        Column("currency", "string", focus="BillingCurrency"),
        Column(
            "price_source", "string", doc="bill, price list, price file, or fallback: never silent"
        ),
        Column(
            "cpu_rate",
            "float",
            unit="ratio",
            null=True,
            doc="weight of a core-hour; null = core's default ratio",
        ),
        Column("memory_rate", "float", unit="ratio", null=True, doc="weight of a GiB-hour"),
        Column("gpu_rate", "float", unit="ratio", null=True, doc="weight of a GPU-hour"),
    ),
)

BILL: Schema[BillFrame] = Schema(
    "bill",
    key=(),
    about="Charges in scope, aggregated to day × resource × class; rows outside the cluster to service.",
    columns=(
        Column("day", "timestamp", focus="ChargePeriodStart", doc="UTC midnight"),
        Column(
            "resource_key",
            "string",
            doc="normal form of the resource id; empty when aggregated to service",
        ),
        Column(
            "resource_name",
            "string",
            focus="ResourceName",
            doc="what a person calls it; may be empty",
        ),
        Column("in_cluster", "bool", doc="the row belongs to the cluster, by the method named"),
        Column("match_method", "string", doc="resource id, cluster tag, or rule: …; empty outside"),
        Column("service_name", "string", focus="ServiceName"),
        Column("sub_account_id", "string", focus="SubAccountId"),
        Column("region_id", "string", focus="RegionId"),
        Column(
            "sku",
            "string",
            focus="SkuId",
            doc="usage type or SKU; empty when aggregated to service",
        ),
        Column(
            "charge_category",
            "string",
            one_of=("Usage", "Purchase", "Tax", "Credit", "Adjustment"),
            focus="ChargeCategory",
        ),
        Column(
            "pricing_category",
            "string",
            one_of=("Standard", "Dynamic", "Committed", "Other", ""),
            focus="PricingCategory",
        ),
        Column("commitment_discount_id", "string", focus="CommitmentDiscountId"),
        Column("commitment_discount_type", "string", focus="CommitmentDiscountType"),
        Column("x_charge_kind", "string", doc="the provider's own line type"),
        Column(
            "x_cost_class",
            "string",
            one_of=COST_CLASSES,
            doc="what the charge is for; decides the driver",
        ),
        Column(
            "quantity",
            "float",
            unit="the asset's unit",
            doc="modelled classes: amount in the price's unit; else 0",
        ),
        Column(
            "list_cost", "float", unit="currency", focus="ListCost", doc="at public on-demand rates"
        ),
        Column(
            "x_public_cost",
            "float",
            unit="currency",
            doc="under its pricing model (spot, commitment) at public rates, before negotiated discounts",
        ),
        Column("contracted_cost", "float", unit="currency", focus="ContractedCost"),
        Column(
            "effective_cost",
            "float",
            unit="currency",
            focus="EffectiveCost",
            doc="amortised: what this usage truly cost",
        ),
        Column(
            "billed_cost",
            "float",
            unit="currency",
            focus="BilledCost",
            doc="cash: what this row puts on the invoice",
        ),
        Column("x_lines", "int", doc="bill lines behind this row"),
        Column("billing_currency", "string", focus="BillingCurrency"),
    ),
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

ALLOCATION: Schema[AllocationFrame] = Schema(
    "allocation",
    key=(),
    about="Who carries the cost. Inside the chain: per asset and day. In a report: reduced to owners and day.",
    columns=(
        Column("basis", "string", one_of=BASES),
        Column("day", "timestamp"),
        Column("asset_id", "string", doc="empty for shared rows without an asset, and in a report"),
        Column("cluster", "string"),
        Column(
            "namespace",
            "string",
            doc="empty for idle, system and shared cost that nobody carries yet",
        ),
        Column("workload_kind", "string"),
        Column("workload", "string"),
        Column("owner", "string", doc="set by an ownership policy; empty before"),
        Column(
            "labels", "string", doc="JSON object of the pods' selected labels; `{}` in a report"
        ),
        Column(
            "resource",
            "string",
            doc="cpu, memory, gpu, storage, load_balancer, or a ledger driver's name for shared rows",
        ),
        Column("kind", "string", one_of=COST_KINDS),
        Column("cost", "float", unit="currency"),
    ),
)

SCHEMAS = (INVENTORY, PRESENCE, PODS, USAGE, MOUNTS, IDENTITY, PRICES, BILL, LEDGER, ALLOCATION)
