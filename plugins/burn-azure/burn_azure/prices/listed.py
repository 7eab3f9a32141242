"""What the Retail Prices API asks for a VM size as spot, and under reservations and savings plans.

A reservation's price is of its whole term, a savings plan's of an hour; either may be paid by the month for the
same. A reservation covers the sizes of its series in its region, a savings plan any compute.
Source: Microsoft Learn, "Azure Retail Prices REST API overview"; "Virtual machine size flexibility".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from burn.api import Listed, ListedRequest, SoldMachine, schemas
from burn_azure.client.retail import is_plain, rate_of

if TYPE_CHECKING:
    from burn_azure.client.retail import RetailPrices

YEAR = 8760
"""Hours over which a year's price is spread."""
_TERM = re.compile(r"(\d+) Years?")


def listed(retail: RetailPrices, request: ListedRequest) -> Listed:
    """A row a machine and way to buy it; none for a size that the list does not have.

    Raises:
        AccessError: the API is out of reach.
        DataError: its answer is no price list.
    """
    import pandas as pd

    source = f"Azure retail prices, {request.day:%Y-%m-%d}"
    rows = [
        one._asdict() | way | {"source": source}
        for one in request.machines
        for way in _ways(retail, one)
    ]
    frame = pd.DataFrame(rows, columns=schemas.LISTED.names)
    return Listed(rows=schemas.LISTED.validate(frame, author="burn-azure"))


def _ways(retail: RetailPrices, one: SoldMachine) -> Iterator[dict[str, Any]]:
    usual = retail.of_machine(one.machine, one.region, "Consumption")
    plain = [item for item in usual if is_plain(item, windows=False) and rate_of(item) > 0]
    if not plain:
        return
    # The API lists a meter again from the day of a new price on: the dearest is the careful one.
    dearest = max(plain, key=rate_of)
    base = {"upfront": "", "months": float("nan"), "on_demand": rate_of(dearest)}
    spot = [rate_of(item) for item in usual if _is_spot(item)]
    if any(spot):
        yield base | {"covers": "spot", "rate": max(spot)}
    prices: dict[tuple[str, float], float] = {}
    for plan in dearest.get("savingsPlan") or ():
        if years := _years(plan.get("term")):
            prices["any", 12.0 * years] = rate_of(plan)
    for item in retail.of_machine(one.machine, one.region, "Reservation"):
        years = _years(item.get("reservationTerm"))
        if years and is_plain(item, windows=False, hourly=False):
            key = ("family", 12.0 * years)
            prices[key] = max(prices.get(key, 0.0), rate_of(item) / (years * YEAR))
    for (covers, months), rate in prices.items():
        if rate > 0:
            yield base | {"covers": covers, "months": months, "upfront": "none", "rate": rate}


def _years(term: object) -> int:
    found = _TERM.fullmatch(str(term))
    return int(found[1]) if found else 0


def _is_spot(item: dict[str, Any]) -> bool:
    name = f"{item.get('skuName')} {item.get('meterName')}"
    usual = item | {"skuName": "", "meterName": ""}
    return "Spot" in name and is_plain(usual, windows=False)
