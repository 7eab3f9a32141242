"""The frames that cross plugin borders, as data. docs/reference/frames.md is generated from this.

Kinds: string, timestamp (UTC), float, int, bool. Money is in the run's one currency, float64.
"""

from __future__ import annotations

from collections.abc import Iterable

from burn.api.allocated import ALLOCATION
from burn.api.assets import ASSETS
from burn.api.commitments import COMMITMENT_TERMS, COMMITMENTS, OFFERS
from burn.api.confidence import IDENTITY_METHODS, MATCH_METHODS, PRICE_SOURCES
from burn.api.containers import ADVICE, CONTAINERS, PLAN, SIZES, SPOT, WORKLOADS
from burn.api.dimensions import DIMENSIONS
from burn.api.frames import BillFrame, IdentityFrame, LedgerFrame, PriceFrame
from burn.api.listed import LISTED
from burn.api.observed import INVENTORY, MOUNTS, PODS, PRESENCE, USAGE
from burn.api.schema import Column, Schema
from burn.api.use import USE
from burn.api.vocabulary import (
    ACCOUNTING_CLASSES,
    ASSET_KINDS,
    BASES,
    CAPACITY_TYPES,
    COMMITMENT_CLASSES,
    COST_CLASSES,
    COST_KINDS,
    FATES,
    LEDGER_GROUPS,
    MODELLED_CLASSES,
    RATE_CLASSES,
    RESOURCES,
    UNITS,
    UNMODELLED_CLASSES,
)

__all__ = [
    "ACCOUNTING_CLASSES",
    "ALLOCATION",
    "ASSETS",
    "ASSET_KINDS",
    "BASES",
    "BILL",
    "CAPACITY_TYPES",
    "COMMITMENTS",
    "COMMITMENT_CLASSES",
    "COMMITMENT_TERMS",
    "CONTAINERS",
    "COST_CLASSES",
    "COST_KINDS",
    "DIMENSIONS",
    "FATES",
    "IDENTITY",
    "IDENTITY_METHODS",
    "INVENTORY",
    "LEDGER",
    "LEDGER_GROUPS",
    "LISTED",
    "MATCH_METHODS",
    "MODELLED_CLASSES",
    "MOUNTS",
    "OFFERS",
    "PLAN",
    "PODS",
    "PRESENCE",
    "PRICES",
    "PRICE_SOURCES",
    "RATE_CLASSES",
    "RESOURCES",
    "SCHEMAS",
    "SIZES",
    "SPOT",
    "UNITS",
    "UNMODELLED_CLASSES",
    "USAGE",
    "USE",
    "WORKLOADS",
]


def _words(known: Iterable[str]) -> str:
    return ", ".join(f"`{one}`" for one in known)


IDENTITY: Schema[IdentityFrame] = Schema(
    "identity",
    key=("asset_id", "resource_key"),
    about="Which bill resources an asset is; one asset may have several. A resource that several assets share is split by their observed hours.",
    columns=(
        Column("asset_id", "string"),
        Column("resource_key", "string", doc="the provider's normal form of a bill's resource id"),
        Column(
            "method",
            "string",
            doc=f"how it was matched, begins with {_words(IDENTITY_METHODS)}; only `shared` ones may be several assets'",
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
        Column("unit", "string", one_of=UNITS, doc="the bill counts in the same unit"),
        Column("unit_price", "float", unit="currency per `unit`", focus="ListUnitPrice"),
        Column("list_cost", "float", unit="currency", focus="ListCost"),
        Column("currency", "string", focus="BillingCurrency"),
        Column(
            "price_source",
            "string",
            doc=f"never silent, begins with {_words(PRICE_SOURCES)}; of a fallback, the ledger is of low confidence",
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
        Column(
            "match_method",
            "string",
            doc=f"begins with {_words(MATCH_METHODS)}; the ledger's confidence follows from it; empty outside",
        ),
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
        Column(
            "x_hours",
            "float",
            unit="hours",
            null=True,
            optional=True,
            doc="lines longer than a day: hours from the midnight of `day` to where they, or the window, end",
        ),
        Column(
            "x_tied_to",
            "string",
            null=True,
            optional=True,
            doc="what the resource's tags or name say uses it: `Service/NAMESPACE/NAME`, Ingress,"
            " IngressGroup, Gateway, PersistentVolumeClaim, PersistentVolume/NAME; `Node/*`: it carries"
            " nodes; `Nothing`: the bill itself charges it as idle. `*` at the end of a part stands for what was cut off",
        ),
        Column("billing_currency", "string", focus="BillingCurrency"),
    ),
)


LEDGER: Schema[LedgerFrame] = Schema(
    "ledger",
    key=("group", "driver", "subject"),
    about="From the report to the bill: one row per driver and subject, amounts add up to what was billed, and with group `invoice` to the invoices.",
    columns=(
        Column("group", "string", one_of=LEDGER_GROUPS),
        Column("driver", "string"),
        Column("subject", "string", doc="asset, bill resource, commitment, service, or invoice"),
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

SCHEMAS = (
    INVENTORY,
    PRESENCE,
    PODS,
    USAGE,
    MOUNTS,
    CONTAINERS,
    WORKLOADS,
    IDENTITY,
    PRICES,
    BILL,
    COMMITMENT_TERMS,
    LISTED,
    LEDGER,
    ALLOCATION,
    DIMENSIONS,
    ASSETS,
    USE,
    COMMITMENTS,
    OFFERS,
    *ADVICE,
)
