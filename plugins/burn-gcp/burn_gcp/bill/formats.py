"""Which export a table is, told by its columns.

A column is named by its path, `service.description`: a nested field in BigQuery, Parquet and
JSON lines, a column of that very name in a CSV.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from burn.api import DataError

USAGE = {
    "start": "usage_start_time",
    "end": "usage_end_time",
    "exported": "export_time",
    "account": "project.id",
    "ancestry": "project.ancestry_numbers",
    "service": "service.description",
    "sku_id": "sku.id",
    "sku": "sku.description",
    "region": "location.region",
    "zone": "location.zone",
    "resource": "resource.name",
    "global": "resource.global_name",
    "cost": "cost",
    "list": "cost_at_list",
    "model_list": "cost_at_list_consumption_model",
    "currency": "currency",
    "usage": "usage.amount_in_pricing_units",
    "unit": "usage.pricing_unit",
    "credits": "credits",
    "labels": "labels",
    "month": "invoice.month",
    "cost_type": "cost_type",
    "adjustment": "adjustment_info.type",
    "seller": "seller_name",
    "model": "consumption_model.description",
    "subscription": "subscription.instance_id",
}
"""Fact → path in the standard and the detailed usage cost export."""
FOCUS = {
    "start": "ChargePeriodStart",
    "end": "ChargePeriodEnd",
    "exported": "x_ExportTime",
    "account": "SubAccountId",
    "service": "ServiceName",
    "sku_id": "SkuId",
    "sku": "ChargeDescription",
    "region": "RegionId",
    "zone": "AvailabilityZone",
    "resource": "ResourceName",
    "global": "ResourceId",
    "cost": "BilledCost",
    "list": "ListCost",
    "currency": "BillingCurrency",
    "usage": "PricingQuantity",
    "unit": "PricingUnit",
    "credits": "x_Credits",
    "labels": "Tags",
    "month": "BillingPeriodStart",
    "cost_type": "x_CostType",
    "category": "ChargeCategory",
    "subscription": "CommitmentDiscountId",
}
"""The same in Google's FOCUS table and view."""
_NEEDED = ("start", "end", "account", "service", "sku", "cost", "currency", "month")


@dataclass(frozen=True, slots=True)
class Format:
    """One export: its name, family, and which facts it has, at which path."""

    name: str
    focus: bool
    paths: Mapping[str, str]

    @property
    def resources(self) -> bool:
        """Whether lines name their resource."""
        return "resource" in self.paths or "global" in self.paths


def detect(known: Mapping[str, str]) -> Format:
    """The export with these paths.

    Raises:
        DataError: it is none of them, or lacks a column no figure can do without.
    """
    lower = {path.lower(): path for path in known}
    for facts, focus in ((USAGE, False), (FOCUS, True)):
        found = {fact: lower[p.lower()] for fact, p in facts.items() if p.lower() in lower}
        if {"start", "cost"} <= found.keys():
            missing = [facts[fact] for fact in _NEEDED if fact not in found]
            if missing:
                raise DataError(
                    f"the bill lacks the columns {', '.join(missing)}",
                    hint="export the table whole; a view may rename or drop no column",
                )
            name = "FOCUS" if focus else "detailed" if "global" in found else "standard"
            return Format(f"{name} export", focus, found)
    some = ", ".join(sorted(known)[:6])
    raise DataError(
        f"the bill is no Google Cloud billing export; its columns are {some}, …",
        hint="provider.gcp.bill must hold a detailed or standard usage cost export, or FOCUS",
    )
