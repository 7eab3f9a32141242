"""Which export a table is, told by its columns.

A column is named by its path, `service.description`: a nested field in BigQuery, Parquet and
JSON lines, a column of that very name in a CSV.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from burn.api import DataError

USAGE: dict[str, str | tuple[str, ...]] = {
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
    "adjustment_mode": "adjustment_info.mode",
    "adjustment_text": "adjustment_info.description",
    "seller": "seller_name",
    "transaction": "transaction_type",
    "model": "consumption_model.description",
    "subscription": "subscription.instance_id",
}
"""Fact → path in the standard and the detailed usage cost export."""
FOCUS: dict[str, str | tuple[str, ...]] = {
    "start": "ChargePeriodStart",
    "end": "ChargePeriodEnd",
    "exported": "x_ExportTime",
    # The view has the billing account in SubAccountId.
    "account": ("x_Project.Id", "SubAccountId"),
    "ancestry": ("x_Project.AncestryNumbers", "x_Project.ancestry_numbers"),
    "service": "ServiceName",
    "sku_id": "SkuId",
    "sku": "ChargeDescription",
    "region": "RegionId",
    "zone": "AvailabilityZone",
    "resource": "ResourceName",
    "global": "ResourceId",
    "cost": "BilledCost",
    "list": "ListCost",
    "model_list": "x_CostAtListConsumptionModel",
    "currency": "BillingCurrency",
    "usage": "PricingQuantity",
    "unit": "PricingUnit",
    "consumed": "ConsumedQuantity",
    "consumed_unit": "ConsumedUnit",
    "credits": "x_Credits",
    "labels": ("x_Labels", "Tags"),
    "month": "BillingPeriodStart",
    "cost_type": "x_CostType",
    "category": "ChargeCategory",
    "frequency": "ChargeFrequency",
    "seller": "PublisherName",
    "model": "x_ConsumptionModelDescription",
    "subscription": ("x_SubscriptionInstanceId", "CommitmentDiscountId"),
}
"""The same in Google's FOCUS table (1.2) and in its FOCUS view of the detailed export (1.0)."""
_NEEDED = (
    *("start", "end", "account", "service", "sku", "region", "cost", "currency", "month"),
    *("usage", "unit", "credits", "labels", "cost_type"),
)
"""Facts without which a figure would be wrong: money, ties to the cluster, hours, classes."""
DETAILED = (
    "switch on `Detailed usage cost` under Billing > Billing export and read that table; a dataset"
    " in the US or EU multi-region is filled from the start of the month before, any other from"
    " that day on"
)
"""What to do about an export without resources."""
_POORER = {
    "list": "list prices are those paid, so no negotiated discount shows",
    "model_list": "what a commitment's price saves is told from the list price alone",
    "model": "no commitment of the newer model can be told",
    "seller": "resold products are shown as services",
}
"""Facts that exports of their time do not have, and what is not seen without them."""


@dataclass(frozen=True, slots=True)
class Format:
    """One export: its name, family, and which facts it has, at which path."""

    name: str
    focus: bool
    paths: Mapping[str, str]

    @property
    def family(self) -> str:
        """Exports of one family can be read together; FOCUS's table and view spell facts apart."""
        if not self.focus:
            return self.name
        return f"{self.name} ({'table' if self.paths['labels'] == 'x_Labels' else 'view'})"

    @property
    def resources(self) -> bool:
        """Whether lines name their resource."""
        return "resource" in self.paths or "global" in self.paths

    @property
    def poorer(self) -> str:
        """What cannot be seen because the export lacks it; empty: nothing."""
        facts = FOCUS if self.focus else USAGE
        lacking = {fact: why for fact, why in _POORER.items() if fact not in self.paths}
        if "model" in lacking:  # both came at once
            lacking.pop("model_list", None)
        told = [f"no {spellings(facts[fact])[0]} ({why})" for fact, why in lacking.items()]
        return f"the export has {', '.join(told)}" if told else ""


def detect(known: Mapping[str, str]) -> Format:
    """The export with these paths.

    Raises:
        DataError: it is none of them, or lacks a column no figure can do without.
    """
    lower = {path.lower(): path for path in known}
    for facts, focus in ((USAGE, False), (FOCUS, True)):
        found = dict(_found(facts, lower))
        if {"start", "cost"} <= found.keys():
            _require(found, facts)
            name = "FOCUS" if focus else "detailed" if "global" in found else "standard"
            return Format(f"{name} export", focus, found)
    some = ", ".join(sorted(known)[:6])
    raise DataError(
        f"the bill is no Google Cloud billing export; its columns are {some}, …",
        hint="provider.gcp.bill must hold a detailed or standard usage cost export, or FOCUS",
    )


def _require(found: Mapping[str, str], facts: Mapping[str, str | tuple[str, ...]]) -> None:
    told = found.keys() | ({"cost_type"} if "category" in found else set())
    missing = [spellings(facts[fact])[0] for fact in _NEEDED if fact not in told]
    if missing:
        many = "s" * (len(missing) > 1)
        raise DataError(
            f"the bill lacks the column{many} {', '.join(missing)}",
            hint="export the table whole; a view may rename or drop no column",
        )


def _found(
    facts: Mapping[str, str | tuple[str, ...]], lower: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Each fact that there is, at the first of its paths that there is."""
    for fact, paths in facts.items():
        known = [lower[path.lower()] for path in spellings(paths) if path.lower() in lower]
        if known:
            yield fact, known[0]


def spellings(paths: str | tuple[str, ...]) -> tuple[str, ...]:
    """The paths that a fact can have, best first."""
    return (paths,) if isinstance(paths, str) else paths
