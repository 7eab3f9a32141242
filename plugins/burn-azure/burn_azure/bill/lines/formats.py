"""Which export a table is, told by its columns; and where each fact of a line is in it.

Enterprise, customer and pay-as-you-go agreements spell the same facts differently, portals
translate headers (`Kategorie der Verbrauchseinheit (MeterCategory)`), and versions change case.
Names are compared without case and punctuation, by the English name in parentheses if there is.
Source: Microsoft Learn, "Understand cost details fields"; FOCUS columns of Azure's export.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from burn.api import DataError
from burn_azure.bill.checks.lacking import Kind, kind_of, poorer, required

Family = Literal["cost", "focus"]

COST: Mapping[str, tuple[str, ...]] = {
    "date": ("date", "usageDateTime", "usageDate"),
    "service_start": ("servicePeriodStartDate",),
    "service_end": ("servicePeriodEndDate",),
    "account": ("subscriptionId", "subscriptionGuid"),
    "resource_id": ("resourceId", "instanceId", "instanceName"),
    "resource_name": ("resourceName",),
    "region": ("resourceLocation", "location"),
    "category": ("meterCategory",),
    "subcategory": ("meterSubCategory",),
    "meter": ("meterName",),
    "consumed_service": ("consumedService",),
    "family": ("serviceFamily",),
    "product": ("productName", "product"),
    "quantity": ("quantity", "usageQuantity", "consumedQuantity"),
    "unit": ("unitOfMeasure",),
    "cost": ("costInBillingCurrency", "preTaxCost", "cost"),
    "currency": ("billingCurrency", "billingCurrencyCode", "currency"),
    "effective_price": ("effectivePrice", "resourceRate"),
    "unit_price": ("unitPrice",),
    "payg_price": ("payGPrice",),
    "payg_cost": ("paygCostInBillingCurrency",),
    "pricing_currency": ("pricingCurrency", "pricingCurrencyCode"),
    "exchange_rate": ("exchangeRatePricingToBilling",),
    "charge": ("chargeType",),
    "pricing": ("pricingModel",),
    "frequency": ("frequency",),
    "month": ("billingPeriodStartDate",),
    "reservation": ("reservationId",),
    "benefit": ("benefitId",),
    "held_name": ("benefitName", "reservationName"),
    "term": ("term",),
    "publisher_type": ("publisherType",),
    "invoice": ("invoiceId", "invoiceNo"),
    "info": ("additionalInfo",),
    "tags": ("tags",),
}
FOCUS: Mapping[str, tuple[str, ...]] = {
    "date": ("ChargePeriodStart",),
    "end": ("ChargePeriodEnd",),
    "account": ("SubAccountId",),
    "resource_id": ("ResourceId",),
    "resource_name": ("ResourceName",),
    "region": ("RegionId", "Region"),
    "category": ("x_SkuMeterCategory",),
    "subcategory": ("x_SkuMeterSubcategory",),
    "meter": ("x_SkuMeterName", "SkuMeter"),
    "service": ("ServiceName",),
    "product": ("ChargeDescription",),
    "quantity": ("ConsumedQuantity", "x_UsageQuantity", "UsageQuantity"),
    "unit": ("x_PricingUnitDescription", "PricingUnit"),
    "cost": ("BilledCost",),
    "effective": ("EffectiveCost",),
    "list": ("ListCost",),
    "contracted": ("ContractedCost", "x_OnDemandCost"),
    "currency": ("BillingCurrency",),
    "charge": ("ChargeCategory",),
    "charge_class": ("ChargeClass",),
    "charge_kind": ("ChargeSubcategory",),
    "frequency": ("ChargeFrequency",),
    "month": ("BillingPeriodStart",),
    "issuer": ("InvoiceIssuerName", "InvoiceIssuer"),
    "status": ("CommitmentDiscountStatus",),
    "pricing": ("PricingCategory",),
    "benefit": ("CommitmentDiscountId",),
    "benefit_type": ("CommitmentDiscountType",),
    "held_name": ("CommitmentDiscountName",),
    "term": ("x_SkuTerm",),
    "publisher_type": ("x_PublisherCategory",),
    "invoice": ("InvoiceId", "x_InvoiceId"),
    "info": ("x_SkuDetails", "SkuPriceDetails"),
    "tags": ("Tags",),
}
AGREEMENTS: Mapping[str, frozenset[str]] = {
    "cost details (customer agreement)": frozenset(
        {"costinusd", "costinpricingcurrency", "exchangeratepricingtobilling", "previousinvoiceid"}
    ),
    "cost details (enterprise agreement)": frozenset(
        {"costinbillingcurrency", "invoicesection", "invoicesectionname", "invoicesectionid"}
        | {"departmentname", "costallocationrulename"}
    ),
}
"""Columns that an agreement has and those below it have not, squashed; any of them tells it."""
PAYG = "cost details (pay-as-you-go)"
SPELLINGS: Mapping[Family, Mapping[str, tuple[str, ...]]] = {"cost": COST, "focus": FOCUS}
NAMES = {"cost": "an Azure cost export", "focus": "an Azure FOCUS export"}


@dataclass(frozen=True, slots=True)
class Format:
    """One export as it lies before us.

    Attributes:
        name: what a reader knows it as.
        family: Azure's own cost details, or FOCUS.
        kind: which columns it can be expected to have.
        columns: fact → column name in the table; facts the export lacks are absent.
        poorer: what cannot be seen because a column is not there; empty: nothing.
    """

    name: str
    family: Family
    kind: Kind
    columns: Mapping[str, str]
    poorer: str = ""


def squash(name: str) -> str:
    """A column name for comparing: the English one, without case, BOM and punctuation."""
    english = re.search(r"\(([A-Za-z0-9_ ]+)\)\s*$", name)
    return re.sub(r"[^a-z0-9]", "", (english[1] if english else name).lower())


def detect(columns: Iterable[str]) -> Format:
    """The format of a table with these columns.

    Raises:
        DataError: no format fits; names the nearest one and what it lacks.
    """
    names = list(columns)
    known = {squash(name): name for name in reversed(names)}
    named = {"billedcost", "effectivecost", "chargeperiodstart", "chargecategory"} & known.keys()
    family: Family = "focus" if len(named) > 1 else "cost"
    wanted = SPELLINGS[family]
    found = {
        fact: next(known[squash(name)] for name in spellings if squash(name) in known)
        for fact, spellings in wanted.items()
        if any(squash(name) in known for name in spellings)
    }
    kind: Kind = "focus" if family == "focus" else kind_of(found, known)
    missing = [wanted[fact][0] for fact in required(kind, found)]
    if missing:
        near = difflib.get_close_matches(squash(missing[0]), list(known), n=1)
        also = f" (nearest: `{known[near[0]]}`)" if near else ""
        raise DataError(
            f"the bill looks like {NAMES[family]} but lacks"
            f" {', '.join(f'`{name}`' for name in missing)}{also}",
            hint="export actual, amortised or FOCUS cost with all columns",
        )
    less = [f"no {wanted[fact][0]} ({why})" for fact, why in poorer(kind, found, wanted)]
    told = f"the export has {'; '.join(less)}" if less else ""
    return Format(_name(family, known), family, kind, found, told)


def canonical(family: Family, fact: str) -> str:
    """The column name that a fact has where files of several layouts are united."""
    return SPELLINGS[family][fact][0]


def united(forms: Sequence[Format]) -> Format:
    """The format of files of several layouts, whose columns have the canonical names.

    The agreement whose bill is final last is the name of all.
    """
    first = forms[0]
    facts = {fact for form in forms for fact in form.columns}
    return Format(
        next((form.name for form in forms if form.name == PAYG), first.name),
        first.family,
        next((form.kind for form in forms if form.kind == "usage"), first.kind),
        {fact: canonical(first.family, fact) for fact in SPELLINGS[first.family] if fact in facts},
        "; ".join(dict.fromkeys(form.poorer for form in forms if form.poorer)),
    )


def _name(family: Family, known: Mapping[str, str]) -> str:
    if family == "focus":
        return "FOCUS"
    return next((name for name, signs in AGREEMENTS.items() if signs & known.keys()), PAYG)
