"""Which export a table is, told by its columns; and where each fact of a line is in it.

AWS spells one column three ways: `lineItem/UsageType` (legacy CUR as CSV), and
`line_item_usage_type` (legacy CUR as Parquet, Athena tables, CUR 2.0). Names are compared with
case and punctuation taken away, so that `reservation/ReservationARN` finds
`reservation_reservation_a_r_n`.
Source: AWS Data Exports user guide, data dictionary and FOCUS column tables.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from burn.api import DataError

Family = Literal["cur", "focus"]

CUR = {
    "line_type": "line_item_line_item_type",
    "start": "line_item_usage_start_date",
    "end": "line_item_usage_end_date",
    "month": "bill_billing_period_start_date",
    "account": "line_item_usage_account_id",
    "product_code": "line_item_product_code",
    "usage_type": "line_item_usage_type",
    "operation": "line_item_operation",
    "resource_id": "line_item_resource_id",
    "usage": "line_item_usage_amount",
    "currency": "line_item_currency_code",
    "unblended": "line_item_unblended_cost",
    "net_unblended": "line_item_net_unblended_cost",
    "discount": "discount_total_discount",
    "public": "pricing_public_on_demand_cost",
    "sp_effective": "savings_plan_savings_plan_effective_cost",
    "sp_net_effective": "savings_plan_net_savings_plan_effective_cost",
    "sp_arn": "savings_plan_savings_plan_a_r_n",
    "sp_total": "savings_plan_total_commitment_to_date",
    "sp_used": "savings_plan_used_commitment",
    "sp_recurring": "savings_plan_recurring_commitment_for_billing_period",
    "sp_upfront": "savings_plan_amortized_upfront_commitment_for_billing_period",
    "sp_net_recurring": "savings_plan_net_recurring_commitment_for_billing_period",
    "sp_net_upfront": "savings_plan_net_amortized_upfront_commitment_for_billing_period",
    "ri_effective": "reservation_effective_cost",
    "ri_net_effective": "reservation_net_effective_cost",
    "ri_arn": "reservation_reservation_a_r_n",
    "ri_unused_upfront": "reservation_unused_amortized_upfront_fee_for_billing_period",
    "ri_unused_recurring": "reservation_unused_recurring_fee",
    "ri_net_unused_upfront": "reservation_net_unused_amortized_upfront_fee_for_billing_period",
    "ri_net_unused_recurring": "reservation_net_unused_recurring_fee",
    "sp_offering": "savings_plan_offering_type",
    "sp_family": "savings_plan_instance_type_family",
    "sp_region": "savings_plan_region",
    "sp_term": "savings_plan_purchase_term",
    "sp_payment": "savings_plan_payment_option",
    "sp_start": "savings_plan_start_time",
    "sp_end": "savings_plan_end_time",
    "ri_start": "reservation_start_time",
    "ri_end": "reservation_end_time",
    "ri_offering": "pricing_offering_class",
    "ri_term": "pricing_lease_contract_length",
    "ri_payment": "pricing_purchase_option",
    "reservation": "capacity_reservation_capacity_reservation_arn",
    "region": "product_region_code",
    "region_old": "product_region",
    "service": "product_product_name",
    "service_code": "product_servicecode",
    "billing_entity": "bill_billing_entity",
    "invoice": "bill_invoice_id",
    "description": "line_item_line_item_description",
    "line_id": "identity_line_item_id",
    "interval": "identity_time_interval",
    "split_parent": "split_line_item_parent_resource_id",
    "split_cost": "split_line_item_split_cost",
    "split_unused": "split_line_item_unused_cost",
    "split_net_cost": "split_line_item_net_split_cost",
    "split_net_unused": "split_line_item_net_unused_cost",
}
FOCUS = {
    "category": "ChargeCategory",
    "charge_class": "ChargeClass",
    "frequency": "ChargeFrequency",
    "start": "ChargePeriodStart",
    "end": "ChargePeriodEnd",
    "month": "BillingPeriodStart",
    "account": "SubAccountId",
    "product_code": "x_ServiceCode",
    "usage_type": "x_UsageType",
    "operation": "x_Operation",
    "resource_id": "ResourceId",
    "usage": "PricingQuantity",
    "consumed": "ConsumedQuantity",
    "unit": "PricingUnit",
    "currency": "BillingCurrency",
    "billed": "BilledCost",
    "effective": "EffectiveCost",
    "list": "ListCost",
    "contracted": "ContractedCost",
    "pricing": "PricingCategory",
    "commitment": "CommitmentDiscountId",
    "commitment_name": "CommitmentDiscountName",
    "offering": "CommitmentDiscountType",
    "status": "CommitmentDiscountStatus",
    "reservation": "CapacityReservationId",
    "region": "RegionId",
    "region_old": "Region",
    "service": "ServiceName",
    "publisher": "PublisherName",
    "provider": "ProviderName",
    "issuer": "InvoiceIssuerName",
    "invoice": "InvoiceId",
    "resource_name": "ResourceName",
    "description": "ChargeDescription",
}
REQUIRED: Mapping[Family, tuple[str, ...]] = {
    "cur": (
        *("line_type", "start", "end", "month", "account", "product_code", "usage_type"),
        *("resource_id", "usage", "currency", "unblended"),
    ),
    "focus": (
        *("category", "start", "end", "month", "account", "resource_id", "usage", "currency"),
        *("billed", "effective", "list", "service"),
    ),
}
TAG_MAPS: Mapping[Family, tuple[str, ...]] = {"cur": ("resource_tags", "tags"), "focus": ("Tags",)}
_TAG_PREFIX = {"resourcetags"}
_FOCUS_12 = ("InvoiceId", "BillingAccountType", "PricingCurrency", "SkuMeter", "ServiceSubcategory")


@dataclass(frozen=True, slots=True)
class Format:
    """One export as it lies before us.

    Attributes:
        name: what a reader knows it as.
        family: CUR (legacy or 2.0) or FOCUS.
        columns: fact → column name in the table; facts the export lacks are absent.
        tag_map: the column with all tags (a map or a JSON text), or None.
        tags: tags that have a column of their own: squashed tag name → column name.
        product_map: CUR 2.0's `product` map column, or None.
    """

    name: str
    family: Family
    columns: Mapping[str, str]
    tag_map: str | None
    tags: Mapping[str, str]
    product_map: str | None


def squash(name: str) -> str:
    """A column or tag name without case and punctuation, for comparing spellings."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def detect(columns: Iterable[str]) -> Format:
    """The format of a table with these columns.

    Raises:
        DataError: no format fits; names the nearest one and what it lacks.
    """
    by_squashed: dict[str, str] = {}
    for column in columns:  # of tags whose keys differ in case alone, the first
        by_squashed.setdefault(squash(column), column)
    found = {
        "cur": {k: by_squashed[squash(n)] for k, n in CUR.items() if squash(n) in by_squashed},
        "focus": {k: by_squashed[squash(n)] for k, n in FOCUS.items() if squash(n) in by_squashed},
    }
    family: Family = "cur" if _fit(found, "cur") >= _fit(found, "focus") else "focus"
    names = CUR if family == "cur" else FOCUS
    missing = [names[fact] for fact in REQUIRED[family] if fact not in found[family]]
    tag_map = next(
        (by_squashed[squash(m)] for m in TAG_MAPS[family] if squash(m) in by_squashed), None
    )
    product = by_squashed.get("product") if family == "cur" else None
    name = _name(family, by_squashed, cur2=bool(tag_map or product))
    if missing:
        raise DataError(_lacking(name, missing, list(by_squashed.values())), hint=_hint(name))
    tags = {
        key.removeprefix("resourcetags"): column
        for key, column in by_squashed.items()
        if key.startswith("resourcetags") and key not in _TAG_PREFIX
    }
    return Format(name, family, found[family], tag_map, tags, product)


def _fit(found: Mapping[str, Mapping[str, str]], family: Family) -> float:
    needed = REQUIRED[family]
    return sum(fact in found[family] for fact in needed) / len(needed)


def _name(family: Family, by_squashed: Mapping[str, str], *, cur2: bool) -> str:
    if family == "focus":
        newer = sum(squash(column) in by_squashed for column in _FOCUS_12)
        return "FOCUS 1.2" if newer >= 2 else "FOCUS 1.0"
    return "CUR 2.0" if cur2 or "billingperiod" in by_squashed else "legacy CUR"


def _lacking(name: str, missing: list[str], have: list[str]) -> str:
    near = difflib.get_close_matches(missing[0], have, n=1)
    also = f" (nearest: `{near[0]}`)" if near else ""
    return f"the bill looks like {name} but lacks {', '.join(f'`{m}`' for m in missing)}{also}"


def _hint(name: str) -> str:
    if name == "CUR 2.0":
        return "add the columns to the export's query (resource ids need INCLUDE_RESOURCES)"
    if name == "legacy CUR":
        return "is this a Cost and Usage Report? resource ids must be switched on in its definition"
    return "use an AWS FOCUS 1.0 or 1.2 export with all columns"
