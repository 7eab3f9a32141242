"""Which export a table is, told by its columns; and where each fact of a line is in it.

Enterprise, customer and pay-as-you-go agreements spell the same facts differently, portals
translate headers (`Kategorie der Verbrauchseinheit (MeterCategory)`), and versions change case.
Names are compared without case and punctuation, by the English name in parentheses if there is.
Source: Microsoft Learn, "Understand cost details fields"; FOCUS columns of Azure's export.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from burn.api import DataError

Family = Literal["cost", "focus"]

COST: Mapping[str, tuple[str, ...]] = {
    "date": ("date", "usagedatetime", "usagedate"),
    "month": ("billingperiodstartdate",),
    "service_start": ("serviceperiodstartdate",),
    "service_end": ("serviceperiodenddate",),
    "account": ("subscriptionid", "subscriptionguid"),
    "resource_id": ("resourceid", "instanceid", "instancename"),
    "resource_name": ("resourcename",),
    "region": ("resourcelocation", "location"),
    "category": ("metercategory",),
    "subcategory": ("metersubcategory",),
    "meter": ("metername",),
    "consumed_service": ("consumedservice",),
    "family": ("servicefamily",),
    "product": ("productname", "product"),
    "quantity": ("quantity", "usagequantity", "consumedquantity"),
    "unit": ("unitofmeasure",),
    "cost": ("costinbillingcurrency", "pretaxcost", "cost"),
    "currency": ("billingcurrency", "billingcurrencycode", "currency"),
    "effective_price": ("effectiveprice", "resourcerate"),
    "unit_price": ("unitprice",),
    "payg_price": ("paygprice",),
    "payg_cost": ("paygcostinbillingcurrency",),
    "exchange_rate": ("exchangeratepricingtobilling",),
    "charge": ("chargetype",),
    "pricing": ("pricingmodel",),
    "frequency": ("frequency",),
    "reservation": ("reservationid",),
    "benefit": ("benefitid",),
    "publisher_type": ("publishertype",),
    "invoice": ("invoiceid", "invoiceno"),
    "info": ("additionalinfo",),
    "tags": ("tags",),
}
FOCUS: Mapping[str, tuple[str, ...]] = {
    "date": ("chargeperiodstart",),
    "end": ("chargeperiodend",),
    "month": ("billingperiodstart",),
    "account": ("subaccountid",),
    "resource_id": ("resourceid",),
    "resource_name": ("resourcename",),
    "region": ("regionid",),
    "category": ("xskumetercategory",),
    "subcategory": ("xskumetersubcategory",),
    "meter": ("xskumetername", "skumeter"),
    "service": ("servicename",),
    "product": ("chargedescription",),
    "quantity": ("consumedquantity", "xusagequantity", "usagequantity", "pricingquantity"),
    "unit": ("xpricingunitdescription", "pricingunit"),
    "cost": ("billedcost",),
    "effective": ("effectivecost",),
    "list": ("listcost",),
    "contracted": ("contractedcost",),
    "currency": ("billingcurrency",),
    "charge": ("chargecategory",),
    "charge_class": ("chargeclass",),
    "charge_kind": ("chargesubcategory",),
    "status": ("commitmentdiscountstatus",),
    "pricing": ("pricingcategory",),
    "benefit": ("commitmentdiscountid",),
    "benefit_type": ("commitmentdiscounttype",),
    "publisher_type": ("xpublishercategory",),
    "invoice": ("xinvoiceid", "invoiceid"),
    "info": ("xskudetails",),
    "tags": ("tags",),
}
REQUIRED: Mapping[Family, tuple[str, ...]] = {
    "cost": ("date", "account", "resource_id", "category", "cost"),
    "focus": ("date", "end", "account", "resource_id", "cost", "effective", "charge", "currency"),
}
NAMES = {"cost": "an Azure cost export", "focus": "an Azure FOCUS export"}


@dataclass(frozen=True, slots=True)
class Format:
    """One export as it lies before us.

    Attributes:
        name: what a reader knows it as.
        family: Azure's own cost details, or FOCUS.
        columns: fact → column name in the table; facts the export lacks are absent.
    """

    name: str
    family: Family
    columns: Mapping[str, str]


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
    family: Family = "focus" if {"billedcost", "effectivecost"} <= known.keys() else "cost"
    wanted = FOCUS if family == "focus" else COST
    found = {
        fact: next(known[name] for name in spellings if name in known)
        for fact, spellings in wanted.items()
        if any(name in known for name in spellings)
    }
    missing = [wanted[fact][0] for fact in REQUIRED[family] if fact not in found]
    if missing:
        near = difflib.get_close_matches(missing[0], list(known), n=1)
        also = f" (nearest: `{known[near[0]]}`)" if near else ""
        raise DataError(
            f"the bill looks like {NAMES[family]} but lacks"
            f" {', '.join(f'`{name}`' for name in missing)}{also}",
            hint="export actual, amortised or FOCUS cost with all columns",
        )
    return Format(_name(family, known), family, found)


def _name(family: Family, known: Mapping[str, str]) -> str:
    if family == "focus":
        return "FOCUS"
    if "costinusd" in known or "costinpricingcurrency" in known:
        return "cost details (customer agreement)"
    if "costinbillingcurrency" in known or "invoicesectionname" in known:
        return "cost details (enterprise agreement)"
    return "cost details (pay-as-you-go)"
