"""What AWS asks for an instance type as spot, reserved and under Compute Savings Plans.

A reservation is Standard and regional. In a region it covers all sizes of its family, but of those with
accelerators it covers its own type. Source: EC2 User Guide, "How Reserved Instances are applied"; Price List, Savings
Plans and EC2 API references.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from burn.api import AccessError, Listed, ListedRequest, SoldMachine, schemas
from burn_aws.client.ec2 import spot_prices
from burn_aws.client.pricing import PriceList, Product, on_demand
from burn_aws.client.savings_plans import PlanRate, plan_rates
from burn_aws.client.session import AwsSession

YEAR = 8760
"""Hours over which what is paid upfront is spread, for each year of a term."""
SPOT = "USD"
"""Spot prices have no other currency."""
_ONE_SIZE = re.compile(r"(?:g|gr|p|inf|trn|dl|vt|f|hpc|u)\d*[a-z]*[-.\d]")
"""Families whose reservations may be of one size: those with accelerators, and a few more to be careful."""
_LENGTH = re.compile(r"(\d+) ?yr")
_UPFRONT = {"No Upfront": "none", "Partial Upfront": "partial", "All Upfront": "all"}


def listed(session: AwsSession, request: ListedRequest) -> Listed:
    """A row an instance type and way to buy it; none of a type that has no one price on demand.

    Raises:
        AccessError: the price list may not be asked. That plans or spot may not is in the notes.
    """
    import pandas as pd

    prices, rows, notes = PriceList(session), list[dict[str, Any]](), list[str]()
    usual = dict[SoldMachine, float]()
    for one in request.machines:
        products = prices.products(Product("ec2", one.machine, one.region, "linux"))
        rates = {rate for product in products for rate in on_demand(product)}
        rate, currency = rates.pop() if len(rates) == 1 else (0.0, "")
        if rate and currency == request.currency:
            usual[one] = rate
            rows += [_row(one, rate, "AWS price list", way) for way in _reserved(products, one)]
    for region in dict.fromkeys(one.region for one in usual):
        types = [one.machine for one in usual if one.region == region]
        plans, spot = list[PlanRate](), dict[str, float]()
        with _noting(notes):
            plans = list(plan_rates(session, region, types))
        with _noting(notes):
            spot = spot_prices(session, region, types) if request.currency == SPOT else {}
        for one, rate in usual.items():
            if one.region != region:
                continue
            for way in _planned(plans, one, request.currency):
                rows.append(_row(one, rate, "AWS Savings Plans rates", way))
            if price := spot.get(one.machine, 0.0):
                rows.append(_row(one, rate, "AWS spot prices", {"covers": "spot", "rate": price}))
    frame = pd.DataFrame(rows, columns=schemas.LISTED.names)
    frame["source"] += f", {request.day:%Y-%m-%d}"
    return Listed(rows=schemas.LISTED.validate(frame, author="burn-aws"), notes=notes)


def _row(one: SoldMachine, usual: float, source: str, way: dict[str, Any]) -> dict[str, Any]:
    blank = {"months": float("nan"), "upfront": "", "on_demand": usual, "source": source}
    return one._asdict() | blank | way


@contextmanager
def _noting(notes: list[str]) -> Iterator[None]:
    """What may not be asked is a note, once, and no error."""
    try:
        yield
    except AccessError as error:
        note = f"What AWS asks for commitments and spot is known in part: {error.message}"
        if note not in notes:
            notes.append(note)


def _reserved(products: list[dict[str, Any]], one: SoldMachine) -> Iterator[dict[str, Any]]:
    """Of each term and payment the dearest, where several products have it."""
    covers = "type" if _ONE_SIZE.match(one.machine) else "family"
    found: dict[tuple[float, str], float] = {}
    for product in products:
        for term in product.get("terms", {}).get("Reserved", {}).values():
            about = term["termAttributes"]
            length = _LENGTH.fullmatch(str(about.get("LeaseContractLength")))
            upfront = _UPFRONT.get(str(about.get("PurchaseOption")))
            if not length or not upfront or about.get("OfferingClass") != "standard":
                continue
            hours = int(length[1]) * YEAR
            rate = 0.0
            for part in term["priceDimensions"].values():
                amount = max(float(amount) for amount in part["pricePerUnit"].values())
                rate += amount / hours if part["unit"] == "Quantity" else amount
            key = (12.0 * int(length[1]), upfront)
            found[key] = max(rate, found.get(key, 0.0))
    for (months, upfront), rate in found.items():
        if rate > 0:
            yield {"covers": covers, "months": months, "upfront": upfront, "rate": rate}


def _planned(plans: list[PlanRate], one: SoldMachine, currency: str) -> Iterator[dict[str, Any]]:
    found: dict[tuple[float, str], float] = {}
    for plan in plans:
        upfront = _UPFRONT.get(plan.payment)
        if plan.machine == one.machine and plan.currency == currency and upfront:
            key = (12.0 * plan.years, upfront)
            found[key] = max(plan.rate, found.get(key, 0.0))
    for (months, upfront), rate in found.items():
        if rate > 0:
            yield {"covers": "any", "months": months, "upfront": upfront, "rate": rate}
